"""What an entry of the access log says was done, in the words of whoever reads it."""

from domain.wording import has_text, labelled, text


def act_said(action: str) -> str:
    """What was done, in words; what an export was of stands behind it as it is.

    An act nobody has words for (of another version of the program) is said as it was written: one
    entry must never keep the others from being read.
    """
    if action.startswith("refused:"):
        return labelled(text("web.act.refused"), act_said(action.partition(":")[2]))
    kind, _, of = action.partition(":")
    if kind in ("export", "export_unmasked", "release_delivery"):
        return labelled(text(f"web.act.{kind}"), of)
    key = f"web.act.{action.replace(':', '_')}"
    return text(key) if has_text(key) else action
