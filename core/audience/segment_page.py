"""What the page of a segment shows of its members: what they are like, and how segments overlap."""

from collections.abc import Sequence

from core.access import Action, Person, may
from core.audience import looks
from core.audience.looks import opened
from core.audience.members import resolved
from core.masking import Masks
from core.profiles import sources
from core.profiles.segments import checks, description
from core.profiles.segments.description import Description, When
from core.profiles.segments.ranked import placed
from core.profiles.segments.rules import Group
from core.profiles.sources.sampled import sampled
from core.readers import by_reader
from core.store import Store, preferences
from core.store.tables.data import SourceRow


def describe(
    store: Store, person: Person, row: SourceRow, rules: Group, names: Sequence[str]
) -> Description:
    """The members of a segment, by these fields. Raises Denied, SourceFailed, Unknown, Invalid.

    Values are masked for those who may not see them all.
    """
    store.require(person, Action.look)
    seen = None if may(person, Action.see_addresses) else looks.masks(store, row)
    whole = resolved(store, row, {"": rules})[""]
    return _described(store, row, whole, list(names), seen)


def overlap(
    store: Store, person: Person, row: SourceRow, groups: Sequence[Group]
) -> dict[tuple[bool, ...], int]:
    """How many are in exactly these of the segments. Raises Denied, SourceFailed, Unknown."""
    store.require(person, Action.look)
    named = {str(n): rules for n, rules in enumerate(groups)}
    return _overlap(store, row, list(resolved(store, row, named).values()))


@by_reader
def _described(
    store: Store, row: SourceRow, rules: Group, names: list[str], seen: Masks | None
) -> Description:
    source = opened(store, row)
    with sources.translated(source):
        when = _when(store)
        checks.check(rules, source.schema(), row.name)
        # Among all people, of whom a database gives some.
        scan, places = placed(source.scan(), [rules], source.schema(), when.today, when.time_zone)
        frame, schema = sampled(source, [*names, *rules.fields()], scan)
        fields = [name for name in names if name in schema]
        return description.describe(
            frame, places.rules(rules), places.schema(schema), fields, when, seen
        )


@by_reader
def _overlap(store: Store, row: SourceRow, groups: list[Group]) -> dict[tuple[bool, ...], int]:
    source = opened(store, row)
    with sources.translated(source):
        schema = source.schema()
        for rules in groups:
            checks.check(rules, schema, row.name)
        frame, when = source.scan(), _when(store)
        return description.overlap(frame, groups, schema, when, source.small)


def _when(store: Store) -> When:
    with store.begin() as session:
        return When(*preferences.day_of_rules(session))
