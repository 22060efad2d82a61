"""What a source looked like in its last refresh, column by column, and what changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.masking import Masks
from core.profiles.column_summary import ColumnSummary, several
from core.profiles.profiled_there import SECONDS
from core.profiles.sources import Kind
from core.profiles.summary import Summary
from core.runs import moved
from core.store import refreshes, sources
from core.store.column_users import ColumnUsers, column_users
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.ui import frame, kit, links, row_cells, rows
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import percent, plain, when

CHANGES = 6  # that are shown
NAMED = 10  # things that a dialog names
VALUES = 3  # of the commonest


@dataclass(frozen=True, slots=True)
class ColumnItem:
    """A column with what its row shows; `hidden`: who may not see its values must not."""

    id: int
    name: str
    found: ColumnSummary
    rows: int
    users: ColumnUsers
    hidden: bool

    @property
    def empty(self) -> float:
        """The share of rows, 0 to 1, in which it is empty."""
        return self.found.empty / self.rows if self.rows else 0.0

    @property
    def uses(self) -> int:
        """How many segments, exports and other sources need it."""
        return sum(map(len, (self.users.segments, self.users.exports, self.users.sources)))


@dataclass(frozen=True, slots=True)
class Seen:
    """The last profile of a source, when it was made, and what changed since the one before."""

    items: list[ColumnItem]
    at: datetime | None
    rows: int
    changes: list[str]
    before: datetime | None
    uncounted: tuple[str, ...] = ()


def show(row: SourceRow) -> None:
    """The card; nothing before the first refresh that looked at the source."""
    seen = read(row)
    if seen is None:
        return
    with st.container(border=True, key="profile"):
        text = _("as of {when}").format(when=when(seen.at, in_sentence=True))
        kit.section(_("Profile"), text)
        _changes(seen)
        _uncounted(seen)
        rows.draw(TABLE, seen.items)


def read(row: SourceRow) -> Seen | None:
    """What is known, in one transaction."""
    with frame.store().begin() as session:
        found = refreshes.profiles(session, row.id)
        if not found:
            return None
        users, masks = column_users(session, row.id), sources.masks(session, row)
    summaries = [Summary.read(data) for _one, data in found]
    now = summaries[0]
    return Seen(
        [_item(i, name, now, users, masks) for i, name in enumerate(now.columns)],
        found[0][0].finished_at,
        now.rows,
        moved.changes(summaries[1], now) if len(found) > 1 else [],
        found[1][0].finished_at if len(found) > 1 else None,
        now.uncounted,
    )


def _item(
    i: int, name: str, now: Summary, users: Mapping[str, ColumnUsers], masks: Masks
) -> ColumnItem:
    hidden = name in masks.personal
    return ColumnItem(i, name, now.columns[name], now.rows, users.get(name, ColumnUsers()), hidden)


def _changes(seen: Seen) -> None:
    """What moved since the refresh before."""
    if seen.before is None:
        return
    since = _("Since the refresh of {when}:").format(when=when(seen.before, in_sentence=True))
    if not seen.changes:
        st.markdown(f":small[:gray[{since} {_('nothing changed.')}]]")
        return
    lines = [f"- {plain(one)}" for one in seen.changes[:CHANGES]]
    if (more := len(seen.changes) - CHANGES) > 0:
        lines.append("- " + many("{n} more", "{n} more", more))
    st.markdown("\n".join([f":small[{since}]", "", *lines]))


def _uncounted(seen: Seen) -> None:
    """Columns of which a database didn't count everything, so that nobody takes it for nothing."""
    if not seen.uncounted:
        return
    text = many(
        "Different values of {n} field were not counted, as of {names}: it would have taken the "
        "database more than {minutes} minutes, or it refused.",
        "Different values of {n} fields were not counted, as of {names}: it would have taken the "
        "database more than {minutes} minutes, or it refused.",
        len(seen.uncounted),
        names=", ".join(plain(name) for name in seen.uncounted[:VALUES]),
        minutes=f"{SECONDS / 60:.0f}",
    )
    st.markdown(f":small[:gray[{text}]]")


def _kind(item: ColumnItem) -> str:
    return row_cells.text(Kind[item.found.kind].one.capitalize(), gray=True)


def _empty(item: ColumnItem) -> str:
    whole = many("{n} row", "{n} rows", item.found.empty)
    return row_cells.number(percent(item.empty), _("empty: {rows}").format(rows=whole))


def _distinct(item: ColumnItem) -> str:
    n = item.found.distinct
    return row_cells.number(several(n) if n else "—", _("different values"))


def _values(item: ColumnItem) -> str:
    words = _range(item) or _commonest(item)
    return row_cells.text(words, gray=True, whole=words) if words else row_cells.text("")


def _range(item: ColumnItem) -> str:
    """The smallest and the largest value."""
    least, most = item.found.least, item.found.most
    if item.hidden or least is None or most is None:
        return ""
    return _("{least} to {most}").format(least=_value(least), most=_value(most))


def _commonest(item: ColumnItem) -> str:
    if item.hidden or not item.found.top:
        return ""
    words = {"true": _("yes"), "false": _("no")} if item.found.kind == Kind.boolean.name else {}
    some = list(item.found.top.items())[:VALUES]
    return ", ".join(f"{words.get(one, one)} {percent(n / (item.rows or 1))}" for one, n in some)


def _picture(item: ColumnItem) -> str:
    """How its values are spread: between two ends, or by the commonest of them."""
    counts = item.found.bars or tuple((item.found.top or {}).values())
    if item.hidden or not counts:
        return ""
    words = _("{field}: rows by value").format(field=item.name)
    return row_cells.histogram(counts, words, "green" if item.found.bars else "violet")


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


def _uses(item: ColumnItem) -> None:
    """A sign that names who needs the column, with links."""
    if not item.uses:
        st.html("<span></span>")  # its place stays
        return
    label = _("Uses of {field}").format(field=plain(item.name))
    key = f"uses-{item.id}"
    if st.button(label, key=key, icon=":material/account_tree:", type="tertiary"):
        kit.inform(label, _("These need the field:"), _users(item.users))


def _used(item: ColumnItem) -> str:
    return row_cells.number(f"{item.uses:,}" if item.uses else "—", _("uses"))


def _users(users: ColumnUsers) -> list[Link]:
    found = [links.segment(id, name) for id, name in users.segments.items()]
    found += [links.export(id, name) for id, name in users.exports.items()]
    found += [links.source(id, name) for id, name in users.sources.items()]
    return found[:NAMED]


COLUMNS: tuple[Column[ColumnItem], ...] = (
    Column("kind", _("Type"), _kind, 94, order=lambda item: item.found.kind, wide=True),
    Column("empty", _("Empty"), _empty, 64, order=lambda item: -item.empty, number=True),
    Column(
        "distinct",
        _("Different"),
        _distinct,
        84,
        order=lambda item: -item.found.distinct,
        number=True,
        wide=True,
    ),
    Column("values", _("Values"), _values),
    Column("picture", _("Spread"), _picture, 92),
    Column("used", _("Used by"), _used, 64, order=lambda item: -item.uses, number=True, wide=True),
)
TABLE: Table[ColumnItem] = Table(
    kind="column",
    columns=COLUMNS,
    identity=lambda item: (item.id, item.name),
    link=lambda _item: None,
    actions=_uses,
    action_width=34,
    name_title=_("Field"),
    name_width=156,
)
