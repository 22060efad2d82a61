"""Whether a row can be sent, and why not."""

import json

import polars as pl

from core.profiles.matching import bodies, emails
from core.profiles.matching.matching import Matching
from core.profiles.matching.reasons import REASONS, Reason
from core.profiles.sources import LEFT_OUT


def reason_of(matching: Matching, large: pl.Expr, address: pl.Expr | None = None) -> pl.Expr:
    """Why the row isn't sent, duplicates aside; null where it is. `large`: is too large.

    `address` is the ADDRESS of prepared rows, which needn't be trimmed once more.
    """
    address = emails.trimmed(matching.given_email()) if address is None else address
    left_out = pl.col(LEFT_OUT) if LEFT_OUT in matching.schema else pl.lit(None, REASONS)
    return (
        pl.when(left_out.is_not_null())
        .then(left_out)
        .when(address.is_null())
        .then(pl.lit(Reason.missing_email, REASONS))
        .when(~emails.valid(address))
        .then(pl.lit(Reason.invalid_email, REASONS))
        .when(_id_too_long(matching))
        .then(pl.lit(Reason.external_id_too_long, REASONS))
        .when(large)
        .then(pl.lit(Reason.too_large, REASONS))
    )


def might_be_too_large(matching: Matching) -> pl.Expr:
    """Whether the body might be too large, found without making it."""
    around = matching.layout.around + len(json.dumps(list(matching.clear)))
    most = (
        bodies.longest(t.path[-1], *matching.given(t.column)) for t in matching.targets.values()
    )
    # Not one + after the other: polars' cost of a chain is the square of its length.
    return pl.sum_horizontal(*most) + (around + emails.LONGEST) > matching.layout.largest


def _id_too_long(matching: Matching) -> pl.Expr:
    name, longest = matching.match.external_id, matching.layout.longest.get("external_id")
    if name is None or longest is None:
        return pl.lit(False)
    value, dtype = matching.given(name)
    long = bodies.text(value, dtype).str.len_chars() > longest
    return bodies.present(pl.when(long).then(value), dtype).fill_null(value=False)
