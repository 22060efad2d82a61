"""What exports are searched, counted and filtered by."""

from core.texts import _
from pages.exports.rows import ExportItem, table
from pages.runs import standing
from pages.ui.finders import Filter, Finders


def finders() -> Finders[ExportItem]:
    """What narrows the list of exports."""
    return Finders(
        table([]),
        _("Find an export"),
        _("Name, segment, list"),
        _text,
        STATES,
        FILTERS,
    )


def _text(item: ExportItem) -> str:
    return " ".join((item.row.name, *item.segments, item.list, *item.tags))


def _has(item: ExportItem, *states: str) -> bool:
    """Whether one of these is the export's; one that waits for somebody may be paused, too."""
    found = {item.status, item.state.needs or item.state.status}
    return bool((found | {"paused"} if item.paused else found) & set(states))


def needs_attention(item: ExportItem) -> bool:
    """Whether somebody should look at it: it waits, lost profiles, or can't run."""
    return _has(item, *standing.NEEDS, "partial", "detached")


def _schedule(item: ExportItem) -> str:
    kind = item.row.spec.get("schedule", "off")
    if kind == "refresh":
        return _("With the refresh")
    return _("None") if kind == "off" else _("Own times")


STATES = {
    "all": (_("All"), lambda _item: True),
    "attention": (_("Needs attention"), needs_attention),
    "running": (_("Running"), lambda item: _has(item, *standing.BUSY)),
    "paused": (_("Paused"), lambda item: _has(item, "paused")),
    "never": (_("Never run"), lambda item: _has(item, "never")),
}
FILTERS = {
    "connection": Filter(
        _("Connection"),
        lambda item: [item.connection.name if item.connection else _("No connection")],
    ),
    "list": Filter(_("List"), lambda item: [item.list]),
    "segment": Filter(_("Segment"), lambda item: [*item.segments, *item.excluded]),
    "schedule": Filter(_("Schedule"), lambda item: [_schedule(item)]),
    "owner": Filter(_("Owner"), lambda item: [item.row.created_by]),
    "tag": Filter(_("Tag"), lambda item: item.tags),
}
