"""How the characters of a name are read: toneless pinyin, surnames as surnames are read."""

from functools import cache
from typing import Final

# Surnames of one character whose reading is not its first one.
_SURNAME_READINGS: Final = {
    "单": "shan", "仇": "qiu", "翟": "zhai", "解": "xie", "任": "ren",
    "曾": "zeng", "查": "zha", "区": "ou", "朴": "piao", "乐": "yue", "盖": "ge",
    "覃": "qin", "缪": "miao", "宁": "ning", "牟": "mou", "冼": "xian", "员": "yun",
    "贠": "yun", "华": "hua", "折": "she", "黑": "he", "秘": "bi",
    "种": "chong", "召": "shao", "晟": "cheng", "冯": "feng", "卜": "bu", "过": "guo",
    "哈": "ha", "郇": "xun", "繁": "po", "晁": "chao", "谌": "chen", "葛": "ge",
    "纪": "ji", "燕": "yan", "应": "ying", "缴": "jiao", "教": "jiao", "曲": "qu",
    "盛": "sheng", "石": "shi", "柏": "bai", "车": "che", "褚": "chu", "都": "du",
    "干": "gan", "洗": "xian", "么": "yao", "幺": "yao", "能": "nai", "祭": "zhai",
    "撒": "sa", "佴": "nai", "郗": "xi", "隗": "wei", "钭": "tou", "逄": "pang",
    "贾": "jia",
    "沈": "shen", "吕": "lv", "重": "chong", "尹": "yin", "瞿": "qu", "相": "xiang",
    "那": "na", "宓": "mi", "藏": "zang", "行": "xing", "於": "yu", "阚": "kan",
    "佘": "she", "粘": "nian", "六": "lu", "角": "jue",
}  # fmt: skip

_COMPOUND: Final = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 "
    "皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 "
    "子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 "
    "段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 "
    "左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 "
    "褚师 纳兰 归海 爱新 叶赫 完颜 耶律"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND.split())


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name of a folded Han name; a minority name splits at its first dot."""
    if "·" in name:
        first, _, rest = name.partition("·")
        return first, rest
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2], name[2:]
    return name[:1], name[1:]


@cache
def character_readings(character: str) -> tuple[str, ...]:
    """All toneless readings, the usual one first; empty for what is no known ideograph."""
    listed = _pinyin().get(ord(character[0]), "") if character else ""
    found = [_toneless(reading) for reading in listed.split(",") if reading]
    surname = _SURNAME_READINGS.get(character)
    if surname and surname not in found:
        found.append(surname)
    return tuple(dict.fromkeys(found))


@cache
def reading_set(character: str) -> frozenset[str]:
    """All toneless readings of one character."""
    return frozenset(character_readings(character))


@cache
def syllables() -> frozenset[str]:
    """All toneless syllables, ü as ``v`` and as ``u``; interjections without a vowel left out."""
    found = {_toneless(reading) for listed in _pinyin().values() for reading in listed.split(",")}
    voiced = {one for one in found if not {"a", "e", "i", "o", "u", "v"}.isdisjoint(one)}
    return frozenset(voiced | {one.replace("v", "u") for one in voiced})


def given_sound(given: str) -> str:
    """The usual readings joined; what cannot be read stays as it is."""
    return "".join((character_readings(c) or (c,))[0] for c in given)


_MARKS: Final = str.maketrans(
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿế", "aaaaeeeeiiiioooouuuuvvvvvnnnme", "\u0300\u0301\u0304\u030c"
)


def _toneless(reading: str) -> str:
    plain = reading.translate(_MARKS).replace("ê", "e")
    return plain.replace("lyu", "lv").replace("nyu", "nv")


@cache
def _pinyin() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict  # slow to load

    return dict(pinyin_dict)
