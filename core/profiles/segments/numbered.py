"""Which segments of several a row is in, as the bits of one number.

Kept beside each profile of a run it says later what let a person in, or left them out, for eight
bytes at most that compress to almost nothing.
"""

from collections.abc import Collection, Iterable, Sequence

import narwhals as nw

MOST = 63  # segments that one number has bits for


def places(segments: Collection[str], exclude: Collection[str]) -> list[tuple[bool, str]]:
    """Each segment by its bit, whether it is one that is left out, and its name.

    Empty where nothing needs to be told apart, or more than MOST would have to be.
    """
    several = len(segments) > 1 or len(exclude) > 1
    known = [*((False, name) for name in sorted(segments)), *((True, n) for n in sorted(exclude))]
    return known if several and len(known) <= MOST else []


def number(inside: Iterable[nw.Expr]) -> nw.Expr:
    """The number of each row (int64): bit n is set where the row is in the nth."""
    none = nw.lit(0, dtype=nw.Int64)  # not every engine can make a number of a flag
    bits = [
        nw.when(one).then(nw.lit(2**place, dtype=nw.Int64)).otherwise(none)
        for place, one in enumerate(inside)
    ]
    return nw.sum_horizontal(*bits)


def named(
    number: int, segments: Collection[str], exclude: Collection[str], *, excluded: bool
) -> Sequence[str]:
    """The names of those that are left out, or of the others, whose bits a number has."""
    known = enumerate(places(segments, exclude))
    return [name for bit, (out, name) in known if out is excluded and number >> bit & 1]
