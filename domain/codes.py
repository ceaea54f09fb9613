"""Codes of the exchange agreement that people type in and rules name.

The agreement's own lists, with what each code means, stand in the data dictionary; a test holds
these to them.
"""

from typing import Final, Literal, get_args

Scheme = Literal["11", "12", "21", "22", "23", "31", "32"]
"""救助类型"""
Relation = Literal["01", "10", "20", "30", "40", "50", "60", "70", "97", "99"]
"""与申请人关系"""
MemberKind = Literal["1", "2"]
"""成员类型: lives in the household, or is a legal supporter outside it."""
BenefitStatus = Literal["1", "2", "3"]
"""待遇状态"""

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)
MEMBER_KINDS: Final[tuple[MemberKind, ...]] = get_args(MemberKind)
BENEFIT_STATUSES: Final[tuple[BenefitStatus, ...]] = get_args(BenefitStatus)
