"""A match applied to a frame: the value of each field in its rows, as expressions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from core.columns import column, own
from core.errors import Unknown
from core.layout import Layout
from core.profiles.cleaning import holds_text
from core.profiles.matching import bodies, emails, optional, phones
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
from core.profiles.matching.legible import legible_numbers
from core.profiles.matching.texts import sent
from core.profiles.sources import LEFT_OUT, ROW, SEGMENTS
from core.profiles.sources.frames import kind_of
from core.texts import _

TEXTS = own("texts")  # a struct of all texts as they are sent
ADDRESS = own("address")  # as given, without blanks around
EMAIL, PHONE = own("email"), own("phone_number")  # as they are sent


@dataclass(frozen=True, slots=True)
class Matching:
    """A match applied to a frame of known types: what its fields hold, as expressions."""

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
        ours = [ROW, *(name for name in (LEFT_OUT, SEGMENTS) if name in self.schema)]
        return [column(name) for name in (*ours, *needed)]

    @property
    def targets(self) -> Mapping[str, Target]:
        """Every field that is fed, by its name."""
        return {target.name: target for target in targets(self.match)}

    def prepared(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with ADDRESS, EMAIL, PHONE, and a column for each value that is sent otherwise.

        Warnings, attributes, and what is to be cleared are expressions over such rows.
        """
        texts = {t.name: t for t in self.targets.values() if self.is_cleaned_text(t)}
        if texts:
            types = {name: self.text_type(target) for name, target in texts.items()}
            given = {n: column(t.column).cast(types[n]) for n, t in texts.items()}
            exact = [name for name, target in texts.items() if target.exact]
            frame = frame.with_columns(sent(given, types, exact).alias(TEXTS))
        ready = frame.with_columns(
            changed[0].alias(own(target.name))
            for target in self.targets.values()
            if (changed := self.changed(target)) is not None
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

    def phone(self) -> pl.Expr:
        """The number in E.164; null where there is none or it is invalid."""
        target, region = self.targets.get("phone_number"), self.phone_region
        if target is None:
            return pl.lit(None, dtype=pl.String)
        text = bodies.text(*self.value(target))
        if isinstance(region, RegionColumn):
            return phones.e164(text, column(region.column).cast(pl.String))
        return phones.e164(text, region)

    def given(self, name: str) -> tuple[pl.Expr, bodies.Dtype]:
        """A column as the source has it."""
        return column(name), self.schema[name]

    def value(self, target: Target) -> tuple[pl.Expr, bodies.Dtype]:
        """What of the target's column is sent, in prepared rows."""
        changed = self.changed(target)
        if changed is None:
            return self.given(target.column)
        return pl.col(own(target.name)), changed[1]

    def changed(self, target: Target) -> tuple[pl.Expr, bodies.Dtype] | None:
        """The value where it isn't sent as given; None where it is."""
        if self.is_cleaned_text(target):
            return pl.col(TEXTS).struct.field(target.name), self.text_type(target)
        value, dtype = self.given(target.column)
        if self.is_checked(target):
            return optional.fitting(target.name, value, dtype)
        if target.exact and target.use is Use.text and dtype.is_float():
            return legible_numbers(value), dtype
        return None

    def is_cleaned_text(self, target: Target) -> bool:
        """Whether it is cleaned. In an address nothing is; of a phone number only digits count."""
        if target.use in (Use.email, Use.phone) or self.is_checked(target):
            return False
        return holds_text(self.text_type(target))

    def is_checked(self, target: Target) -> bool:
        """Whether the destination may refuse it unless it has its form."""
        return target.name in self.layout.checked

    def text_type(self, target: Target) -> bodies.Dtype:
        """The type of its column; of texts of any sort that of plain text."""
        dtype = self.schema[target.column]
        return pl.String() if isinstance(dtype, bodies.TEXTS) else dtype
