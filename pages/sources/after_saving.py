"""What follows once a source is saved: segments are counted again, what is missing is a notice."""

from core.access import Person
from core.errors import SegferryError
from core.runs import refreshing
from core.store import lost_columns, sources
from pages.runs.recount import notify_problems, recount
from pages.ui import frame


def follow(person: Person, name: str) -> None:
    """Counts the segments of the source, and reads those that it is joined to.

    A rule that no longer fits, or a column that is gone, is a notice: the source is saved.
    """
    with frame.store().begin() as session:
        row = sources.find(session, name)
        lost = lost_columns.missing(session, row)
    for sentence in lost_columns.sentences(row, lost):
        frame.notify(sentence, failed=True)
    recount(person, row)
    try:
        found = refreshing.reload_joining(frame.store(), person, row)
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        notify_problems(found)
