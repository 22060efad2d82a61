"""Below the line that takes the first of a group's people: how many there are, and the last."""

from datetime import date, datetime
from typing import Any

from core.access import Person
from core.audience import borders
from core.errors import SegferryError
from core.profiles.segments.borders import Border
from core.profiles.segments.rules import Group
from core.profiles.segments.top import Top
from core.store.tables.data import SourceRow
from core.texts import _
from pages.segments import counts, draft, readings
from pages.segments.board import Board
from pages.ui import cells, frame
from pages.ui.words import plain

KEY = "segment-borders"  # in the session: those of this reading of this source


def fill(person: Person, board: Board, source: SourceRow) -> None:
    """Writes it where it belongs, for each group that is finished and right."""
    for node in draft.nodes(board.root):
        slot, group = board.ends.get(node["id"]), draft.value_of(node)
        if slot is None or group is None or group.top is None:
            continue
        whole = counts.right(group, board)
        found = _border(person, source, whole) if whole else None
        if found:
            slot.markdown(f":small[:gray[{plain(in_words(found, group.top))}]]")


def in_words(found: Border, top: Top) -> str:
    """As in “1,000 of 36,233 with a value, from 412.5 up.”, and who decides at the border."""
    if not found.people:
        return _("Nobody of them has a value in {field}.").format(field=top.by)
    parts: list[str] = []
    if found.within < found.alike:
        parts.append(_("{n} people have that value, with room for {within}: {ties} decides."))
    if found.first < min(top.count, found.people):
        parts.append(_("People that are alike in {ties} as well are all in, or none of them."))
    given = {"n": f"{found.alike:,}", "within": f"{found.within:,}", "ties": top.ties}
    first = [_reach(found, top)] if found.first else []
    return " ".join([*first, *(part.format(**given) for part in parts)])


def _reach(found: Border, top: Top) -> str:
    text = _("{first} of {all} with a value, from {value} up.")
    if not top.is_descending:
        text = _("{first} of {all} with a value, up to {value}.")
    given = {"first": f"{found.first:,}", "all": f"{found.people:,}"}
    return text.format(**given, value=_written(found.value))


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}".strip()
    return str(value) if isinstance(value, date) else cells.number(value)


def _border(person: Person, source: SourceRow, group: Group) -> Border | None:
    """Looked up once for each reading of the source; None where it can't be read, as counts say."""
    known: dict[str, Border] = readings.kept(KEY, source)
    text = group.model_dump_json(exclude_none=True)
    if text not in known:
        try:
            known[text] = borders.border(frame.store(), person, source, group)
        except SegferryError:
            return None
    return known[text]
