"""What follows once a source is saved: segments are counted again, what is missing is a notice."""

from core.access import Person
from core.audience import looks
from core.errors import SegferryError
from core.store import joined, lost_columns, sources
from core.store.tables.data import SourceRow
from pages.runs.recount import recount
from pages.ui import frame


def follow(person: Person, name: str) -> None:
    """Counts the segments of the source, and of those that it is joined to.

    A rule that no longer fits, or a column that is gone, is a notice: the source is saved.
    """
    with frame.store().begin() as session:
        row = sources.find(session, name)
        lost = lost_columns.missing(session, row)
        ids = joined.joining_also(session, [row.id]) - {row.id}
        others = joined.joined_first([sources.find(session, id) for id in sorted(ids)])
    for sentence in lost_columns.sentences(row, lost):
        frame.notify(sentence, failed=True)
    recount(person, row)
    for other in others:
        _read_again(person, other)


def _read_again(person: Person, row: SourceRow) -> None:
    try:
        looks.read(frame.store(), person, row)
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        recount(person, row)
