"""“Run all”: at once, a run of each export that has an active schedule."""

from collections.abc import Iterable

from sqlmodel import Session

from core.access import Action, Person, may
from core.runs.scheduler import hindrance, schedule_for
from core.runs.several import Done, each
from core.store import Store, exports, preferences
from core.store.requests import request
from core.store.tables.exports import ExportRow


def scheduled(session: Session, person: Person) -> list[ExportRow]:
    """The exports that run by themselves and that the person may run, by name.

    None that is paused, has no connection, or runs already.
    """
    refresh = preferences.refresh(session)
    return [
        row
        for row in exports.everything(session)
        if schedule_for(row, refresh)
        and hindrance(session, row) is None
        and may(person, Action.run, exports.connection_of(session, row))
    ]


def run_each(store: Store, person: Person, export_ids: Iterable[int]) -> Done:
    """Asks for a run of each of these exports. One that is refused stops no other."""
    return each(store, export_ids, lambda session, row: request(session, person, row))


def run_all(store: Store, person: Person) -> Done:
    """Asks for all these runs. One that is refused stops no other."""
    with store.begin() as session:
        wanted = [row.id for row in scheduled(session, person)]
    return run_each(store, person, wanted)
