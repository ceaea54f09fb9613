// What whoever reads with a screen reader, a keyboard or weak eyes would stumble over on this page:
// a list of faults in words, empty where there is none. Limits are those of WCAG 2.2, level AA.
() => {
  const faults = [];
  const channel = (value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = (said) => {
    const parts = said.match(/[\d.]+/g).map(Number);
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const own = colour(getComputedStyle(element).backgroundColor);
    if (own[3] === 1) return own;
    const below = ground(element.parentElement);
    return [0, 1, 2].map((i) => own[i] * own[3] + below[i] * (1 - own[3]));
  };
  const seen = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!element.offsetParent || !hasText) continue;
    const style = getComputedStyle(element);
    const [ink, paper] = [luminance(colour(style.color)), luminance(ground(element))];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const what = `${element.tagName}.${element.className} contrast ${contrast.toFixed(2)}`;
    if (contrast < (isLarge ? 3 : 4.5) && !seen.has(what)) faults.push(what);
    seen.add(what);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels?.length && !field.getAttribute("aria-label"))
      faults.push(`${field.name} without a label`);
  for (const head of document.querySelectorAll("th")) {
    if (!head.textContent.trim()) faults.push("a header cell without words");
    if (!head.getAttribute("scope")) faults.push(`header cell ${head.textContent.trim()} of nothing`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.tagName[1]));
  levels.forEach((level, i) => {
    if (level > (levels[i - 1] ?? 0) + 1) faults.push(`heading ${i + 1} skips a level`);
  });
  if (levels.filter((level) => level === 1).length !== 1) faults.push("not just one h1");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`id ${id} twice`);
  for (const act of document.querySelectorAll("a, button, summary"))
    if (!act.textContent.trim() && !act.getAttribute("aria-label")) faults.push("an act without a name");
  for (const target of document.querySelectorAll("a.button, button, summary, input:not([type=radio]), select")) {
    const { width, height } = target.getBoundingClientRect();
    if (width && height < 24) faults.push(`${target.textContent.trim() || target.name} is too small`);
  }
  if (!document.documentElement.lang) faults.push("no language");
  if (document.querySelectorAll("main").length !== 1) faults.push("not just one main");
  return faults;
}
