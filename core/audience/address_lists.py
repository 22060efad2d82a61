"""Address lists for whoever works with one: what is given, and how much of it a source has."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.access import Action, Person
from core.audience import kept
from core.audience.looks import opened
from core.audience.members import resolved
from core.columns import column
from core.configuration.address_list import addresses_in
from core.profiles import sources
from core.profiles.cleaning import comparable
from core.profiles.given_addresses import Given, from_text
from core.profiles.matching.emails import lowered, trimmed
from core.profiles.segments import checks, counts
from core.profiles.segments.address_list import addresses_of
from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group, Rule
from core.readers import by_reader
from core.store import Store, preferences
from core.store.downloads import Download, csv
from core.store.tables.data import SourceRow


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many addresses a list has, and how many of them a field of a source."""

    addresses: int
    there: int

    @property
    def missing(self) -> int:
        """Those that aren't in the source."""
        return self.addresses - self.there


def pasted(store: Store, person: Person, text: str) -> Given:
    """What of a text are addresses. Raises Denied, Invalid."""
    store.require(person, Action.manage_segments)
    return from_text(text)


def uploaded(store: Store, person: Person, path: Path) -> Given:
    """What of an upload are addresses; it is removed. Raises Denied, Invalid, SourceFailed."""
    store.require(person, Action.manage_segments)
    try:
        return _uploaded(store, path)
    finally:
        kept.drop(store, path)


def coverage(store: Store, person: Person, row: SourceRow, field: str, name: str) -> Coverage:
    """How much of a list is in a field of a source. Raises Denied, SourceFailed, Invalid."""
    store.require(person, Action.look)
    rules = _rules(store, row, field, name)
    every = addresses_of(next(rules.rules()).value)
    return Coverage(len(every), len(_there(store, row, rules)))


def missing_csv(store: Store, person: Person, row: SourceRow, field: str, name: str) -> bytes:
    """The addresses of a list that a field of a source lacks, as CSV. Raises as `coverage`."""

    def collected() -> pl.DataFrame:
        rules = _rules(store, row, field, name)
        there = frozenset(_there(store, row, rules))
        every = addresses_of(next(rules.rules()).value)
        return pl.DataFrame({"email": [one for one in every if one not in there]})

    return csv(store, person, Download.addresses, name, collected)


def _rules(store: Store, row: SourceRow, field: str, name: str) -> Group:
    rules = Group(all=(Rule(field=field, op=Op.in_list, value=name),))
    return resolved(store, row, {"": rules})[""]


@by_reader
def _uploaded(store: Store, path: Path) -> Given:
    return addresses_in(str(path), store.settings, confined=True)


@by_reader
def _there(store: Store, row: SourceRow, rules: Group) -> list[str]:
    """The different addresses of the list that the source has."""
    with store.begin() as session:
        today, zone = preferences.day_of_rules(session)
    source, (rule,) = opened(store, row), rules.rules()
    with sources.translated(source):
        schema = source.schema()
        checks.check(rules, schema, "")
        found = counts.members(source.scan(), {"": rules}, schema, today, zone)
        texts = source.fetched(found, [rule.field]).select(it=column(rule.field)).collect()["it"]
    address = lowered(trimmed(pl.col("it")))
    return comparable(texts).alias("it").to_frame().select(address.unique())["it"].to_list()
