"""What the columns of a saved source hold, for whoever writes rules over it."""

from collections.abc import Sequence

from core.access import Action, Person
from core.audience.looks import opened
from core.profiles import sources
from core.profiles.segments import contents as found
from core.profiles.segments.contents import Contents, Counted
from core.profiles.segments.grouped import grouped
from core.profiles.sources import POLARS, Kind, engine_of
from core.readers import by_reader
from core.store import Store
from core.store.tables.data import SourceRow


def contents(
    store: Store, person: Person, row: SourceRow, fields: Sequence[str]
) -> dict[str, Contents]:
    """What these fields hold, as far as the source still has them. Raises Denied, SourceFailed."""
    store.require(person, Action.manage_segments)
    return _contents(store, row, list(fields))


def near(store: Store, person: Person, row: SourceRow, field: str, value: str) -> Counted:
    """What one may have meant by a value that nobody has. Raises Denied, SourceFailed."""
    store.require(person, Action.manage_segments)
    return _near(store, row, field, value)


@by_reader
def _contents(store: Store, row: SourceRow, fields: list[str]) -> dict[str, Contents]:
    source = opened(store, row)
    with sources.translated(source):
        schema = source.schema()
        names = [field for field in fields if field in schema]
        if engine_of(schema) != POLARS:
            return found.contents_there(source, names)
        return found.contents(source.scan().to_native(), schema, names)


@by_reader
def _near(store: Store, row: SourceRow, field: str, value: str) -> Counted:
    source = opened(store, row)
    with sources.translated(source):
        schema = source.schema()
        if field not in schema:
            return ()
        if engine_of(schema) == POLARS:
            return found.near(source.scan().to_native(), schema, field, value)
        if schema[field] is not Kind.text:
            return ()
        return found.near_of(grouped(source, field, Kind.text).lazy(), value)
