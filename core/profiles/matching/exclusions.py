"""Marks the rows of people that an export leaves out: all rows that have one of their addresses."""

import polars as pl

from core.columns import own
from core.profiles.matching.matching import Matching
from core.profiles.matching.reasons import REASONS, Reason
from core.profiles.sources import LEFT_OUT

_ADDRESS, _REASON = own("their address"), own("reason")


def addresses(frame: pl.LazyFrame, matching: Matching) -> pl.LazyFrame:
    """The different addresses in the rows, as they are sent: email."""
    return frame.select(email=matching.email()).drop_nulls().unique()


def left_out(
    frame: pl.LazyFrame, matching: Matching, people: pl.LazyFrame, reason: Reason
) -> pl.LazyFrame:
    """The rows with LEFT_OUT where the address is among the people's (email, each once).

    A reason that stands there already stays, but for `erased`, which comes before any other.
    """
    known = LEFT_OUT in frame.collect_schema()
    before = pl.col(LEFT_OUT) if known else pl.lit(None, REASONS)
    marked = people.select("email", pl.lit(reason, REASONS).alias(_REASON))
    both = frame.with_columns(matching.email().alias(_ADDRESS)).join(
        marked, left_on=_ADDRESS, right_on="email", how="left", maintain_order="left"
    )
    reasons = (_REASON, before) if reason is Reason.erased else (before, _REASON)
    return both.with_columns(pl.coalesce(*reasons).alias(LEFT_OUT)).drop(_ADDRESS, _REASON)
