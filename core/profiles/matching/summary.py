"""What an export would send, counted without making the bodies."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.profiles.matching.rows import (
    EMAIL,
    Matching,
    Reason,
    Warned,
    encoded,
    too_large,
)
from core.profiles.sources import ROW

FLAGS = list(Warned)
SENDABLE = len(Reason)  # keys below it stand for reasons, all others for addresses


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a preview; members = valid + all of rejected. Only what occurs is named."""

    members: int
    valid: int
    rejected: Mapping[str, int]
    warnings: Mapping[str, int]
    sample: tuple[Mapping[str, Any], ...]


def summary(frame: pl.LazyFrame, how: Matching, sample: int = 3) -> Summary:
    """Counts exactly what freezing the same rows would give, and shows the first bodies."""
    counts = _counted(frame, how, how.bulky())
    if Reason.too_large in _reasons(counts):
        rows = too_large(frame, how)
        counts = _counted(frame, how, pl.col(ROW).is_in(rows.implode()))
    sent = counts.filter(pl.col("key") == SENDABLE).sum().row(0, named=True)
    rejected = _reasons(counts)
    if doubles := sent["rows"] - sent["groups"]:
        rejected[str(Reason.duplicate_email)] = doubles
    warnings = {str(flag): sent[flag] for flag in FLAGS if sent[flag]}
    members = int(counts["rows"].sum())
    return Summary(members, sent["groups"], rejected, warnings, _sample(frame, how, sample))


def _counted(frame: pl.LazyFrame, how: Matching, large: pl.Expr) -> pl.DataFrame:
    """One line for each reason (its place in Reason) and one, SENDABLE, for what can be sent.

    `rows` counts rows, `groups` different addresses, each flag the first rows that carry it.
    """
    reason = how.reason(large)
    # 64 bits of hash stand for the address: a fifth of the memory, and of ten million
    # addresses two share one once in 400,000 previews.
    address = pl.col(EMAIL).hash().clip(lower_bound=SENDABLE)
    key = pl.coalesce(reason.to_physical().cast(pl.UInt64), address)
    # The row number above the flags, so that the smallest is the first row with its flags.
    packed = pl.col(ROW).cast(pl.UInt64) * 2 ** len(FLAGS)
    for bit, flag in enumerate(how.warnings().values()):
        packed += flag.cast(pl.UInt64) * 2**bit
    groups = (
        how.prepared(frame)
        .select(key=key, first=packed)
        .group_by("key")
        .agg(pl.len(), pl.min("first"))
    )
    bits = {str(f): (pl.col("first") // 2**bit % 2).sum() for bit, f in enumerate(FLAGS)}
    line = pl.min_horizontal("key", SENDABLE)
    lines = groups.group_by(line).agg(rows=pl.sum("len"), groups=pl.len(), **bits)
    return lines.collect(engine="streaming")


def _reasons(counts: pl.DataFrame) -> dict[str, int]:
    lines = counts.filter(pl.col("key") < SENDABLE).sort("key")
    reasons = list(Reason)
    return {str(reasons[key]): n for key, n in lines.select("key", "rows").iter_rows()}


def _sample(frame: pl.LazyFrame, how: Matching, size: int) -> tuple[Mapping[str, Any], ...]:
    """The first profiles as they would be sent."""
    doubtful = how.reason(how.bulky())
    likely = frame.filter(doubtful.is_null() | (doubtful == Reason.too_large))
    rows = size
    while True:
        some = encoded(likely.head(rows), how).collect(engine="streaming")
        fit = some.filter(pl.col("bytes") <= how.layout.largest)
        first = fit.unique("email", keep="first", maintain_order=True).head(size)
        if len(first) == size or len(some) < rows:
            return tuple(json.loads(body) for body in first["body"])
        rows *= 10
