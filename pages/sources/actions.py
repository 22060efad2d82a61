"""What can be done with a source: Reload, Edit, Remove, and its segments."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.access import Person, Role
from core.audience import kept
from core.errors import SegferryError
from core.runs import refreshing
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.runs.recount import notify_problems
from pages.sources.found import numbers
from pages.ui import frame, kit, links, uploads
from pages.ui.links import Link
from pages.ui.words import plain

if TYPE_CHECKING:
    from pages.sources.rows import SourceItem

NAMED = 10  # segments that a dialog names
OPEN, RELOAD, EDIT, REMOVE = _("Open"), _("Reload"), _("Edit"), _("Remove")
LINEAGE = _("Lineage")


def menu(item: "SourceItem") -> None:
    """What can be done with one, as a menu."""
    row = item.row
    label = _("More for {name}").format(name=plain(row.name))
    choices = [OPEN, LINEAGE, RELOAD, EDIT, REMOVE]
    chosen = st.menu_button(
        label, choices, key=f"more-{row.id}", type="tertiary", icon=":material/more_horiz:"
    )
    if chosen == OPEN:
        frame.stay(source=row.id)
    if chosen == LINEAGE:
        frame.go("lineage", source=row.id)
    if chosen == RELOAD:
        read_again(frame.guard(Role.contributor), row)
    if chosen == EDIT:
        frame.stay(source=row.id, view="edit")
    if chosen == REMOVE:
        remove(item)


def read_again(person: Person, row: SourceRow) -> None:
    """Reads the source and counts its segments again, with progress; then shows the result."""
    bar = st.progress(0.0, _("Reading …"))
    try:
        found = refreshing.reload(
            frame.store(), person, row, lambda share, doing: bar.progress(share, plain(doing))
        )
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        notify_problems(found)
        if (rows := found[0].rows) is not None:
            _say_reloaded(row, rows, [one.name for one in found[1:]])
    st.rerun()


def _say_reloaded(row: SourceRow, rows: int, others: Sequence[str]) -> None:
    with frame.store().begin() as s:
        fields = len(sources.find(s, row.id).fields or {})
    text = _("“{name}” is reloaded: {numbers}.")
    said = text.format(name=row.name, numbers=numbers(rows, fields))
    if others:
        also = _("Read again with it, for it is joined to them: {names}.")
        said += " " + also.format(names=", ".join(others))
    frame.notify(said)


def users_link(row: SourceRow, users: Mapping[int, str]) -> Link | None:
    """To the segments over the source: to the only one, or to all in their list."""
    if len(users) == 1:
        ((id, _name),) = users.items()
        return Link(_("1 segment"), "segment", {"segment": str(id)})
    text = many("{n} segment", "{n} segments", len(users))
    return Link(text, "segments", {"by-source": row.name}) if users else None


def remove(item: "SourceItem") -> None:
    """Asks before the source goes; says why it can't while sources or segments need it."""
    row, users, others = item.row, item.users, item.outer
    title = _("Remove “{name}”?").format(name=plain(row.name))
    if others:
        needed = many(
            "{n} source has fields that are made with it. Remove those fields first:",
            "{n} sources have fields that are made with it. Remove those fields first:",
            len(others),
        )
        kit.inform(title, needed, [links.source(one.id, one.name) for one in others])
        return
    if users:
        needed = many(
            "{n} segment needs it. Remove it first:",
            "{n} segments need it. Remove them first:",
            len(users),
        )
        shown = [links.segment(id, name) for id, name in list(users.items())[:NAMED]]
        everyone = users_link(row, users)
        if everyone and len(users) > NAMED:
            text = many("All {n} segments", "All {n} segments", len(users))
            shown.append(Link(text, everyone.page, everyone.query))
        kit.inform(title, needed, shown)
        return
    kit.confirm(
        title,
        _loss(row),
        _("Remove source"),
        partial(_removed, row.id or 0),
        _("“{name}” is removed.").format(name=row.name),
    )


def _loss(row: SourceRow) -> str:
    """What goes with the source, and what doesn't."""
    if row.type == "database":
        text = _(
            "No segment uses it. The database stays as it is: **{path}**. Its URL is deleted here."
        )
        return text.format(path=plain(row.path))
    path = Path(row.path)
    if kept.is_upload(frame.store().settings, path):
        text = _(
            "No segment uses it. The uploaded file **{name}** and its converted copy are "
            "deleted with it."
        )
        return text.format(name=plain(uploads.original(path)))
    text = _(
        "No segment uses it. Its files stay where they are: **{path}**. Their converted "
        "copy is deleted."
    )
    return text.format(path=plain(row.path))


def _removed(id: int, person: Person) -> None:
    with frame.store().begin() as s:
        row = sources.find(s, id)
        sources.remove(s, person, row)
    kept.drop(frame.store(), Path(row.path), row.name)
