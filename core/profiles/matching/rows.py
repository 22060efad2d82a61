"""Rows of a source judged and turned into profiles: the expressions behind preview and export."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import polars as pl

from core.columns import column, own
from core.errors import Unknown
from core.layout import Layout
from core.profiles.cleaning import holds_text
from core.profiles.matching import bodies, countries, emails, optional, phones
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
from core.profiles.matching.legible import legible_numbers, rounded
from core.profiles.matching.shared import Shared
from core.profiles.matching.texts import UNSEEN, sent
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
    unknown_country = "unknown_country"
    rounded_by_spreadsheet = "rounded_by_spreadsheet"
    invalid_field = "invalid_field"
    not_finite_number = "not_finite_number"
    cleaned_text = "cleaned_text"


_DOUBT, _TEXTS = own("doubt"), own("texts")
ADDRESS = own("address")  # as given, without blanks around
EMAIL, PHONE = own("email"), own("phone_number")  # as they are sent
REASONS = pl.Enum(Reason)


@dataclass(frozen=True, slots=True)
class Matching:
    """A match applied to a frame of known types; each member is an expression over its rows."""

    match: Match
    phone_region: PhoneRegion | None
    layout: Layout
    schema: Mapping[str, bodies.Dtype]
    clear: Collection[str] = ()  # names of targets that are emptied where their column is empty
    whole: Collection[str] = ()  # columns of numbers that have no point where they are whole
    key: str | None = None  # the column that says who somebody is, whatever their address

    @classmethod
    def of(
        cls,
        frame: pl.LazyFrame,
        match: Match,
        phone_region: PhoneRegion | None,
        layout: Layout,
        clear: Collection[str] = (),
        key: str | None = None,
    ) -> Self:
        """The match applied to this frame. Raises Unknown or Invalid for a column it can't use."""
        schema = frame.collect_schema()
        for name in (*columns(match, phone_region), *([key] if key else [])):
            if name not in schema:
                raise Unknown(_("column"), name, [one for one in schema if one != ROW])
            refuse_bytes(name, kind_of(schema[name]))
        return cls(match, phone_region, layout, schema, clear, key=key)

    @property
    def columns(self) -> list[pl.Expr]:
        """Of the frame: what the matching needs, the row's number first."""
        needed = columns(self.match, self.phone_region)
        if self.key and self.key not in needed:
            needed.append(self.key)
        ours = [ROW, *([LEFT_OUT] if LEFT_OUT in self.schema else [])]
        return [column(name) for name in (*ours, *needed)]

    def prepared(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with ADDRESS, EMAIL, PHONE, and ours of each value that isn't sent as given.

        `warnings`, `members` and `cleared` are expressions over such rows.
        """
        texts = {t.name: t for t in targets(self.match) if self._is_text(t)}
        if texts:
            types = {name: self._text_type(target) for name, target in texts.items()}
            given = {n: column(t.column).cast(types[n]) for n, t in texts.items()}
            exact = [name for name, target in texts.items() if target.exact]
            frame = frame.with_columns(sent(given, types, exact).alias(_TEXTS))
        ready = frame.with_columns(
            changed[0].alias(own(target.name))
            for target in targets(self.match)
            if (changed := self._changed(target)) is not None
        )
        trimmed = emails.trimmed(self.given_email()).alias(ADDRESS)
        address = emails.lowered(pl.col(ADDRESS)).alias(EMAIL)
        return ready.with_columns(trimmed, self.phone().alias(PHONE)).with_columns(address)

    def given_email(self) -> pl.Expr:
        """The address as the source has it."""
        return column(self.match.email).cast(pl.String)

    def email(self) -> pl.Expr:
        """The address as it is sent; what is invalid is of no use."""
        return emails.lowered(emails.trimmed(self.given_email()))

    def reason(self, large: pl.Expr, address: pl.Expr | None = None) -> pl.Expr:
        """Why the row isn't sent, duplicates aside; null where it is. `large`: is too large.

        `address` is the ADDRESS of prepared rows, which needn't be trimmed once more.
        """
        address = emails.trimmed(self.given_email()) if address is None else address
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
        most = (bodies.longest(t.path[-1], *self._given(t.column)) for t in targets(self.match))
        # Not one + after the other: polars' cost of a chain is the square of its length.
        return pl.sum_horizontal(*most) + (around + emails.LONGEST) > self.layout.largest

    def phone(self) -> pl.Expr:
        """The number in E.164; null where there is none or it is invalid."""
        target, region = self._targets.get("phone_number"), self.phone_region
        if target is None:
            return pl.lit(None, dtype=pl.String)
        text = bodies.text(*self._value(target))
        if isinstance(region, RegionColumn):
            return phones.e164(text, column(region.column).cast(pl.String))
        return phones.e164(text, region)

    def warnings(self) -> Mapping[str, pl.Expr]:
        """For each kind, whether a row carries it."""
        phone_rounded, nowhere = self._unread_phone(rounded), self._unknown_country()
        invalid = self._unread_phone(bodies.present) & ~phone_rounded
        return {
            Warned.invalid_phone: invalid & ~nowhere,
            Warned.unknown_country: invalid & nowhere,
            Warned.rounded_by_spreadsheet: phone_rounded | self._rounded(),
            Warned.invalid_field: self._invalid_field(),
            Warned.not_finite_number: self._not_finite(),
            Warned.cleaned_text: self._had_unseen(),
        }

    def identifiers(self) -> dict[str, pl.Expr]:
        """For each of Shared that is matched, the hash of what is sent, null for nothing."""
        found: dict[str, pl.Expr] = {}
        if target := self._targets.get("external_id"):
            value = self._value(target)
            some = pl.when(bodies.present(*value)).then(bodies.text(*value).hash())
            found[str(Shared.shared_external_id)] = some
        if "phone_number" in self._targets:
            phone = pl.when(pl.col(PHONE).is_not_null()).then(pl.col(PHONE).hash())
            found[str(Shared.shared_phone)] = phone
        return found

    def person(self) -> pl.Expr:
        """The hash of what says who somebody is: the key, else the external ID; null: nothing."""
        if self.key is None or self.key == self.match.external_id:
            nobody = pl.lit(None, pl.UInt64)
            return self.identifiers().get(str(Shared.shared_external_id), nobody)
        value, dtype = self._given(self.key)
        some = bodies.present(value, dtype) & ~rounded(value, dtype)
        return pl.when(some).then(bodies.text(value, dtype).str.strip_chars().hash())

    def _unread_phone(self, look: Callable[[pl.Expr, bodies.Dtype], pl.Expr]) -> pl.Expr:
        """What is to be said of phone numbers that could not be read; of others it is false.

        Those are null here, so that only the few unread ones are looked at.
        """
        target = self._targets.get("phone_number")
        if target is None:
            return pl.lit(False)
        value, dtype = self._given(target.column)
        return look(pl.when(pl.col(PHONE).is_null()).then(value), dtype).fill_null(value=False)

    def _unknown_country(self) -> pl.Expr:
        """Whether a number without calling code stayed unread, for its country isn't understood."""
        if self.match.phone_number is None or not isinstance(self.phone_region, RegionColumn):
            return pl.lit(False)
        country = column(self.phone_region.column).cast(pl.String)
        unread = pl.when(pl.col(PHONE).is_null()).then(country)
        known = unread.map_batches(countries.codes, return_dtype=pl.String, is_elementwise=True)
        number = bodies.text(*self._given(self.match.phone_number))
        local = ~number.str.strip_chars_start().str.starts_with("+").fill_null(value=True)
        return bodies.present(unread, pl.String()).fill_null(value=False) & known.is_null() & local

    def _rounded(self) -> pl.Expr:
        """Whether an identifier but the phone is left out because digits of it are lost."""
        found = []
        for target in targets(self.match):
            value, dtype = self._given(target.column)
            if target.use is not Use.text or not target.exact:
                continue
            if self._is_text(target):
                found.append(value.is_not_null() & pl.col(own(target.name)).is_null())
            else:
                found.append(rounded(value, dtype))
        return pl.any_horizontal(pl.lit(False), *found)

    def _had_unseen(self) -> pl.Expr:
        """Whether a text is sent without characters that it had."""
        if not any(map(self._is_text, targets(self.match))):
            return pl.lit(False)
        return pl.col(_TEXTS).struct.field(UNSEEN)

    def _invalid_field(self) -> pl.Expr:
        """Whether an optional field is left out because it hasn't its form."""
        found = (
            optional.left_out(*self._given(target.column), pl.col(own(target.name)))
            for target in targets(self.match)
            if self._is_checked(target)
        )
        return pl.any_horizontal(pl.lit(False), *found)

    def _not_finite(self) -> pl.Expr:
        """Whether a number that is not finite is left out."""
        found = (bodies.not_finite(*self._given(t.column)) for t in targets(self.match))
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
        empty = bodies.empty(*self._given(target.column))  # what is left out is not empty
        return pl.when(empty).then(pl.lit(json.dumps(name, ensure_ascii=False)))

    def _member(self, target: Target) -> pl.Expr:
        name = target.path[-1]
        if target.use in (Use.email, Use.phone):
            sent = pl.col(EMAIL if target.use is Use.email else PHONE)
            return pl.concat_str(pl.lit(f'"{name}":"'), sent, pl.lit('"'))
        make = bodies.text_member if target.use is Use.text else bodies.member
        if make is bodies.member and target.column in self.whole:
            make = bodies.whole_member
        return make(name, *self._value(target))

    def _merged(self, fields: Collection[Target]) -> Iterator[pl.Expr]:
        """The fields that become one: their texts with blanks between, empty ones left out."""
        for name, parts in self.layout.merged.items():
            some = sorted((t for t in fields if t.name in parts), key=lambda t: parts.index(t.name))
            if some:
                yield bodies.merged_member(name, [self._value(t) for t in some])

    @property
    def _targets(self) -> Mapping[str, Target]:
        return {target.name: target for target in targets(self.match)}

    def _given(self, name: str) -> tuple[pl.Expr, bodies.Dtype]:
        """A column as the source has it."""
        return column(name), self.schema[name]

    def _value(self, target: Target) -> tuple[pl.Expr, bodies.Dtype]:
        """What of the target's column is sent, in prepared rows."""
        changed = self._changed(target)
        if changed is None:
            return self._given(target.column)
        return pl.col(own(target.name)), changed[1]

    def _changed(self, target: Target) -> tuple[pl.Expr, bodies.Dtype] | None:
        """The value where it isn't sent as given; None where it is."""
        if self._is_text(target):
            return pl.col(_TEXTS).struct.field(target.name), self._text_type(target)
        value, dtype = self._given(target.column)
        if self._is_checked(target):
            return optional.fitting(target.name, value, dtype)
        if target.exact and target.use is Use.text and dtype.is_float():
            return legible_numbers(value), dtype
        return None

    def _is_text(self, target: Target) -> bool:
        """Whether it is cleaned. In an address nothing is; of a phone number only digits count."""
        if target.use in (Use.email, Use.phone) or self._is_checked(target):
            return False
        return holds_text(self._text_type(target))

    def _text_type(self, target: Target) -> bodies.Dtype:
        dtype = self.schema[target.column]
        return pl.String() if isinstance(dtype, bodies.TEXTS) else dtype

    def _is_checked(self, target: Target) -> bool:
        return target.name in self.layout.checked

    def _id_too_long(self) -> pl.Expr:
        name, longest = self.match.external_id, self.layout.longest.get("external_id")
        if name is None or longest is None:
            return pl.lit(False)
        value, dtype = self._given(name)
        long = bodies.text(value, dtype).str.len_chars() > longest
        return bodies.present(pl.when(long).then(value), dtype).fill_null(value=False)


def judged(frame: pl.LazyFrame, how: Matching, large: pl.Expr | None = None) -> pl.LazyFrame:
    """ROW, given (email as in the source), email, reason; `large` marks the too large ones.

    Without it, `too_large` are all rows that might be.
    """
    reason = how.reason(how.bulky() if large is None else large)
    return frame.select(ROW, given=how.given_email(), email=how.email(), reason=reason)


def encoded(frame: pl.LazyFrame, how: Matching) -> pl.LazyFrame:
    """ROW, email, body, bytes, clear, and a boolean for each of Warned, of rows that can be sent.

    For each of Shared that is matched, the hash of the identifier; and `person`, see there.
    `clear` is a JSON text: the names of the targets that are to be empty in the end; null for none.
    """
    layout = how.layout
    texts = how.prepared(frame).select(
        ROW,
        email=EMAIL,
        **how.warnings(),
        **how.identifiers(),
        person=how.person(),
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
    names = (ROW, "email", "person", *Warned, *how.identifiers())
    named = texts.select(*names, body=body, clear=clear)
    return named.with_columns(bytes=pl.col("body").str.len_bytes())


def likely(frame: pl.LazyFrame, how: Matching) -> pl.LazyFrame:
    """The rows that can be sent, unless their body proves too large."""
    large = pl.lit(Reason.too_large, REASONS)
    return _with_reason(frame, how, lambda reason: reason.is_null() | (reason == large))


def hashed(frame: pl.LazyFrame, how: Matching, hash: pl.Expr) -> pl.LazyFrame:
    """email, hash of what is sent, clears, person, of each address that can be, the first row."""
    fit = encoded(likely(frame, how), how).filter(pl.col("bytes") <= how.layout.largest)
    first = pl.col("hash", "clears", "person").sort_by(ROW).first()
    clears = pl.col("clear").is_not_null()
    return fit.select(ROW, "email", "person", hash=hash, clears=clears).group_by("email").agg(first)


def too_large(frame: pl.LazyFrame, how: Matching) -> pl.Series:
    """ROW of those that can't be sent for their size alone; makes only bodies that are in doubt."""
    large = pl.lit(Reason.too_large, REASONS)
    doubtful = _with_reason(frame, how, lambda reason: reason == large)
    found = encoded(doubtful, how).filter(pl.col("bytes") > how.layout.largest).select(ROW)
    return found.collect(engine="streaming")[ROW]


def _with_reason(
    frame: pl.LazyFrame, how: Matching, wanted: Callable[[pl.Expr], pl.Expr]
) -> pl.LazyFrame:
    """The rows whose reason, by a size that is only estimated, is wanted.

    The reason is a column first: as part of a filter it costs the square of the matched columns.
    """
    judged = frame.with_columns(how.reason(how.bulky()).alias(_DOUBT))
    return judged.filter(wanted(pl.col(_DOUBT))).drop(_DOUBT)


def _within(name: str, start: str, end: str, otherwise: str | None = None) -> Iterable[pl.Expr]:
    """Text between its brackets if there is any, as pieces: each copy of long texts costs time."""
    filled = pl.col(name).str.len_bytes() > 0
    closed = pl.when(filled).then(pl.lit(end)).otherwise(pl.lit(otherwise, pl.String))
    return pl.when(filled).then(pl.lit(start)), pl.col(name), closed
