"""The cards of the segments: who is in each, and Edit, Duplicate, Deactivate, Remove."""

from functools import partial

import streamlit as st

from core.access import Person, Role
from core.audience import members
from core.errors import SegferryError
from core.profiles.segments import words as segments
from core.profiles.segments.rules import Group
from core.store import segments as segments_store
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.segments.members import as_csv
from pages.ui import frame, kit
from pages.ui.words import percent, plain

CSV, COPY, USED, REMOVE = _("Members as CSV"), _("Duplicate"), _("Where used"), _("Remove")
ON, OFF = _("Activate"), _("Deactivate")


def card(person: Person, row: SegmentRow, users: list[str]) -> None:
    """One segment, with what can be done to it; `users` are the names of its exports."""
    rules = Group.model_validate(row.rules)
    words = segments.words(rules)
    with st.container(**kit.ROW, border=True, gap="small", key=f"segment-{row.id}"):
        with st.container(width=390, gap=None):
            st.page_link(
                frame.file_of("segment"), label=f"**{plain(row.name)}**", query_params=_query(row)
            )
            st.markdown(f":small[:gray[{plain(words)}]]")
        with st.container(width=106):
            kit.badge("active" if row.active else "inactive")
        _members(row)
        kit.number(len(users), many("export", "exports", len(users)), 64)
        with st.container(horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"):
            _buttons(person, row, users)


def _query(row: SegmentRow) -> dict[str, str]:
    return {"segment": str(row.id)}


def count_again(person: Person, sources: list[SourceRow]) -> None:
    """Counts every segment of every source; what couldn't be counted becomes a notice."""
    with st.spinner(_("Counting …")):
        for source in sources:
            try:
                members.recount(frame.store(), person, source)
            except SegferryError as error:
                frame.notify(str(error), failed=True)
    st.rerun()


def _members(row: SegmentRow) -> None:
    if row.members is None:
        kit.number("—", _("not counted"), 84)
        return
    kit.number(row.members, percent(row.members / row.total if row.total else 0), 84)


def _buttons(person: Person, row: SegmentRow, users: list[str]) -> None:
    if person.role < Role.contributor:
        return
    if st.button(_("Edit"), key=f"edit-{row.id}", icon=":material/edit:"):
        _edit(row.id or 0)
    options = [CSV, COPY, OFF if row.active else ON, USED, REMOVE]
    chosen = st.menu_button(_("More"), options, key=f"more-{row.id}", type="tertiary")
    if chosen == CSV:
        as_csv(row)
    elif chosen == USED:
        _where_used(row, users)
    elif chosen == REMOVE:
        _remove(row, users)
    elif chosen:
        with frame.show_errors():
            _copy(person, row) if chosen == COPY else _switch(person, row, users)


def _edit(id: int) -> None:
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


def _switch(person: Person, row: SegmentRow, users: list[str]) -> None:
    """At once, unless exports would be held because of it: then these are named first."""
    if not row.active or not users:
        _switched(row.id or 0, person)
        text = _("“{name}” is inactive.") if row.active else _("“{name}” is active.")
        frame.notify(text.format(name=row.name))
        st.rerun()
    title = _("Deactivate “{name}”?").format(name=plain(row.name))
    text = _("While it is inactive, runs of these exports are held before anything is sent:")
    done = _("“{name}” is inactive.").format(name=row.name)
    kit.confirm(title, text + _names(users), OFF, partial(_switched, row.id or 0), done)


def _switched(id: int, person: Person) -> None:
    with frame.store().begin() as s:
        saved = segments_store.find(s, id)
        spec = segments_store.spec(s, saved).model_copy(update={"active": not saved.active})
        segments_store.change(s, person, saved, spec)


def _where_used(row: SegmentRow, users: list[str]) -> None:
    title = _("Where “{name}” is used").format(name=plain(row.name))
    kit.inform(title, _names(users) if users else _("No export uses it."))


def _remove(row: SegmentRow, users: list[str]) -> None:
    title = _("Remove “{name}”?").format(name=plain(row.name))
    if users:
        text = _("It can’t be removed yet. Remove it from these first:")
        kit.inform(title, text + _names(users))
        return
    text = _(
        "No export uses it. Its rules are deleted for good; nobody leaves a list because of it."
    )
    done = _("“{name}” is removed.").format(name=row.name)
    kit.confirm(title, text, _("Remove segment"), partial(_removed, row.id or 0), done)


def _removed(id: int, person: Person) -> None:
    with frame.store().begin() as s:
        segments_store.remove(s, person, segments_store.find(s, id))


def _names(users: list[str]) -> str:
    return "\n\n" + "\n".join(f"- **{plain(name)}**" for name in users)
