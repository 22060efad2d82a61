"""The number of a rule, made one that its column can hold, so that every engine compares alike.

Numbers are compared exactly. Where the column can't hold the rule's number (1.5 among whole ones),
it is compared with the nearest that it can, below or above: more than 1.5 is more than 1.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import inf, nextafter

DIGITS = 38  # of the largest exact number that an engine holds
INT64 = 2**63
ANY = 10**6  # places after the point, where a column doesn't say how many it holds
_EXACT = Context(prec=800)

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Near:
    """The largest number of a column up to a rule's number, and the smallest from it on."""

    below: Number
    above: Number

    @property
    def is_held(self) -> bool:
        """Whether the column can hold the number itself."""
        return self.below == self.above


def near(value: float, places: int | None) -> Near:
    """What a column can hold around a value: `places` after the point, None for floating ones."""
    if places is None:
        return _floating(value)
    if places == ANY and abs(value) < 10**DIGITS:
        written = Decimal(repr(value))
        return Near(written, written)
    if abs(value) >= 10 ** max(DIGITS - places, 0):
        beyond = float(value)  # all that the column holds
        return Near(beyond, nextafter(beyond, inf))
    exact, unit = Decimal(repr(value)), Decimal(1).scaleb(-places)
    below = exact.quantize(unit, ROUND_FLOOR, _EXACT)
    above = exact.quantize(unit, ROUND_CEILING, _EXACT)
    return Near(_plain(below, places), _plain(above, places))


def _floating(value: float) -> Near:
    nearest = float(value)
    if nearest == value:
        return Near(nearest, nearest)
    return Near(
        nearest if nearest < value else nextafter(nearest, -inf),
        nearest if nearest > value else nextafter(nearest, inf),
    )


def _plain(value: Decimal, places: int) -> Number:
    return int(value) if not places and -INT64 <= value < INT64 else value
