"""Where the first of a group's people end, in a saved source, for whoever writes its rules."""

from core.access import Action, Person
from core.audience.looks import opened
from core.audience.members import resolved
from core.profiles.segments import borders, checks
from core.profiles.segments.borders import Border
from core.profiles.segments.rules import Group
from core.readers import by_reader
from core.store import Store, preferences
from core.store.tables.data import SourceRow


def border(store: Store, person: Person, row: SourceRow, rules: Group) -> Border:
    """Of a group that takes the first of its people. Raises Denied, SourceFailed, Invalid."""
    store.require(person, Action.manage_segments)
    return _border(store, row, resolved(store, row, {"": rules})[""])


@by_reader
def _border(store: Store, row: SourceRow, rules: Group) -> Border:
    with store.begin() as session:
        today, zone = preferences.day_of_rules(session)
    source = opened(store, row)
    checks.check(rules, source.schema(), row.name)
    return borders.border(source, rules, today, zone)
