"""The operators, one a row: check, expression, words, form and JSON schema are made from it."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Self

import narwhals as nw

from core.profiles.segments import comparisons as compare
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.comparisons import Column, Values
from core.profiles.segments.shares import Share
from core.profiles.sources import Kind
from core.texts import _


class Shape(StrEnum):
    """What is compared with: so many values, and of what sort."""

    nothing = "nothing"
    one = "one"
    part = "part"  # one text, which may be blank, to be found within another
    pattern = "pattern"  # one regular expression
    several = "several"
    pair = "pair"  # low, high
    days = "days"  # a whole number of days
    share = "share"  # percent of the people, and a seed
    address_list = "address_list"  # the name of one

    def problem(self, op: str, value: object) -> str | None:
        """What is wrong with the value's shape, or None; `op` is the operator's name."""
        fits, text = _SHAPES.get(self, _SHAPES[Shape.one])
        return None if fits(value) else text.format(op=op)


_SHAPES: Mapping[Shape, tuple[Callable[[object], bool], str]] = {
    Shape.nothing: (lambda value: value is None, _("“{op}” takes no value")),
    Shape.one: (
        lambda value: value is not None and not isinstance(value, list | Share | AddressList),
        _("“{op}” needs one value"),
    ),
    Shape.several: (
        lambda value: isinstance(value, list) and bool(value),
        _("“{op}” needs a list of values"),
    ),
    Shape.pair: (
        lambda value: isinstance(value, list) and len(value) == 2,
        _("“{op}” needs two values, [low, high], both included"),
    ),
    Shape.days: (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        _("“{op}” needs a whole number of days"),
    ),
    Shape.share: (
        lambda value: isinstance(value, Share),
        _("“{op}” needs a share, as in {{percent: 10, seed: spring}}"),
    ),
    Shape.address_list: (
        lambda value: bool(value) and isinstance(value, str | AddressList),
        _("“{op}” needs the name of an address list"),
    ),
}

TEXT, NUMBER, FLAG = {Kind.text}, {Kind.number}, {Kind.boolean}
DAY = {Kind.date, Kind.moment}
SINGLE = TEXT | NUMBER | FLAG | DAY  # kinds of one value, which can equal another
NOT = True  # whether the comparison is denied


class Op(StrEnum):
    """How a field is compared; the names are those of the configuration file."""

    # Their order is that in which they are offered.
    is_true = "is_true", FLAG, Shape.nothing, _("is true"), compare.is_true
    is_false = "is_false", FLAG, Shape.nothing, _("is false"), compare.is_false
    on = "on", DAY, Shape.one, _("on"), compare.equals
    before = "before", DAY, Shape.one, _("before"), compare.before
    after = "after", DAY, Shape.one, _("after"), compare.after
    in_last_days = "in_last_days", DAY, Shape.days, _("in the last"), compare.in_last_days
    not_in_last_days = (
        "not_in_last_days", DAY, Shape.days, _("not in the last"), compare.in_last_days, NOT
    )  # fmt: skip
    equals = "equals", SINGLE, Shape.one, _("is"), compare.equals
    not_equals = "not_equals", SINGLE, Shape.one, _("is not"), compare.equals, NOT
    is_one_of = "is_one_of", SINGLE, Shape.several, _("is one of"), compare.is_one_of
    is_none_of = "is_none_of", SINGLE, Shape.several, _("is none of"), compare.is_one_of, NOT
    contains = "contains", TEXT | {Kind.list}, Shape.part, _("contains"), compare.contains
    starts_with = "starts_with", TEXT, Shape.part, _("starts with"), compare.starts_with
    ends_with = "ends_with", TEXT, Shape.part, _("ends with"), compare.ends_with
    matches = "matches", TEXT, Shape.pattern, _("matches pattern (regex)"), compare.matches
    more_than = "more_than", NUMBER, Shape.one, _("is more than"), compare.more_than
    at_least = "at_least", NUMBER, Shape.one, _("is at least"), compare.at_least
    less_than = "less_than", NUMBER, Shape.one, _("is less than"), compare.less_than
    at_most = "at_most", NUMBER, Shape.one, _("is at most"), compare.at_most
    between = "between", NUMBER | DAY, Shape.pair, _("is between"), compare.between
    in_list = "in_list", TEXT, Shape.address_list, _("is in address list"), compare.in_list
    in_share = "in_share", TEXT, Shape.share, _("is in a share of"), compare.in_share
    is_empty = "is_empty", set(Kind), Shape.nothing, _("is empty"), compare.filled, NOT
    is_not_empty = "is_not_empty", set(Kind), Shape.nothing, _("is not empty"), compare.filled

    kinds: Collection[Kind]  # of the fields it fits
    shape: Shape
    words: str  # between its field and its value
    compare: Callable[[Column, Values], nw.Expr]
    negative: bool  # whether the comparison is denied, which also finds what is empty

    def __new__(
        cls,
        name: str,
        kinds: Collection[Kind],
        shape: Shape,
        words: str,
        compare: Callable[[Column, Values], nw.Expr],
        negative: bool = False,
    ) -> Self:
        """An operator by its name, with the rest of its row."""
        op = str.__new__(cls, name)
        op._value_, op.kinds, op.shape, op.words = name, kinds, shape, words
        op.compare, op.negative = compare, negative
        return op

    def fits(self, kind: Kind) -> bool:
        """Whether it compares fields of this kind; one that holds nothing may become any."""
        return kind is Kind.nothing or kind in self.kinds


def operators(kind: Kind) -> tuple[Op, ...]:
    """The operators that fit a field of this kind, the usual ones first."""
    return tuple(op for op in Op if op.fits(kind))
