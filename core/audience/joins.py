"""Fields from other sources, looked at before they are saved: rows with them, and what matches."""

from dataclasses import dataclass

from core.access import Person
from core.audience import looks
from core.configuration.source import Source, open_source
from core.profiles.joined.matches import Matches, matches
from core.profiles.joined.source import JoinedSource
from core.readers import by_reader
from core.store import Store
from core.store import sources as sources_store
from core.store.tables.data import SourceRow


@dataclass(frozen=True, slots=True)
class FoundJoins:
    """What a source holds with its fields, and how many rows match of each table."""

    found: looks.Found
    matches: list[Matches]


def look(store: Store, person: Person, spec: Source, row: SourceRow | None = None) -> FoundJoins:
    """The source with its fields, as the person describes it; `row` is the one that they edit.

    Raises Denied, Unknown, Invalid, SourceFailed.
    """
    found = looks.look(store, person, spec, row)
    confined = sources_store.confined(person, spec, row)
    ready = looks.ready(store, spec, row.id if row else None)
    return FoundJoins(found, _matches(store, ready, confined))


@by_reader
def _matches(store: Store, spec: Source, confined: bool) -> list[Matches]:
    day = looks.day_of_rules(store)
    source = open_source(spec, store.settings, confined=confined, day=day)
    return matches(source) if isinstance(source, JoinedSource) else []
