"""Of the people of an export: what one country would make of their phone numbers."""

from collections.abc import Mapping

from core.access import Action, Person
from core.audience.looks import opened
from core.audience.members import resolved
from core.columns import column
from core.profiles import sources
from core.profiles.matching.phone_countries import PhoneCountries
from core.profiles.matching.phone_countries import phone_countries as found
from core.profiles.segments import counts
from core.profiles.segments.rules import Group
from core.profiles.sources import written
from core.readers import by_reader
from core.store import Store, preferences
from core.store.tables.data import SourceRow


def phone_countries(
    store: Store, person: Person, row: SourceRow, name: str, segments: Mapping[str, Group]
) -> PhoneCountries:
    """Of those in any of the segments, by the column of this name. Raises Denied, SourceFailed."""
    store.require(person, Action.look)
    return _phone_countries(store, row, name, resolved(store, row, segments))


@by_reader
def _phone_countries(
    store: Store, row: SourceRow, name: str, segments: Mapping[str, Group]
) -> PhoneCountries:
    with store.begin() as session:
        today, zone = preferences.day_of_rules(session)
    source = opened(store, row)
    with sources.translated(source):
        schema = source.schema()
        members = counts.members(source.scan([name]), segments, schema, today, zone)
        frame = source.fetched(members, [name])
        types = frame.collect_schema()
        place = written(name, types)
        return found(frame, schema, column(place), types[place])
