"""Rows of a source judged and turned into profiles: what preview and export have in common."""

from collections.abc import Callable, Iterable

import polars as pl

from core.columns import own
from core.layout import Layout
from core.profiles.matching.attributes import attributes_of, names_to_clear
from core.profiles.matching.eligibility import might_be_too_large, reason_of
from core.profiles.matching.identity import former_person_hash, identifiers_of, person_hash
from core.profiles.matching.left_out_values import warnings_of
from core.profiles.matching.matching import EMAIL, Matching
from core.profiles.matching.reasons import REASONS, Reason, Warned
from core.profiles.sources import ROW

_ESTIMATED_REASON = own("estimated reason")


def judged(frame: pl.LazyFrame, matching: Matching, large: pl.Expr | None = None) -> pl.LazyFrame:
    """ROW, given (email as in the source), email, reason; `large` marks the too large ones.

    Without it, `too_large` are all rows that might be.
    """
    reason = reason_of(matching, might_be_too_large(matching) if large is None else large)
    return frame.select(ROW, given=matching.given_email(), email=matching.email(), reason=reason)


def encoded(frame: pl.LazyFrame, matching: Matching, **more: pl.Expr) -> pl.LazyFrame:
    """ROW, email, body, bytes, clear, and a boolean for each of Warned, of rows that can be sent.

    For each of Shared that is matched, the hash of the identifier; and `person`, see `person_hash`.
    `clear` is a JSON text: the names of the targets that are to be empty in the end; null for none.
    `more` are further columns, by name.
    """
    layout = matching.layout
    texts = matching.prepared(frame).select(
        ROW,
        email=EMAIL,
        **warnings_of(matching),
        **identifiers_of(matching),
        person=person_hash(matching),
        **more,
        attributes=attributes_of(matching, None),
        unset=names_to_clear(matching, "properties"),
        clear=names_to_clear(matching),
        **{group: attributes_of(matching, group) for group in layout.groups},
    )
    clear = pl.concat_str(*_within("clear", "[", "]"), ignore_nulls=True).replace("", None)
    names = (ROW, "email", "person", *more, *Warned, *identifiers_of(matching))
    named = texts.select(*names, body=_body(layout), clear=clear)
    return named.with_columns(bytes=pl.col("body").str.len_bytes())


def _body(layout: Layout) -> pl.Expr:
    """The JSON text of a profile, from columns with its attributes, its groups and `unset`."""
    groups = [
        piece
        for group, key in layout.groups.items()
        for piece in _within(group, f',"{key}":{{', "}")
    ]
    end = (
        _within("unset", *layout.unset, otherwise=layout.end)
        if layout.unset
        else (pl.lit(layout.end),)
    )
    pieces = [pl.lit(layout.start), pl.col("attributes"), *groups, *end]
    return pl.concat_str(*pieces, ignore_nulls=True)


def likely(frame: pl.LazyFrame, matching: Matching) -> pl.LazyFrame:
    """The rows that can be sent, unless their body proves too large."""
    large = pl.lit(Reason.too_large, REASONS)
    return _with_reason(frame, matching, lambda reason: reason.is_null() | (reason == large))


def hashed(
    frame: pl.LazyFrame, matching: Matching, hash: pl.Expr, former: pl.Expr | None = None
) -> pl.LazyFrame:
    """email, hash of what is sent, clears, person, of each address that can be, the first row.

    With that of a `former` form also former_hash and former_person.
    """
    persons = {} if former is None else {"former_person": former_person_hash(matching)}
    bodies = encoded(likely(frame, matching), matching, **persons)
    fit = bodies.filter(pl.col("bytes") <= matching.layout.largest)
    wanted = {"hash": hash, "clears": pl.col("clear").is_not_null()}
    if former is not None:
        wanted |= {"former_hash": former}
    first = pl.col(*wanted, "person", *persons).sort_by(ROW).first()
    return fit.select(ROW, "email", "person", *persons, **wanted).group_by("email").agg(first)


def too_large(frame: pl.LazyFrame, matching: Matching) -> pl.Series:
    """ROW of those that can't be sent for their size alone; makes only bodies that are in doubt."""
    large = pl.lit(Reason.too_large, REASONS)
    doubtful = _with_reason(frame, matching, lambda reason: reason == large)
    large_bodies = encoded(doubtful, matching).filter(pl.col("bytes") > matching.layout.largest)
    return large_bodies.select(ROW).collect(engine="streaming")[ROW]


def _with_reason(
    frame: pl.LazyFrame, matching: Matching, wanted: Callable[[pl.Expr], pl.Expr]
) -> pl.LazyFrame:
    """The rows whose reason, by a size that is only estimated, is wanted.

    The reason is a column first: as part of a filter it costs the square of the matched columns.
    """
    reason = reason_of(matching, might_be_too_large(matching))
    judged = frame.with_columns(reason.alias(_ESTIMATED_REASON))
    return judged.filter(wanted(pl.col(_ESTIMATED_REASON))).drop(_ESTIMATED_REASON)


def _within(name: str, start: str, end: str, otherwise: str | None = None) -> Iterable[pl.Expr]:
    """Text between its brackets if there is any, as pieces: each copy of long texts costs time."""
    filled = pl.col(name).str.len_bytes() > 0
    closed = pl.when(filled).then(pl.lit(end)).otherwise(pl.lit(otherwise, pl.String))
    return pl.when(filled).then(pl.lit(start)), pl.col(name), closed
