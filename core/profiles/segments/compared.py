"""What rules compare: columns of ours, beside those that a source has.

Texts are cleaned and composed first. In other engines than polars every column that rules look at
is prepared, so that the engine's own ideas of a text or a number make no difference.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.columns import column, own
from core.profiles.cleaning import comparable, holds_text
from core.profiles.matching.emails import WHITE_SPACE
from core.profiles.segments.address_list import AddressList, addresses_of
from core.profiles.segments.comparisons import Column
from core.profiles.segments.numbers import ANY
from core.profiles.segments.places import Places
from core.profiles.segments.rules import Group
from core.profiles.segments.shares import Share, numbered
from core.profiles.segments.top import PREFIX
from core.profiles.sources import Kind, Schema, engine_of

ShareOf = tuple[str, str]  # a field, and what stands before its text in a share's hash
ListOf = tuple[str, AddressList]  # a field, and the list that its address may be in


@dataclass(frozen=True, slots=True)
class Compared:
    """Which columns are compared in place of fields, and what they hold.

    `is_bare`: whether they are null wherever a field is empty.
    """

    schema: Schema
    types: Mapping[str, nw.dtypes.DType]  # of the columns of the frame, ours among them
    names: Mapping[str, str] = field(default_factory=dict)  # of columns of ours, by field
    is_bare: bool = False
    shares: Mapping[ShareOf, str] = field(default_factory=dict)  # of those with digits, see shares
    addresses: Mapping[str, str] = field(default_factory=dict)  # of those with addresses, by field
    lists: Mapping[ListOf, str] = field(default_factory=dict)  # of those that say who is in one
    plain: Mapping[str, str] = field(default_factory=dict)  # of those with texts as written
    places: Places = field(default_factory=Places)  # of those with a place, see ranked

    @property
    def ours(self) -> list[str]:
        """The names of all columns of ours."""
        every = (self.names, self.shares, self.addresses, self.lists, self.plain)
        return [*(name for names in every for name in names.values()), *self.places.names]

    def column(self, field: str, today: date, zone: ZoneInfo) -> Column:
        """What is compared of a field."""
        name = self.names.get(field, field)
        dtype = self.types[name]
        return Column(
            name,
            self.schema[field],
            today,
            zone,
            places=_places(dtype, is_scaled=not self.is_bare),
            is_zoned=isinstance(dtype, nw.Datetime) and dtype.time_zone is not None,
            is_bare=self.is_bare and field in self.names,
            shares={prefix: name for (of, prefix), name in self.shares.items() if of == field},
            address=self.addresses.get(field),
            lists={known: name for (of, known), name in self.lists.items() if of == field},
            plain=self.plain.get(field),
        )


def compared(
    frame: nw.LazyFrame[Any], rules: Iterable[Group], schema: Schema, more: Collection[str] = ()
) -> tuple[nw.LazyFrame[Any], Compared]:
    """The frame with columns of ours beside it, for what the rules look at, and `more` fields."""
    wanted = _wanted(list(rules), more)
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return _with_texts(native, wanted, schema)
    return _prepared(native, wanted, schema)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What rules look at: fields, those of shares, and those whose addresses are in a list."""

    fields: Collection[str]
    shares: Collection[ShareOf]
    lists: Collection[ListOf]

    @property
    def listed(self) -> set[str]:
        """The fields whose addresses are in a list."""
        return {name for name, _list in self.lists}


def _wanted(rules: Sequence[Group], more: Collection[str]) -> _Wanted:
    every = [rule for group in rules for rule in group.rules()]
    tops = [one.top for group in rules for one in group.tops() if one.top]
    shares = {(rule.field, rule.value.prefix) for rule in every if isinstance(rule.value, Share)}
    return _Wanted(
        {name for group in rules for name in group.fields()}.union(more),
        shares.union((top.ties, PREFIX) for top in tops),
        {(rule.field, rule.value) for rule in every if isinstance(rule.value, AddressList)},
    )


def _with_texts(
    native: pl.LazyFrame, wanted: _Wanted, schema: Schema
) -> tuple[nw.LazyFrame[Any], Compared]:
    types = native.collect_schema()
    names = {name: own(f"compared {name}") for name in wanted.fields if holds_text(types[name])}
    texts = [
        column(name)
        .map_batches(comparable, return_dtype=types[name], is_elementwise=True)
        .alias(ours)
        for name, ours in names.items()
    ]
    shares, addresses = _numbered(wanted.shares, names), _addresses(wanted.listed, names)
    more = [
        pl.col(names[name])
        .map_batches(partial(numbered, prefix=prefix), pl.String, is_elementwise=True)
        .alias(ours)
        for (name, prefix), ours in shares.items()
    ]
    for name, ours in addresses.items():
        bare = pl.col(names[name]).str.strip_chars(WHITE_SPACE)
        more.append(bare.str.to_lowercase().alias(ours))
    native = native.with_columns(texts)
    frame = nw.from_native(native.with_columns(more) if more else native)
    found = Compared(schema, frame.collect_schema(), names, shares=shares, addresses=addresses)
    return frame, found


def _numbered(shares: Collection[ShareOf], names: Mapping[str, str]) -> dict[ShareOf, str]:
    """Names of the columns with digits; fields without texts, of which nothing is known, need none.

    They are short, for a database may cut names.
    """
    wanted = sorted(share for share in shares if share[0] in names)
    return {share: own(f"share {n}") for n, share in enumerate(wanted, 1)}


def _addresses(listed: Collection[str], names: Mapping[str, str]) -> dict[str, str]:
    """Names of the columns with texts as addresses are sent, in the same way."""
    wanted = sorted(name for name in listed if name in names)
    return {name: own(f"address {n}") for n, name in enumerate(wanted, 1)}


def _lists(lists: Collection[ListOf], addresses: Mapping[str, str]) -> dict[ListOf, str]:
    """Names of the columns that say who is in a list; nobody is in one without addresses."""
    wanted = [one for one in lists if one[0] in addresses and addresses_of(one[1])]
    ordered = sorted(wanted, key=lambda one: (one[0], one[1].name))
    return {one: own(f"list {n}") for n, one in enumerate(ordered, 1)}


def _prepared(native: Any, wanted: _Wanted, schema: Schema) -> tuple[nw.LazyFrame[Any], Compared]:
    from core.profiles.sources.databases import prepared as there  # heavy

    kinds = {name: schema[name] for name in sorted(wanted.fields)}
    names = {name: own(f"compared {n}") for n, name in enumerate(kinds, 1)}
    texts = {name: ours for name, ours in names.items() if kinds[name] is Kind.text}
    shares, addresses = _numbered(wanted.shares, texts), _addresses(wanted.listed, texts)
    digits = {ours: (names[name], prefix) for (name, prefix), ours in shares.items()}
    table = there.with_shares(there.prepared(native, kinds, names), digits)
    table = there.with_addresses(table, {ours: names[name] for name, ours in addresses.items()})
    lists = _lists(wanted.lists, addresses)
    asked = {ours: (addresses[name], addresses_of(of)) for (name, of), ours in lists.items()}
    table, plain = there.with_lists(table, asked), _plain(texts, schema)
    frame = nw.from_native(there.with_plain(table, plain))
    types = frame.collect_schema()
    return frame, Compared(schema, types, names, True, shares, addresses, lists, plain)


def _plain(texts: Collection[str], schema: Schema) -> dict[str, str]:
    """Names of the columns with texts as they are written, where they sort by their characters.

    SQLite may keep UTF-16, and sorts its bytes; of a text it knows itself quickly what is clean.
    """
    if engine_of(schema) == "sqlite":
        return {}
    return {name: own(f"plain {n}") for n, name in enumerate(texts, 1)}


def _places(of: nw.dtypes.DType, *, is_scaled: bool) -> int | None:
    """After the point; of decimals in databases the schema doesn't say how many there are."""
    if isinstance(of, nw.Decimal):
        return of.scale if is_scaled else ANY
    return 0 if of.is_integer() else None
