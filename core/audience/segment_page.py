"""What the page of a segment shows of its members: what they are like, and how segments overlap."""

from collections.abc import Sequence
from dataclasses import replace

from core import masking
from core.access import Action, Person, may
from core.audience.looks import opened
from core.profiles import sources
from core.profiles.segments import checks, description
from core.profiles.segments.description import Description, When
from core.profiles.segments.rules import Group
from core.readers import by_reader
from core.store import Store, preferences
from core.store.tables.data import SourceRow


def describe(
    store: Store, person: Person, row: SourceRow, rules: Group, names: Sequence[str]
) -> Description:
    """The members of a segment, by these fields. Raises Denied, SourceFailed, Unknown, Invalid.

    Addresses are masked for those who may not see them.
    """
    store.require(person, Action.look)
    found = _described(store, row, rules, list(names))
    if may(person, Action.see_addresses):
        return found
    columns = {
        name: tuple(replace(part, words=masking.masked(part.words)) for part in parts)
        for name, parts in found.columns.items()
    }
    different = tuple(replace(one, words=masking.masked(one.words)) for one in found.different)
    return replace(found, columns=columns, different=different)


def overlap(
    store: Store, person: Person, row: SourceRow, groups: Sequence[Group]
) -> dict[tuple[bool, ...], int]:
    """How many are in exactly these of the segments. Raises Denied, SourceFailed, Unknown."""
    store.require(person, Action.look)
    return _overlap(store, row, list(groups))


@by_reader
def _described(store: Store, row: SourceRow, rules: Group, names: list[str]) -> Description:
    source = opened(store.settings, row)
    with sources.translated(source):
        schema = source.schema()
        checks.check(rules, schema, row.name)
        fields = [name for name in names if name in schema]
        return description.describe(source.scan(), rules, schema, fields, _when(store))


@by_reader
def _overlap(store: Store, row: SourceRow, groups: list[Group]) -> dict[tuple[bool, ...], int]:
    source = opened(store.settings, row)
    with sources.translated(source):
        schema = source.schema()
        for rules in groups:
            checks.check(rules, schema, row.name)
        return description.overlap(source.scan(), groups, schema, _when(store))


def _when(store: Store) -> When:
    with store.begin() as session:
        return When(*preferences.day_of_rules(session))
