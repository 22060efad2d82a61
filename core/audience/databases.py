"""What pages show of a database: its tables, and the SQL that the rules of a segment become."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from core.access import Action, Person
from core.audience.looks import check_reads, opened, ready
from core.configuration.source import tables_of
from core.errors import Outside
from core.profiles.segments import checks, counts, lists_within
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.rules import Group
from core.profiles.sources import POLARS, engine_of
from core.readers import by_reader
from core.store import Store, preferences, segments_within, sources
from core.store.tables.data import SourceRow
from core.texts import many

if TYPE_CHECKING:
    from core.profiles.sources.databases.source import DatabaseSource


@dataclass(frozen=True, slots=True)
class Statements:
    """What is sent to the database to count a segment, and to read its members."""

    count: str
    members: str


def tables(store: Store, person: Person, url: str | None, row: SourceRow | None) -> list[str]:
    """The tables and views at this URL, or at that of the source `row`, as its role may read them.

    Raises Denied, SourceFailed, Invalid; Outside, which the audit notes.
    """
    check_reads(store, person, None if url else row, None)
    try:
        return _tables(store, url, row)
    except Outside as error:
        store.note_refusal(str(error), person)
        raise


def statements(store: Store, person: Person, row: SourceRow, rules: Group) -> Statements:
    """The SQL of a segment over a saved source of a database. Raises Denied, SourceFailed."""
    store.require(person, Action.manage_segments)
    return _statements(store, row, rules)


@by_reader
def _tables(store: Store, url: str | None, row: SourceRow | None) -> list[str]:
    if url is None and row is not None:
        spec = ready(store, sources.spec(row), row.id)
        return tables_of(spec.url or "", store.settings, confined=row.confined)
    return tables_of(url or "", store.settings, confined=True)


@by_reader
def _statements(store: Store, row: SourceRow, rules: Group) -> Statements:
    with store.begin() as session:
        today, zone = preferences.day_of_rules(session)
        rules = segments_within.resolved(session, rules, row.id)
    source = opened(store, row)
    schema = source.schema()
    if engine_of(schema) == POLARS:
        return Statements("", "")
    checks.check(rules, schema, row.name)
    rules = _hidden(rules)
    counting = counts.counting(source, {"": rules}, today, zone)
    members = counts.members(source.scan(), {"": rules}, schema, today, zone)
    own = cast("DatabaseSource", source.alone())
    return Statements(own.sql(counting), own.sql(members.select(*schema)))


def _hidden(rules: Group) -> Group:
    """The rules with words in place of addresses, which aren't shown."""

    def in_words(one: AddressList) -> tuple[str, ...]:
        name, n = one.name, one.count
        return (many("{n} address of “{name}”", "{n} addresses of “{name}”", n, name=name),)

    return lists_within.filled(rules, in_words)
