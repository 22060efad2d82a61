"""Rows of a source judged and turned into profiles: the expressions behind preview and export."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import polars as pl

from core.errors import Unknown
from core.layout import Layout
from core.profiles.matching import bodies, emails, phones
from core.profiles.matching.fields import (
    Match,
    PhoneRegion,
    RegionColumn,
    Target,
    Use,
    columns,
    refuse_bytes,
    targets,
)
from core.profiles.sources import LEFT_OUT, ROW
from core.profiles.sources.frames import kind_of
from core.texts import _


class Reason(StrEnum):
    """Why a row is not sent; each row that isn't has exactly one."""

    missing_email = "missing_email"
    invalid_email = "invalid_email"
    external_id_too_long = "external_id_too_long"
    too_large = "too_large"
    excluded = "excluded"
    suppressed = "suppressed"
    duplicate_email = "duplicate_email"


class Warned(StrEnum):
    """What was left out of a profile that is sent all the same."""

    invalid_phone = "invalid_phone"
    not_finite_number = "not_finite_number"


REASONS = pl.Enum(Reason)


@dataclass(frozen=True, slots=True)
class Matching:
    """A match applied to a frame of known types; each member is an expression over its rows."""

    match: Match
    phone_region: PhoneRegion | None
    layout: Layout
    schema: Mapping[str, bodies.Dtype]
    clear: Collection[str] = ()  # names of targets that are emptied where their column is empty

    @classmethod
    def of(
        cls,
        frame: pl.LazyFrame,
        match: Match,
        phone_region: PhoneRegion | None,
        layout: Layout,
        clear: Collection[str] = (),
    ) -> Self:
        """The match applied to this frame. Raises Unknown or Invalid for a column it can't use."""
        schema = frame.collect_schema()
        for column in columns(match, phone_region):
            if column not in schema:
                raise Unknown(_("column"), column, [name for name in schema if name != ROW])
            refuse_bytes(column, kind_of(schema[column]))
        return cls(match, phone_region, layout, schema, clear)

    @property
    def columns(self) -> list[str]:
        """Of the frame: what the matching needs, the row's number first."""
        needed = columns(self.match, self.phone_region)
        return [ROW, *([LEFT_OUT] if LEFT_OUT in self.schema else []), *needed]

    def given_email(self) -> pl.Expr:
        """The address as the source has it."""
        return pl.col(self.match.email).cast(pl.String)

    def email(self) -> pl.Expr:
        """The address as it is sent; what is invalid is of no use."""
        return emails.lowered(emails.trimmed(self.given_email()))

    def reason(self, large: pl.Expr) -> pl.Expr:
        """Why the row isn't sent, duplicates aside; null where it is. `large`: is too large."""
        address = emails.trimmed(self.given_email())
        left_out = pl.col(LEFT_OUT) if LEFT_OUT in self.schema else pl.lit(None, REASONS)
        return (
            pl.when(left_out.is_not_null())
            .then(left_out)
            .when(address.is_null())
            .then(pl.lit(Reason.missing_email, REASONS))
            .when(~emails.valid(address))
            .then(pl.lit(Reason.invalid_email, REASONS))
            .when(self._id_too_long())
            .then(pl.lit(Reason.external_id_too_long, REASONS))
            .when(large)
            .then(pl.lit(Reason.too_large, REASONS))
        )

    def bulky(self) -> pl.Expr:
        """Whether the body might be too large, found without making it."""
        around = self.layout.around + len(json.dumps(list(self.clear)))
        most = pl.lit(around + emails.LONGEST, dtype=pl.UInt32)
        for target in targets(self.match):
            most += bodies.longest(target.path[-1], *self._source(target.column))
        return most > self.layout.largest

    def phone(self) -> pl.Expr:
        """The number in E.164; null where there is none or it is invalid."""
        name, region = self.match.phone_number, self.phone_region
        if name is None:
            return pl.lit(None, dtype=pl.String)
        if isinstance(region, RegionColumn):
            return phones.e164(
                bodies.text(*self._source(name)), pl.col(region.column).cast(pl.String)
            )
        return phones.e164(bodies.text(*self._source(name)), region)

    def has_phone(self) -> pl.Expr:
        """Whether the source gives any number."""
        name = self.match.phone_number
        if name is None:
            return pl.lit(False)
        return bodies.present(*self._source(name)).fill_null(False)

    def not_finite(self) -> pl.Expr:
        """Whether a number that is not finite is left out."""
        found = (bodies.not_finite(*self._source(t.column)) for t in targets(self.match))
        return pl.any_horizontal(pl.lit(False), *(one for one in found if one is not None))

    def members(self, group: str | None) -> pl.Expr:
        """The JSON text of a group's attributes, or of those outside of groups, without braces."""
        ours = [t for t in targets(self.match) if group == (t.path[0] if t.path[1:] else None)]
        merged = {name for names in self.layout.merged.values() for name in names}
        members = [self._member(target) for target in ours if target.name not in merged]
        return bodies.joined(members if group else [*members, *self._merged(ours)])

    def cleared(self, group: str | None = None) -> pl.Expr:
        """The names of targets to empty, as a JSON text without brackets; of a group, its own."""
        wanted = [t for t in targets(self.match) if t.name in self.clear]
        if group:
            wanted = [t for t in wanted if t.path[0] == group]
        return bodies.joined(
            self._name_if_empty(t, t.path[-1] if group else t.name) for t in wanted
        )

    def _name_if_empty(self, target: Target, name: str) -> pl.Expr:
        empty = bodies.empty(*self._source(target.column))
        return pl.when(empty).then(pl.lit(json.dumps(name, ensure_ascii=False)))

    def _member(self, target: Target) -> pl.Expr:
        name = target.path[-1]
        if target.use in (Use.email, Use.phone):
            return pl.concat_str(pl.lit(f'"{name}":"'), pl.col(f"__{target.use}__"), pl.lit('"'))
        make = bodies.text_member if target.use is Use.text else bodies.member
        return make(name, *self._source(target.column))

    def _merged(self, fields: Collection[Target]) -> Iterator[pl.Expr]:
        """The fields that become one: their texts with blanks between, empty ones left out."""
        for name, parts in self.layout.merged.items():
            some = sorted((t for t in fields if t.name in parts), key=lambda t: parts.index(t.name))
            if some:
                yield bodies.merged_member(name, [self._source(t.column) for t in some])

    def _source(self, column: str) -> tuple[pl.Expr, bodies.Dtype]:
        return pl.col(column), self.schema[column]

    def _id_too_long(self) -> pl.Expr:
        name, longest = self.match.external_id, self.layout.longest.get("external_id")
        if name is None or longest is None:
            return pl.lit(False)
        long = bodies.text(*self._source(name)).str.len_chars().fill_null(0) > longest
        return long & bodies.present(*self._source(name))


def judged(frame: pl.LazyFrame, how: Matching, large: pl.Expr | None = None) -> pl.LazyFrame:
    """ROW, given (email as in the source), email, reason; `large` marks the too large ones.

    Without it, `too_large` are all rows that might be.
    """
    reason = how.reason(how.bulky() if large is None else large)
    return frame.select(ROW, given=how.given_email(), email=how.email(), reason=reason)


def encoded(frame: pl.LazyFrame, how: Matching) -> pl.LazyFrame:
    """ROW, email, body, bytes, clear, and a boolean for each of Warned, of rows that can be sent.

    `clear` is a JSON text: the names of the targets that are to be empty in the end; null for none.
    """
    layout = how.layout
    ready = frame.with_columns(__email__=how.email(), __phone__=how.phone())
    texts = ready.select(
        ROW,
        email="__email__",
        invalid_phone=how.has_phone() & pl.col("__phone__").is_null(),
        not_finite_number=how.not_finite(),
        attributes=how.members(None),
        unset=how.cleared("properties"),
        clear=how.cleared(),
        **{group: how.members(group) for group in layout.groups},
    )
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
    body = pl.concat_str(*pieces, ignore_nulls=True)
    clear = pl.concat_str(*_within("clear", "[", "]"), ignore_nulls=True).replace("", None)
    named = texts.select(ROW, "email", *Warned, body=body, clear=clear)
    return named.with_columns(bytes=pl.col("body").str.len_bytes())


def hashed(frame: pl.LazyFrame, how: Matching, hash: pl.Expr) -> pl.LazyFrame:
    """email, the hash of what is sent, clears, of each address that can be, the first row of it."""
    doubtful = how.reason(how.bulky())
    likely = frame.filter(doubtful.is_null() | (doubtful == Reason.too_large))
    fit = encoded(likely, how).filter(pl.col("bytes") <= how.layout.largest)
    first = pl.col("hash", "clears").sort_by(ROW).first()
    clears = pl.col("clear").is_not_null()
    return fit.select(ROW, "email", hash=hash, clears=clears).group_by("email").agg(first)


def too_large(frame: pl.LazyFrame, how: Matching) -> pl.Series:
    """ROW of those that can't be sent for their size alone; makes only bodies that are in doubt."""
    doubtful = frame.filter(how.reason(how.bulky()) == Reason.too_large)
    found = encoded(doubtful, how).filter(pl.col("bytes") > how.layout.largest).select(ROW)
    return found.collect(engine="streaming")[ROW]


def _within(name: str, start: str, end: str, otherwise: str | None = None) -> Iterable[pl.Expr]:
    """Text between its brackets if there is any, as pieces: each copy of long texts costs time."""
    filled = pl.col(name).str.len_bytes() > 0
    closed = pl.when(filled).then(pl.lit(end)).otherwise(pl.lit(otherwise, pl.String))
    return pl.when(filled).then(pl.lit(start)), pl.col(name), closed
