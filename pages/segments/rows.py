"""The segments as rows: over which source, who uses them, how many people they have."""

from dataclasses import replace

from core.access import Person, Role
from core.texts import _, many
from pages.runs import counted
from pages.segments import actions
from pages.segments.facts import SegmentItem
from pages.ui import frame, links, row_cells
from pages.ui.finders import Filter, Finders
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, when


def table(person: Person) -> Table[SegmentItem]:
    """How segments look as rows to this person."""
    manages = person.role >= Role.contributor
    return Table(
        is_sample=lambda item: item.row.sample,
        kind="segment",
        columns=COLUMNS,
        identity=lambda item: (item.row.id, item.row.name),
        link=lambda item: links.segment(item.row.id, item.row.name),
        actions=actions.menu if manages else None,
        action_width=34,
        bulk=actions.bulk if manages else None,
        name_width=180,
    )


def finders(person: Person) -> Finders[SegmentItem]:
    """What narrows the list of segments."""
    return Finders(
        table(person),
        _("Find a segment"),
        _("Name, source"),
        lambda item: f"{item.row.name} {item.source.name}",
        STATES,
        FILTERS,
    )


def users(item: SegmentItem) -> Link | None:
    """To the exports that use it, or to its page, which names the segments that do."""
    if item.outer and not item.users:
        text = many("{n} segment", "{n} segments", len(item.outer))
        return replace(links.segment(item.row.id, item.row.name), label=text)
    return links.users(item.users.keys(), "segment", item.row.name)


def _rules(item: SegmentItem) -> str:
    return row_cells.clamped(item.rules)


def _status(item: SegmentItem) -> str:
    why = counted.why_not(item.row, item.source) if item.row.active else None
    return row_cells.badge(*counted.status(item.row, item.source), frame.readable(why))


def _people(item: SegmentItem) -> str:
    if item.row.members is None:
        return row_cells.text(_("not counted"), gray=True)
    return row_cells.number(f"{item.row.members:,}", _("people"), item.sizes)


def _counted(item: SegmentItem) -> str:
    at = item.row.counted_at
    return row_cells.text(brief(at), gray=True, whole=when(at) if at else "")


def _owner(item: SegmentItem) -> str:
    name = item.row.created_by
    return row_cells.mark(name, _("Owner: {name}").format(name=name))


COLUMNS: tuple[Column[SegmentItem], ...] = (
    Column(
        "source",
        _("Source"),
        width=112,
        order=lambda item: item.source.name.casefold(),
        link=lambda item: links.source(item.source.id, item.source.name),
    ),
    Column(
        "used",
        _("Used by"),
        width=76,
        order=lambda item: (-len(item.users), -len(item.outer)),
        link=users,
    ),
    Column("rules", _("Rules"), _rules, wide=True),
    Column("status", _("Status"), _status, 84, order=lambda item: not item.row.active),
    Column(
        "people",
        _("People"),
        _people,
        130,
        order=lambda item: -(item.row.members if item.row.members is not None else -1),
        number=True,
    ),
    Column(
        "counted",
        _("Counted"),
        _counted,
        84,
        order=lambda item: -item.row.counted_at.timestamp() if item.row.counted_at else 0.0,
        wide=True,
    ),
    Column(
        "owner", _("By"), _owner, 28, order=lambda item: item.row.created_by.casefold(), widest=True
    ),
)
STATES = {
    "all": (_("All"), lambda _item: True),
    "active": (_("Active"), lambda item: bool(item.row.active)),
    "inactive": (_("Inactive"), lambda item: not item.row.active),
    "unused": (_("Not used"), lambda item: not item.users and not item.outer),
}
FILTERS = {
    "source": Filter(_("Source"), lambda item: [item.source.name]),
    "owner": Filter(_("Owner"), lambda item: [item.row.created_by]),
}
