"""“Run all”: at once, a run of each export that has an active schedule."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from core.access import Action, Person, may
from core.errors import SegferryError
from core.runs.scheduler import hindrance, schedule_for
from core.store import Store, exports, preferences
from core.store.requests import request
from core.store.tables.exports import ExportRow


@dataclass(frozen=True, slots=True)
class Started:
    """How many runs were begun, and why others weren't, by the name of their export."""

    runs: int
    refused: Mapping[str, str]


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


def run_all(store: Store, person: Person) -> Started:
    """Asks for all these runs. One that is refused stops no other."""
    with store.begin() as session:
        wanted = {row.id: row.name for row in scheduled(session, person)}
    begun, refused = 0, dict[str, str]()
    for id, name in wanted.items():
        try:
            with store.begin() as session:
                request(session, person, exports.find(session, id))
        except SegferryError as error:
            refused[name] = str(error)
        else:
            begun += 1
    return Started(begun, refused)
