"""Counting the segments of a source again; what could not be counted becomes a notice."""

from collections.abc import Iterable

from core.access import Person
from core.audience import members
from core.errors import SegferryError
from core.runs import refreshing
from core.store.tables.data import SourceRow
from core.store.tables.refreshes import RefreshedSource
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


def notify_problems(found: Iterable[RefreshedSource]) -> None:
    """Says what went wrong with sources that were read again, and with their segments."""
    for one in found:
        for problem in refreshing.problems(one):
            frame.notify(problem, failed=True)
