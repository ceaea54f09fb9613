"""Surnames, given names by generation and sex, minority names, and how often each is met.

A name is three parts put together: a surname, a first and a second part of the given name. Names
of people with a middle dot have no surname here; their second part begins with the dot.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from simulation.columns import coded, joined
from simulation.timeline import Floats, Ints


def _words(text: str) -> list[str]:
    return text.split()


_COMMON: Final = (
    "王7.1 李7.0 张6.7 刘5.1 陈4.6 杨3.1 黄2.4 赵2.1 吴2.0 周2.0 徐1.6 孙1.5 马1.3 朱1.25 胡1.2 "
    "郭1.15 何1.1 林1.1 高1.0 罗0.95 郑0.9 梁0.85 谢0.8 宋0.75 唐0.72 许0.7 邓0.66 韩0.65 冯0.64 "
    "曹0.63 彭0.6 曾0.58 肖0.57 田0.55 董0.54 潘0.52 袁0.51 蔡0.5 蒋0.49 余0.48 于0.47 杜0.46 "
    "叶0.45 程0.44 魏0.43 苏0.42 吕0.41 丁0.4 任0.39 卢0.38 姚0.37 沈0.36 钟0.35 姜0.34 崔0.33 "
    "谭0.32 陆0.31 范0.3 汪0.29 廖0.29 石0.28 金0.27 韦0.27 贾0.26 夏0.26 付0.25 方0.25 邹0.24 "
    "熊0.24 白0.23 孟0.23 秦0.22 邱0.22 侯0.21 江0.21 尹0.2 薛0.2 闫0.19 段0.19 雷0.18 龙0.18 "
    "黎0.17 史0.17 陶0.16 贺0.16 毛0.15 郝0.15 顾0.15 龚0.14 邵0.14 万0.14 覃0.13 武0.13 钱0.13 "
    "戴0.12 严0.12 莫0.12 孔0.11 向0.11 常0.11 汤0.1 康0.1 易0.1 乔0.1 赖0.09 文0.09 庞0.09"
)
_SCARCE: Final = (
    "樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦向柳邢岳齐梅莘庄辛管祝左涂谷祁时耿牟卜路詹关"
    "苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丛华车冉房边"
    "沙尚冷蒙窦佟仇晏宫褚娄刁戚麦晋巫蔺虞佘池苟邬仝苑卞党储雍米蒲宗幸卓皮楚匡井滕荆乐商应麻迟敖"
    "訾逯郗郤禹闻舒盖糜夔鞠昝逄亓缑芮厍仉"
)
_COMPOUND: Final = (
    "欧阳",
    "司马",
    "诸葛",
    "上官",
    "司徒",
    "夏侯",
    "皇甫",
    "尉迟",
    "令狐",
    "慕容",
    "东方",
    "端木",
)

# The generations meet at birth years 1960, 1980 and 2000; most frequent first.
_GENERATIONS: Final = (1960, 1980, 2000)
_MALE_FIRST: Final = (
    "国德玉文金建世永明正长福志春广学云光树家兴贵宝成万庆开士振茂凤少洪有仁元景清义廷维",
    "建国志文永明小海玉俊红新晓卫立春学光金庆振东伟忠少大向宏卫军世福利云跃爱保兴长天宗继",
    "志小晓文建海伟俊家明永子国少世立金玉嘉振新天一龙云庆佳思德宏浩春光学洪泽成正远继锦",
    "子浩宇梓俊嘉天一文博家泽思皓奕昊明志佳睿雨辰承晨瑞铭沐景凯启俊语亦乐柏恩书星煜正",
)
_MALE_SECOND: Final = (
    "才生林财发福贵华明祥德荣清山海昌田根友良堂义全元龙江兴成仁春祖云银忠庆富文章顺和",
    "国军平华明林生强伟民峰东海荣辉成文武刚勇斌亮祥龙宝山涛忠胜利江良飞波富新杰喜全超",
    "伟强军明辉峰涛杰鹏飞龙波勇亮华刚林斌超磊东平宇健浩凯海文成江洋兵新俊毅锋旭阳光",
    "轩涵宇豪杰睿泽然博浩文辰阳霖航瑞翔晨铭昊熙洋宸哲诚鑫恒源逸旭辉远霆佑乐安彬凡帆",
)
_FEMALE_FIRST: Final = (
    "秀桂玉淑凤兰金素美春月翠爱英香莲彩文惠菊雪慧佩瑞巧富喜庆银芝贤冬腊连荣友世贞清志先",
    "秀玉桂丽红春淑美爱小晓凤金海艳素雪云慧翠文建月彩英惠志永亚燕国立兰芳新卫香瑞明凌俊",
    "丽小晓海艳红雪玉春美文婷慧燕佳金思秀志云亚静彩凤梦雅莉俊娜月嘉永瑞晶洪淑素爱建子",
    "子梓欣雨思佳诗怡可语梦嘉一雅紫若馨心静宇沐婉依奕悦芷晨艺涵瑾书安钰清亦苡筱乐星芮",
)
_FEMALE_SECOND: Final = (
    "英兰珍芳华香梅荣莲云花清凤娥琴玲芝菊美秀仙真连芬贞平群娣容翠芹素英先妹枝姣巧月",
    "英华梅兰芳玲萍红霞珍香琴荣云凤娟丽平莲燕敏艳芬花清娥美秀群琼芝菊英春利侠蓉霞珠",
    "丽燕霞娟玲红梅芳艳敏静娜萍婷莉华英琴平云倩洁玉琳雪丹凤蓉颖辉香利清佳慧宁媛霖",
    "涵怡欣萱彤妍琪瑶雨萌婷蕾晴悦妮诺雯宁婕柔玥然馨溪菲熙月琳霏瑄桐颖冉乐朵汐甜依瑜",
)
_MALE_SINGLE: Final = "伟强勇军磊涛杰超明刚鹏辉波斌飞平峰浩凯健俊亮鑫宇龙洋林华帅旭毅康宁成建海"
_FEMALE_SINGLE: Final = "芳娜敏静丽艳娟霞燕玲婷丹倩雪颖洁梅莉琳萍红慧晶蕾英欣玉娇璐莹佳萌媛琴薇兰"
_RARE: Final = "𠮷㐂囧昱喆䶮堃犇淼燚頔翀彧璟祎赟翾懿灏曌烜旻昶晟珺煊骉皛㛃㬎𬭎𫖯𬱖"
_SINGLE_SHARE: Final = (0.12, 0.28, 0.40, 0.13)

_DOTTED_MALE: Final = _words(
    "买买提 艾力 阿不都拉 吐尔逊 艾合买提 玉素甫 库尔班 麦麦提 亚森 依布拉音 "
    "阿卜杜热合曼 木拉提 努尔兰 哈力克 巴合提 塞力克 叶尔肯 达吾提 肉孜 "
    "热合木 阿迪力 地里夏提 艾尔肯 帕尔哈提"
)
_DOTTED_FEMALE: Final = _words(
    "阿依古丽 热依汗 古丽努尔 帕提古丽 阿孜古丽 米热古丽 祖丽胡玛尔 再乃甫 "
    "努尔古丽 茹仙古丽 玛丽亚木 阿米娜 哈丽旦 萨吾列 古丽巴哈尔 迪丽努尔 "
    "吐尔逊古丽 麦合木提古丽"
)


@dataclass(frozen=True)
class NameParts:
    """Of each person the places of the three parts in the tables below."""

    surname: Ints
    first: Ints
    second: Ints


def _surnames() -> tuple[list[str], Floats]:
    pairs = [(item[0], float(item[1:])) for item in _COMMON.split()]
    known = {name for name, _ in pairs}
    scarce = [name for name in dict.fromkeys(_SCARCE) if name not in known]
    pairs += [(name, 0.09 * 0.985**place) for place, name in enumerate(scarce)]
    pairs += [(name, 0.05 * 0.8**place) for place, name in enumerate(_COMPOUND)]
    weights = np.array([weight for _, weight in pairs])
    return [name for name, _ in pairs], weights / weights.sum()


def _places(texts: list[str]) -> tuple[list[str], list[Ints]]:
    """The distinct characters over several pools, and each pool as places among them."""
    every = list(dict.fromkeys("".join(texts)))
    place = {character: number for number, character in enumerate(every)}
    return every, [np.array([place[c] for c in dict.fromkeys(text)], np.int64) for text in texts]


SURNAMES, _SURNAME_WEIGHTS = _surnames()
_CHARACTERS, _POOLS = _places(
    [*_MALE_FIRST, *_FEMALE_FIRST, *_MALE_SECOND, *_FEMALE_SECOND, _MALE_SINGLE, _FEMALE_SINGLE]
)
_FIRST_POOLS = {1: _POOLS[0:4], 2: _POOLS[4:8]}
_SECOND_POOLS = {1: _POOLS[8:12], 2: _POOLS[12:16]}
_SINGLE_POOLS = {1: _POOLS[16], 2: _POOLS[17]}

NO_SURNAME: Final = len(SURNAMES)
_DOTTED: Final = _DOTTED_MALE + _DOTTED_FEMALE
FIRST_DOTTED: Final = len(_CHARACTERS)
NO_SECOND: Final = len(_CHARACTERS)
_FIRST_RARE: Final = NO_SECOND + 1
_SECOND_DOTTED: Final = _FIRST_RARE + len(_RARE)

SURNAME_TEXTS: Final = pa.array([*SURNAMES, ""])
FIRST_TEXTS: Final = pa.array([*_CHARACTERS, *_DOTTED])
SECOND_TEXTS: Final = pa.array([*_CHARACTERS, "", *_RARE, *("·" + name for name in _DOTTED_MALE)])


def write(parts: NameParts) -> pa.Array:
    """The names as text, the middle dot as U+00B7."""
    return joined(
        coded(SURNAME_TEXTS, parts.surname),
        coded(FIRST_TEXTS, parts.first),
        coded(SECOND_TEXTS, parts.second),
    )


def draw_surnames(rng: np.random.Generator, count: int) -> Ints:
    """Surnames as often as they are met."""
    return rng.choice(len(SURNAMES), size=count, p=_SURNAME_WEIGHTS).astype(np.int64)


def draw_given(rng: np.random.Generator, birth_year: Ints, sex: Ints) -> tuple[Ints, Ints]:
    """First and second part of given names, by generation and sex; one in 250 has a rare one."""
    generation = np.searchsorted(np.array(_GENERATIONS), birth_year, side="right")
    first = np.zeros(len(sex), dtype=np.int64)
    second = np.full(len(sex), NO_SECOND, dtype=np.int64)
    for number in range(4):
        for one_sex in (1, 2):
            who = np.flatnonzero((generation == number) & (sex == one_sex))
            short = rng.random(len(who)) < _SINGLE_SHARE[number]
            first[who] = _pick(rng, _FIRST_POOLS[one_sex][number], len(who))
            first[who[short]] = _pick(rng, _SINGLE_POOLS[one_sex], int(short.sum()))
            long = who[~short]
            second[long] = _pick(rng, _SECOND_POOLS[one_sex][number], len(long))
    rare = rng.random(len(sex)) < 0.004
    second[rare] = _FIRST_RARE + rng.integers(0, len(_RARE), int(rare.sum()))
    return first, second


def draw_dotted(rng: np.random.Generator, sex: Ints) -> tuple[Ints, Ints]:
    """Given name and father's name of people whose names carry a middle dot."""
    own = np.where(
        sex == 1,
        rng.integers(0, len(_DOTTED_MALE), len(sex)),
        len(_DOTTED_MALE) + rng.integers(0, len(_DOTTED_FEMALE), len(sex)),
    )
    fathers = rng.integers(0, len(_DOTTED_MALE), len(sex))
    return FIRST_DOTTED + own, _SECOND_DOTTED + fathers


def _pick(rng: np.random.Generator, pool: Ints, count: int) -> Ints:
    """From a pool in order of frequency: the first ones far more often than the last."""
    weights = 1.0 / (np.arange(len(pool)) + 4.0)
    return pool[rng.choice(len(pool), size=count, p=weights / weights.sum())]
