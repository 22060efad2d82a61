"""Which operator fits which kind of field."""

from collections.abc import Mapping

from core.profiles.segments.rules import Op
from core.profiles.sources import Kind

PRESENCE = (Op.is_empty, Op.is_not_empty)
SAMENESS = (Op.equals, Op.not_equals, Op.is_one_of, Op.is_none_of)
SIZES = (Op.more_than, Op.at_least, Op.less_than, Op.at_most, Op.between)
PATTERNS = (Op.contains, Op.starts_with, Op.ends_with, Op.matches)
DAYS = (Op.on, Op.before, Op.after, Op.between, Op.in_last_days, Op.not_in_last_days)

FITTING: Mapping[Kind, tuple[Op, ...]] = {
    Kind.text: (*SAMENESS, *PATTERNS, *PRESENCE),
    Kind.number: (*SAMENESS, *SIZES, *PRESENCE),
    Kind.boolean: (Op.is_true, Op.is_false, *SAMENESS, *PRESENCE),
    Kind.date: (*DAYS, *SAMENESS, *PRESENCE),
    Kind.moment: (*DAYS, *SAMENESS, *PRESENCE),
    Kind.list: (Op.contains, *PRESENCE),
    Kind.bytes: PRESENCE,
    Kind.other: PRESENCE,
}


def operators(kind: Kind) -> tuple[Op, ...]:
    """The operators that fit a field of this kind, the usual ones first."""
    return FITTING[kind]
