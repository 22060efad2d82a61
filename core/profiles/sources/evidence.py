"""What the cells of a text column show, and which types that proves.

Nearly all values have to agree: a stray cell among many is odd and left out, so that it doesn't
change the type of all others. What could be read in two ways is not guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.profiles.sources.column_types import (
    FRACTIONAL,
    HEAD,
    NUMERIC,
    ORDERS,
    SIGNS,
    SPACES,
    FormerColumn,
    Type,
)

REFUTED = 10  # a type is refuted when one in so many of the first cells is of another
ENOUGH = 20  # filled cells that are assumed at least, so that two odd ones refute nothing
# One odd cell in so many is tolerated: without a digit (“unknown”), among numbers with one (it may
# well be a code), and among dates or booleans.
TOLERATED_WORD, TOLERATED_CODE, TOLERATED_OTHER = 50, 1_000, 100

# What some numbers of a column may show. Clear is a decimal sign that can't part thousands.
MARKS: Mapping[str, str] = {
    "dots": r"\.",
    "commas": ",",
    "clear_dot": r"\.(?:\d{1,2}|\d{4,})(?:[eE]|$)|\.\d+[eE]|^-?0\.|\d{4,}\.|,.*\.",
    "clear_comma": r",(?:\d{1,2}|\d{4,})(?:[eE]|$)|,\d+[eE]|^-?0,|\d{4,},|\..*,",
    "spaced": rf"[{SPACES}]",
    "digits": r"\d",
    "short": r"^-?\d{1,3}$",
    "long": r"^-?\d{4,}$",
    "one_dot": rf"^{HEAD}\.\d{{3}}$",
    "one_comma": rf"^{HEAD},\d{{3}}$",
    "dot_then_0": rf"^{HEAD}\.\d\d0$",
    "comma_then_0": rf"^{HEAD},\d\d0$",
}
NAMES_OF_SIGNS = {".": "dot", ",": "comma"}  # in the names of marks


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the cells of a column show; numbers count cells."""

    rows: int = 0
    blank: int = 0
    null_words: int = 0
    filled: int = 0  # counted only where types were tried
    doubtful_letters: int = 0
    guarded: bool = False  # some cells have guards of spreadsheets
    fitting: Mapping[Type, int] = field(default_factory=dict)  # each type that was tried
    without_digits: int = 0
    codes: int = 0  # of digits, yet no number
    rounded: int = 0  # as spreadsheets show long numbers
    quantities: int = 0
    dotted_days: bool = False  # such as 31.12.2026
    marks: frozenset[str] = frozenset()  # of MARKS

    @property
    def filled_share(self) -> float:
        """Of the cells that aren't empty, 0 to 1."""
        return (self.rows - self.blank - self.null_words) / self.rows if self.rows else 0.0

    def refuted_types(self) -> frozenset[Type]:
        """The types that needn't be tried on more cells than these."""
        most = max(self.filled, ENOUGH) / REFUTED
        return frozenset(of for of, n in self.fitting.items() if self.filled - n > most)

    def settled_types(self, former: FormerColumn | None) -> frozenset[Type]:
        """The types that are worth trying on more cells; empty where that is still open."""
        if former and self.filled and not self.rounded and self._all_fit(former.of):
            return frozenset({former.of})
        whole_column = not self.rounded and any(map(self._all_fit, self.fitting))
        exact = self.proven_types() if whole_column else frozenset()
        if Type.whole in exact:
            return frozenset({Type.whole})
        clear = [SIGNS[sign] for sign in SIGNS if self.proves_decimal(sign, exact)]
        if clear or both_orders(exact) or exact & FRACTIONAL:
            return frozenset(clear)
        return frozenset([next(of for of in Type if of in exact)] if exact else ())

    def unsettled(self) -> bool:
        """Whether not all cells have the types that the first rows settled."""
        return self.rounded > 0 or any(n < self.filled for n in self.fitting.values())

    def with_marks_of(self, first: "Evidence") -> "Evidence":
        """With the marks of the first rows, where they weren't looked for again."""
        dotted = self.dotted_days or first.dotted_days
        return replace(self, marks=self.marks | first.marks, dotted_days=dotted)

    def proven_types(self) -> frozenset[Type]:
        """The types of all cells; failing that, those of nearly all."""
        exact = frozenset(of for of in self.fitting if self.filled and self._all_fit(of))
        return self._without_doubtful_numbers(exact) or self._without_doubtful_numbers(
            self._nearly_proven()
        )

    def proves_decimal(self, sign: str, types: frozenset[Type]) -> bool:
        """Whether all are numbers with this decimal sign, and some prove that it is one."""
        return SIGNS[sign] in types and f"clear_{NAMES_OF_SIGNS[sign]}" in self.marks

    def proves_thousands(self, sign: str) -> bool:
        """Whether this sign can't be a decimal one, and parts the thousands of whole numbers.

        12.500 keeps a zero that a decimal fraction would lose, unless all had three digits; but
        then 987 would be 987.000.
        """
        name, other = NAMES_OF_SIGNS[sign], "," if sign == "." else "."
        against = {f"{NAMES_OF_SIGNS[other]}s", "spaced", f"clear_{name}", "long"}
        if not self._all_fit(SIGNS[other]) or against & self.marks or "short" not in self.marks:
            return False
        no_fraction = self.fitting.get(SIGNS[sign], 0) < self.filled
        return f"one_{name}" in self.marks and (no_fraction or f"{name}_then_0" in self.marks)

    def _all_fit(self, of: Type) -> bool:
        return self.fitting.get(of) == self.filled

    def _nearly_proven(self) -> frozenset[Type]:
        near = {of: n for of, n in self.fitting.items() if n and self._tolerates(of)}
        return frozenset(of for of, n in near.items() if n == max(near.values()))

    def _tolerates(self, of: Type) -> bool:
        """Whether the cells that aren't of this type are too few to change it."""
        odd = self.filled - self.fitting[of]
        if of in NUMERIC and self.codes:
            return False
        if odd <= self.without_digits and of is not Type.boolean:
            return odd * TOLERATED_WORD <= self.filled
        return odd * (TOLERATED_CODE if of in NUMERIC else TOLERATED_OTHER) <= self.filled

    def _without_doubtful_numbers(self, types: frozenset[Type]) -> frozenset[Type]:
        """Without numbers where none has a digit, and where a spreadsheet rounded ids."""
        most = max(self.fitting.get(of, 0) for of in NUMERIC)
        rounded_ids = self.rounded and self.quantities < most
        return types - NUMERIC if rounded_ids or "digits" not in self.marks else types


def both_orders(types: frozenset[Type]) -> bool:
    """Whether days and months could be in either order."""
    return {Type.dmy_moment, Type.mdy_moment} <= types


def other_orders(order: str | None) -> frozenset[Type]:
    """The types that this order of days and months rules out; None rules out none."""
    if order is None:
        return frozenset()
    return (ORDERS["dmy"] | ORDERS["mdy"]) - ORDERS[order]
