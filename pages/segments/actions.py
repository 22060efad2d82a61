"""What can be done with a segment from its row, and with several that are selected."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.access import Person
from core.store import segments as segments_store
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.runs.recount import recount
from pages.segments.members import as_csv
from pages.ui import frame, kit, links
from pages.ui.links import Link
from pages.ui.words import plain

if TYPE_CHECKING:
    from pages.segments.facts import SegmentItem

NAMED = 10  # things that a dialog names
OPEN, EDIT, EXPORT = _("Open"), _("Edit"), _("Export this segment")
LINEAGE = _("Lineage")
CSV, COPY, REMOVE = _("Members as CSV"), _("Duplicate"), _("Remove")
ON, OFF = _("Activate"), _("Deactivate")


def menu(item: "SegmentItem") -> None:
    """What can be done with one, as a menu."""
    row = item.row
    choices = [OPEN, LINEAGE, EDIT, EXPORT, CSV, COPY, OFF if row.active else ON, REMOVE]
    label = _("More for {name}").format(name=plain(row.name))
    chosen = st.menu_button(
        label, choices, key=f"more-{row.id}", type="tertiary", icon=":material/more_horiz:"
    )
    if chosen == OPEN:
        frame.go("segment", segment=row.id)
    if chosen == LINEAGE:
        frame.go("lineage", segment=row.id)
    if chosen == EDIT:
        _edit(row.id)
    if chosen == EXPORT:
        frame.go("exports", view="new", segment=row.id)
    if chosen == CSV:
        as_csv(row)
    if chosen == COPY:
        with frame.show_errors():
            _copy(frame.guard(), row)
    if chosen in (ON, OFF):
        with frame.show_errors():
            _switch(frame.guard(), item)
    if chosen == REMOVE:
        _remove([item])


def bulk(items: Sequence["SegmentItem"]) -> None:
    """The buttons for those that are selected."""
    label = _("Count {n} again").format(n=len(items))
    if st.button(label, icon=":material/refresh:", key="bulk-count", type="tertiary"):
        count_again(frame.guard(), {item.source.id: item.source for item in items}.values())
    label = _("Remove {n}").format(n=len(items))
    if st.button(label, icon=":material/delete:", key="bulk-remove", type="tertiary"):
        _remove(items)


def count_again(person: Person, sources: Iterable[SourceRow]) -> None:
    """Counts every segment of these sources; what couldn't be counted becomes a notice."""
    with st.spinner(_("Counting …")):
        for source in sources:
            recount(person, source)
    st.rerun()


def _edit(id: int | None) -> None:
    frame.stay(segment=id, view="edit")


def _copy(person: Person, row: SegmentRow) -> None:
    """The copy is opened at once: it was made to be changed."""
    with frame.store().begin() as s:
        taken = {other.name for other in segments_store.everything(s)}
        name = _free(row.name, taken)
        spec = segments_store.spec(s, row).model_copy(update={"name": name})
        copy = segments_store.add(s, person, spec)
        if row.members is not None:
            segments_store.note_count(s, copy, row.members, row.total or 0)
        id = copy.id or 0
    frame.notify(_("“{name}” is created.").format(name=name))
    _edit(id)


def _free(name: str, taken: set[str]) -> str:
    """The name of a copy; names are at most 120 letters."""
    n, found = 1, ""
    while not found or found in taken:
        ending = _(" (copy)") if n == 1 else _(" (copy {n})").format(n=n)
        found, n = name[: 120 - len(ending)] + ending, n + 1
    return found


def _switch(person: Person, item: "SegmentItem") -> None:
    """At once, unless exports would be held because of it: then these are named first."""
    row = item.row
    if not row.active or not item.affected:
        _switched(row.id, person)
        text = _("“{name}” is inactive.") if row.active else _("“{name}” is active.")
        frame.notify(text.format(name=row.name))
        st.rerun()
    title = _("Deactivate “{name}”?").format(name=plain(row.name))
    text = _("While it is inactive, runs of these exports are held before anything is sent:")
    done = _("“{name}” is inactive.").format(name=row.name)
    named = _exports(item.affected, item)
    kit.confirm(title, text, OFF, partial(_switched, row.id), done, named=named)


def _switched(id: int, person: Person) -> None:
    with frame.store().begin() as s:
        saved = segments_store.find(s, id)
        spec = segments_store.spec(s, saved).model_copy(update={"active": not saved.active})
        segments_store.change(s, person, saved, spec)


def _remove(items: Sequence["SegmentItem"]) -> None:
    """Asks before they go; those that are used can't, and it says by what."""
    used = [one for one in items if one.users or one.outer]
    unused = [one for one in items if one not in used]
    names = ", ".join(f"**{plain(one.row.name)}**" for one in unused[:NAMED])
    if len(unused) > NAMED:
        names += " " + many("and {n} more", "and {n} more", len(unused) - NAMED)
    title = _("Remove “{name}”?").format(name=plain(items[0].row.name))
    if len(items) > 1:
        title = many("Remove {n} segment?", "Remove {n} segments?", len(unused))
    if not unused:
        kit.inform(title, _needed(used), _users(*used))
        return
    text = many(
        "No export uses it. Its rules are deleted for good; nobody leaves a list because of it.",
        "No export uses them. Their rules are deleted for good; nobody leaves a list because of "
        "them.",
        len(unused),
    )
    text = f"{names}: {text}" if len(items) > 1 else text
    text += f"\n\n{_needed(used)}" if used else ""
    done = _("“{name}” is removed.").format(name=unused[0].row.name)
    if len(unused) > 1:
        done = many("{n} segment is removed.", "{n} segments are removed.", len(unused))
    label = many("Remove segment", "Remove {n} segments", len(unused))
    action = partial(_removed, [one.row.id for one in unused])
    kit.confirm(title, text, label, action, done, named=_users(*used))


def _needed(used: Sequence["SegmentItem"]) -> str:
    names = ", ".join(f"**{plain(one.row.name)}**" for one in used[:NAMED])
    text = many(
        "{names} can’t be removed yet. Remove it from these first:",
        "{names} can’t be removed yet. Remove them from these first:",
        len(used),
        names=names,
    )
    return text


def _users(*items: "SegmentItem") -> list[Link]:
    """The segments and exports that use them."""
    outer = {id: name for item in items for id, name in item.outer.items()}
    users = {id: name for item in items for id, name in item.users.items()}
    return [links.segment(*one) for one in list(outer.items())[:NAMED]] + _exports(users, *items)


def _exports(found: Mapping[int, str], *items: "SegmentItem") -> list[Link]:
    """Exports; where there are many, the rest of them as their list."""
    shown = [links.export(id, name) for id, name in list(found.items())[:NAMED]]
    if len(found) > NAMED:
        text = many("All {n} exports", "All {n} exports", len(found))
        query = {"by-segment": items[0].row.name} if len(items) == 1 else {}
        shown.append(Link(text, "exports", query))
    return shown


def _removed(ids: Sequence[int], person: Person) -> None:
    """All of them, or none where one can't be."""
    with frame.store().begin() as s:
        for id in ids:
            segments_store.remove(s, person, segments_store.find(s, id))
