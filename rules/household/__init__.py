"""A few households taken out of a whole night, with all that the rules need to judge them alike."""

from rules.household.asked import (
    APPLICATION,
    CASE,
    PERSONS,
    TYPED_LINK,
    TYPED_MEMBER,
    TYPED_PERSON,
    TYPED_SUBJECT,
    Household,
    TypedPeople,
)
from rules.household.cut import cut_out
from rules.household.ways_back import keep_ways_back

__all__ = [
    "APPLICATION",
    "CASE",
    "PERSONS",
    "TYPED_LINK",
    "TYPED_MEMBER",
    "TYPED_PERSON",
    "TYPED_SUBJECT",
    "Household",
    "TypedPeople",
    "cut_out",
    "keep_ways_back",
]
