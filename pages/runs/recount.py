"""Counting the segments of a source again; what could not be counted becomes a notice."""

from core.access import Person
from core.audience import members
from core.errors import SegferryError
from core.store.tables.data import SourceRow
from pages.ui import frame


def recount(person: Person, source: SourceRow) -> None:
    """Counts every active segment of the source, and says what went wrong."""
    try:
        counted = members.recount(frame.store(), person, source)
    except SegferryError as error:
        frame.notify(str(error), failed=True)
        return
    for one in counted:
        if one.problem:
            frame.notify(one.problem, failed=True)
