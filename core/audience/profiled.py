"""What a saved source looks like, column by column, as it is kept of each refresh."""

from datetime import date

from core.access import Action, Person
from core.audience.looks import opened
from core.profiles.freshness import Freshness
from core.profiles.source_profile import profile
from core.profiles.summary import Summary
from core.readers import by_reader
from core.store import Store, preferences
from core.store import sources as sources_store
from core.store.tables.data import SourceRow


def profiled(store: Store, person: Person, row: SourceRow, freshness: Freshness | None) -> Summary:
    """The source with all its columns, without anything that tells of a single person.

    Raises Denied, SourceFailed.
    """
    store.require(person, Action.manage_sources)
    with store.begin() as session:
        personal = sources_store.masks(session, row).personal
        today, _zone = preferences.day_of_rules(session)
    return _profiled(store, row, frozenset(personal), today, freshness)


@by_reader
def _profiled(
    store: Store,
    row: SourceRow,
    personal: frozenset[str],
    today: date,
    freshness: Freshness | None,
) -> Summary:
    return profile(opened(store, row), personal, today, freshness)
