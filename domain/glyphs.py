"""What a character of a name is folded to: one shape a character, one wildcard where unreadable."""

import unicodedata
from functools import cache
from typing import Final

from domain.characters import GB18030_2022

WILDCARD: Final = "?"
DOT: Final = "·"

# Forms of one character that OpenCC keeps apart: left the form met in documents, right the
# standard one. Different characters with one sound (付/傅, 喆/哲) do not belong here.
_VARIANTS: Final = (
    "髙高 姸妍 囯国 圀国 囶国 囗国 氷冰 凃涂 尅克 籐藤 翺翱 呉吴 戸户 淸清 靑青 眞真 "
    "徳德 惪德 㤫德 亁乾 乹乾 晧皓 皜皓 暠皓 敍叙 衞卫 爲为 鎭镇 顔颜 緑绿 郷乡 珎珍 "
    "珤宝 寳宝 栢柏 烱炯 祕秘 硏研 竝并 絶绝 繍绣 脩修 荘庄 蘓苏 甦苏 豊丰 逹达 鉄铁 "
    "鋭锐 録录 閲阅 頴颖 頽颓 飜翻 鶏鸡 黒黑 齢龄 恵惠 広广 沢泽 浜滨 桜樱 栄荣 斉齐 "
    "斎斋 渓溪 満满 焔焰 穂穗 竜龙 粋粹 経经 総总 縁缘 聡聪 艶艳 蔵藏 証证 銭钱 関关 "
    "顕显 験验 髪发 甯宁 寕宁 寗宁 彊强 㐂喜 囍喜 锺钟 眀明 朙明 芲花 芔卉 埜野 壄野 "
    "喦岩 嵒岩 巗岩 邨村 畧略 畆亩 畝亩 菴庵 萠萌 蕚萼 襃褒 覩睹 譌讹 谿溪 豔艳 賔宾 "
    "賍赃 躭耽 輭软 迺乃 廼乃 逈迥 遯遁 隣邻 隷隶 雋隽 韮韭 餧喂 餻糕 駞驼 騐验 髩鬓 "
    "鬪斗 鵰雕 鹻碱 麐麟 黙默 鼇鳌 桺柳 栁柳 槑梅 楳梅 櫈凳 歛敛 歬前 毘毗 汎泛 汚污 "
    "泝溯 洩泄 浄净 涼凉 淛浙 渕渊 渁渊 溁濚 濬浚 瀞净 灋法 炤照 煕熙 熈熙 煖暖 燄焰 "
    "燿耀 牀床 猨猿 獘毙 琍璃 璢琉 瑠琉 甞尝 畄留 畱留 疎疏 癡痴 皁皂 盃杯 盇盍 眘慎 "
    "睠眷 叡睿 砲炮 稉粳 稟禀 穉稚 穌稣 窓窗 竢俟 笋笋 筍笋 箇个 箒帚 篤笃 糉粽 綫线 "
    "緐繁 缾瓶 罸罚 羣群 羢绒 聦聪 聮联 脗吻 腎肾 臯皋 皐皋 苐第 荅答 莭节 菓果 葢盖 "
    "蒓莼 蓡参 蔆菱 藁稿 藴蕴 虯虬 蜨蝶 衇脉 裠裙 覈核 訢欣 詠咏 誌志 諠喧 讃赞 賛赞 "
    "跡迹 踁胫 遊游 醻酬 鋒锋 鍊炼 鎔熔 鐡铁 陞升 昇升 隄堤 隂阴 陽阳 霛灵 霊灵 靁雷 "
    "靈灵 靜静 韻韵 頟额 髣仿 魯鲁 鴈雁 鷄鸡 龢和 龝秋 秌秋 穐秋 煢茕"
)

# Simplified forms of radicals as some documents and fonts copy them (U+2E80 block).
_RADICALS: Final = (
    "⺟母 ⺠民 ⺩王 ⻄西 ⻅见 ⻉贝 ⻋车 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 "
    "⻛风 ⻜飞 ⻝食 ⻢马 ⻤鬼 ⻥鱼 ⻦鸟 ⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙"
)
# A traditional form that is also a character of its own, left alone in names (李乾 is not 李干).
_KEPT: Final = frozenset("乾")

_DOTS: Final = "·•‧∙⋅・･.．。｡﹒⸱᛫●"  # 。 and ● stand for the middle dot in some extracts
_UNREADABLE: Final = "?？*＊□■▢▣◻◼☐○◯◇◆▇█�×〓_＿"  # 〓 is the geta mark of a missing glyph
_DROPPED: Final = "'\"`´‘’“”;:!~|^-‐‑‒–—―"
_TONES: Final = {
    "a": "āáǎàăâ",
    "e": "ēéěèêĕ",
    "i": "īíǐìîĭ",
    "o": "ōóǒòôŏ",
    "u": "ūúǔùûŭ",
    "v": "üǖǘǚǜ",
    "n": "ńňǹ",
    "m": "ḿ",
}
# Letters that no accent makes of a plain one: Vietnamese, Turkish, Nordic and Polish names.
_LETTERS: Final = {
    "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip
_IDEOGRAPHS: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))
_PRIVATE_USE: Final = ((0xE000, 0xF900), (0xF0000, 0xFFFFE), (0x100000, 0x10FFFE))


def is_private_use(character: str) -> bool:
    """Whether the code point is one that no standard assigns."""
    point = ord(character)
    return any(first <= point < last for first, last in _PRIVATE_USE)


class FoldTable(dict[int, str]):
    """A ``str.translate`` table that learns what it has not met: invisible, unreadable or kept."""

    def __missing__(self, point: int) -> str:
        """Fold a character of no table: nothing if invisible, a wildcard if unreadable."""
        character = chr(point)
        if is_private_use(character):
            folded = WILDCARD
        elif character.isspace() or not character.isprintable() or 0xFE00 <= point <= 0xFE0F:
            folded = ""
        elif 0xE0100 <= point <= 0xE01EF or 0x0300 <= point <= 0x036F:
            folded = ""  # variation selectors, combining marks
        else:
            folded = _plain(character.lower())
        self[point] = folded
        return folded


def _plain(character: str) -> str:
    """A Latin letter without its marks (ễ, ş, ő); any other character as it is."""
    bare = unicodedata.normalize("NFKD", character)[:1]
    if "a" <= bare <= "z":
        return bare
    return _LETTERS.get(character, character)


@cache
def fold_table() -> FoldTable:
    """The table that folds one character of an NFKC text to its standard form."""
    table = FoldTable({ord(point): given for point, given in GB18030_2022.items()})
    table.update(_simplified())
    for pair in (_VARIANTS + " " + _RADICALS).split():
        table[ord(pair[0])] = table.get(ord(pair[1]), pair[1])
    table.update(dict.fromkeys(map(ord, _DOTS), DOT))
    table.update(dict.fromkeys(map(ord, _UNREADABLE), WILDCARD))
    table.update(dict.fromkeys(map(ord, _DROPPED), ""))
    for plain, toned in _TONES.items():
        table.update(dict.fromkeys(map(ord, toned + toned.upper()), plain))
    for point, folded in list(table.items()):
        table[point] = folded.translate(table)  # a form may lead to another: 㕘 參 参
    return table


def _simplified() -> dict[int, str]:
    """OpenCC's simplified form of every ideograph that has one, character by character.

    Taken one by one so that a character folds alike wherever it stands (OpenCC keeps 魏徵 as a
    phrase and turns 徵 alone into 征).
    """
    from opencc import OpenCC  # slow to load

    characters = [chr(p) for first, last in _IDEOGRAPHS for p in range(first, last)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(before): after
        for before, after in zip(characters, converted, strict=True)
        if before != after and before not in _KEPT
    }
