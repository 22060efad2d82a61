"""What single columns hold before anything is made of them: some values, how many are empty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.columns import column
from core.profiles.matching.bodies import present

FIRST = 1_000  # rows that are looked at for examples
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Held:
    """Different values of a column, SHOWN at most, and the share of its empty ones, 0 to 1.

    Empty is what would not be sent: null, blank, not a finite number, a list of nothing else.
    """

    examples: tuple[Any, ...]
    empty: float


def held(frame: pl.LazyFrame, columns: Sequence[str]) -> dict[str, Held]:
    """What each of the columns holds; the shares come from one reading of them all."""
    schema = frame.collect_schema()
    full = {name: present(column(name), schema[name]) for name in columns}
    shares = _empty(frame, list(full.values()))
    found = zip(full, _examples(frame, full), shares, strict=True)
    return {name: Held(examples, empty) for name, examples, empty in found}


def _empty(frame: pl.LazyFrame, full: list[pl.Expr]) -> list[float]:
    counts = [one.sum().alias(f"{n}") for n, one in enumerate(full)]
    query = frame.select(pl.len().alias("rows"), *counts)
    rows, *filled = query.collect(engine="streaming").row(0)
    return [1 - n / rows if rows else 0.0 for n in filled]


def _examples(frame: pl.LazyFrame, full: dict[str, pl.Expr]) -> list[tuple[Any, ...]]:
    """From the first rows; of a column that is often empty there, from its first filled rows."""
    first = frame.select(column(name) for name in full).head(FIRST).collect(engine="streaming")
    found = []
    for name, filled in full.items():
        some = first.select(column(name)).filter(filled)
        if len(some) < min(SHOWN, len(first)):
            some = frame.select(column(name)).filter(filled).head(FIRST).collect(engine="streaming")
        found.append(_different(some[name].to_list()))
    return found


def _different(values: Iterable[Any]) -> tuple[Any, ...]:
    found: list[Any] = []
    for value in values:
        if len(found) == SHOWN:
            break
        if value not in found:
            found.append(value)
    return tuple(found)
