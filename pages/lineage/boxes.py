"""One thing as a box that links to its page: what it is, how it stands, what it waits for."""

from html import escape
from urllib.parse import urlencode

from core.runs.lineage import Kind, Lineage, Thing, Trouble
from core.texts import _, many
from pages.ui import kit, row_cells
from pages.ui.words import brief

TITLES = {
    Kind.source: _("Sources"),
    Kind.segment: _("Segments"),
    Kind.export: _("Exports"),
    Kind.list: _("Lists"),
}
MIXED = _("Sources, address lists")  # of the sources' column where some are there
STATES = {  # of trouble: its state in kit.STATUS, and the words for it
    Trouble.unreadable: ("failed", _("can’t be read")),
    Trouble.disconnected: ("broken", _("connection broken")),
    Trouble.failed: ("failed", _("failed")),
    Trouble.held: ("held", _("held")),
    Trouble.detached: ("detached", _("no connection")),
    Trouble.paused: ("paused", _("paused")),
    Trouble.inactive: ("inactive", _("inactive")),
}
TIMED = (Trouble.unreadable, Trouble.failed, Trouble.held)  # whose last time is that of the trouble
WAITS = ("orange", "schedule")  # the colour and the sign of what hangs on something with trouble


class Boxes:
    """Draws the boxes of a lineage: `whole` names what boxes wait for, shown or not."""

    def __init__(self, whole: Lineage, shown: Lineage) -> None:
        self._names = {one.key: one.name for one in whole.things}
        self._fed_by: dict[str, list[str]] = {}
        self._exports: dict[str, int] = {}  # by list, of everything
        for link in whole.links:
            self._fed_by.setdefault(link.end, []).append(link.start)
            self._exports[link.end] = self._exports.get(link.end, 0) + 1
        self.shown = shown

    def box(self, one: Thing) -> str:
        """The box, as HTML: a link whose words are read out in order."""
        color, icon = _look(one)
        sign = row_cells.sign(icon) if icon else ""
        below = self._below(one)
        from_ = ", ".join(self._names[key] for key in self._fed_by.get(one.key, ()))
        read = _("from {names}").format(names=from_) if from_ else ""
        return (
            f'<a class="sf-box {color}" href="{escape(self._address(one))}" target="_self" '
            f'title="{escape(f"{one.name} · {below}")}">'
            f'<span class="sf-box-name">{sign}{escape(one.name)}</span>'
            f'<span class="sf-box-note">{escape(below)}</span>'
            f'<span class="sf-hidden">{escape(read)}</span></a>'
        )

    def _address(self, one: Thing) -> str:
        if one.kind is Kind.source:
            return f"sources?source={one.id}"
        if one.kind is Kind.addresses:
            return "segments?view=lists"
        if one.kind is Kind.segment:
            return f"segment?segment={one.id}"
        if one.kind is Kind.list and self._exports.get(one.key, 0) > 1:
            return f"exports?{urlencode({'by-list': one.name})}"
        return f"export?export={one.id}"

    def _below(self, one: Thing) -> str:
        """The second line: its trouble, what it waits for, or its size and its time."""
        if one.trouble:
            when = brief(one.at, in_sentence=True) if one.trouble in TIMED else ""
            return _join(STATES[one.trouble][1], when)
        if one.because:
            first = self._names[one.because[0]]
            more = (
                many(" and {n} more", " and {n} more", rest)
                if (rest := len(one.because) - 1)
                else ""
            )
            waits = _("waits for {name}").format(name=first) + more
            return _join(waits, (one.connection or "") if one.kind is Kind.list else "")
        return _size(one)


def _look(one: Thing) -> tuple[str, str]:
    """Its colour and its sign; neither where all is well."""
    if one.trouble:
        _label, icon, color = kit.STATUS[STATES[one.trouble][0]]
        return color, icon
    return WAITS if one.because else ("", "")


def _size(one: Thing) -> str:
    at = brief(one.at, in_sentence=True)
    if one.kind is Kind.source:
        rows = _("not read yet") if one.size is None else many("{n} row", "{n} rows", one.size)
        return _join(rows, at)
    if one.kind is Kind.addresses:
        return many("{n} address", "{n} addresses", one.size or 0)
    if one.kind is Kind.segment:
        return _("not counted") if one.size is None else many("{n} person", "{n} people", one.size)
    if one.kind is Kind.export:
        return (
            _("ran {when}").format(when=brief(one.at, in_sentence=True))
            if one.at
            else _("never run")
        )
    return _join("" if one.size is None else f"{one.size:,}", one.connection or "")


def _join(*parts: str) -> str:
    return " · ".join(filter(None, parts))
