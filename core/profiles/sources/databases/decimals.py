"""Decimal numbers, which travel as their text: exact as far as 38 digits go, and noted beyond."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from core.columns import column
from core.profiles.sources import ROW
from core.profiles.sources.databases.columns import DIGITS
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.notes import Noted

# What ADBC calls otherwise than PostgreSQL does.
AS_WRITTEN = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def decimal(frame: pl.LazyFrame, places: Mapping[str, int | None], losses: Losses) -> pl.LazyFrame:
    """The frame with those columns as decimals; `places` behind the point, where they are known.

    Numbers of more digits before the point are null, as is what is no number; where both sides
    together have too many, the last ones behind the point go. Both are in `losses`.
    """
    if not places:
        return frame
    scales, doubtful = _scales(frame, places)
    _note(frame, {name: scales[name] for name in doubtful}, losses)
    return frame.with_columns(_made(name, scale) for name, scale in scales.items())


def _scales(
    frame: pl.LazyFrame, places: Mapping[str, int | None]
) -> tuple[dict[str, int], list[str]]:
    """The decimal places of each column; where nobody says them, those that its values need.

    And the columns of which something may be lost, in one pass: of nearly none.
    """
    sizes = [one for name in places for one in (_before(name), _behind(name), _is_no_number(name))]
    found = frame.select(one.max().alias(str(n)) for n, one in enumerate(sizes))
    most = [int(one or 0) for one in found.collect(engine="streaming").row(0)]
    scales, doubtful = dict[str, int](), list[str]()
    for (name, known), before, behind, odd in zip(
        places.items(), most[::3], most[1::3], most[2::3], strict=True
    ):
        scale = min(behind, DIGITS - min(before, DIGITS)) if known is None else known
        scales[name] = scale
        if odd or behind > scale or before + scale > DIGITS:
            doubtful.append(name)
    return scales, doubtful


def _is_no_number(name: str) -> pl.Expr:
    """Whether it isn't only digits, with a sign and a point."""
    return ~column(name).str.contains(r"^-?\d*\.?\d*$")


def _note(frame: pl.LazyFrame, scales: Mapping[str, int], losses: Losses) -> None:
    """Counts what is lost or cut, in one pass."""
    if not scales:
        return
    masks = [
        (kind, name, mask)
        for name, scale in scales.items()
        for kind, mask in (
            (Noted.odd_value, column(name).is_not_null() & _made(name, scale).is_null()),
            (Noted.cut_value, _made(name, scale).is_not_null() & (_behind(name) > scale)),
        )
    ]
    counts = frame.select(mask.sum().alias(str(n)) for n, (*_, mask) in enumerate(masks))
    found = counts.collect(engine="streaming").row(0)
    lost = [(*one, count) for one, count in zip(masks, found, strict=True) if count]
    for (kind, name, _mask, count), first in zip(lost, _firsts(frame, lost), strict=True):
        losses.add(kind, name, count, first["row"], AS_WRITTEN.get(first["text"], first["text"]))


def _firsts(
    frame: pl.LazyFrame, lost: Iterable[tuple[Noted, str, pl.Expr, int]]
) -> Iterable[dict[str, Any]]:
    firsts = [
        pl.struct(row=pl.col(ROW), text=column(name)).filter(mask).first().alias(str(n))
        for n, (_kind, name, mask, _count) in enumerate(lost)
    ]
    return frame.select(firsts).collect(engine="streaming").row(0) if firsts else ()


def _made(name: str, scale: int) -> pl.Expr:
    return column(name).cast(pl.Decimal(DIGITS, scale), strict=False)


def _before(name: str) -> pl.Expr:
    """How many digits stand before the point."""
    text = column(name).str.strip_chars_start("-0")
    return pl.coalesce(text.str.find(".", literal=True), text.str.len_bytes())


def _behind(name: str) -> pl.Expr:
    """How many stand behind it, without zeros at the end; null without a point."""
    text = column(name).str.strip_chars_end("0")
    return text.str.len_bytes().cast(pl.Int64) - text.str.find(".", literal=True) - 1
