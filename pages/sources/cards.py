"""The cards of the sources: how each one stands, Read again, Edit, Remove."""

from functools import partial
from pathlib import Path

import streamlit as st

from core.access import Person, Role
from core.audience import kept, looks, members
from core.errors import SegferryError
from core.profiles.sources.formats import Format
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.sources import uploads
from pages.sources.found import numbers
from pages.ui import frame, kit
from pages.ui.words import plain, when

FIELDS, EDIT, REMOVE = _("Fields and first rows"), _("Edit"), _("Remove")


def status(row: SourceRow) -> str:
    """The word of `kit.STATUS` for the source."""
    if row.problem:
        return "failed"
    return "readable" if row.read_at else "unread"


def place(row: SourceRow) -> str:
    """Its format and the end of its path; of an upload the name it had."""
    path = Path(row.path)
    form = Format.named(path)
    uploaded = uploads.original(path) != path.name
    where = _("uploaded {name}") if uploaded else "{name}"
    name = uploads.original(path) if uploaded else _short(path)
    return f"{form.label if form else _('Files')} · {plain(where.format(name=name))}"


def card(person: Person, row: SourceRow, users: list[str]) -> None:
    """One source, with what can be done to it; `users` are the names of its segments."""
    with st.container(border=True, gap="small", key=f"source-{row.id}"):
        with st.container(**kit.ROW, gap="small"):
            kit.named(row.name, place(row), 250)
            with st.container(width=116):
                kit.badge(status(row))
            _facts(row, users)
            kit.number("—" if row.rows is None else row.rows, _("rows"), 100)
            kit.number(len(row.fields or {}), _("fields"), 90)
            with st.container(
                horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"
            ):
                again = _buttons(person, row, users)
        if row.problem:
            st.markdown(f":small[:red[:material/error:] {plain(row.problem)}]")
        if again:
            read_again(person, row)


def read_again(person: Person, row: SourceRow) -> None:
    """Reads the source and counts its segments again, with progress; then shows the result."""
    bar = st.progress(0.0, _("Reading …"))
    try:
        found = looks.read(
            frame.store(), person, row, lambda share, doing: bar.progress(share, plain(doing))
        )
        members.recount(frame.store(), person, row)
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        text = numbers(found.rows, len(found.schema))
        frame.notify(_("“{name}” is reloaded: {numbers}.").format(name=row.name, numbers=text))
    st.rerun()


def remove(row: SourceRow, users: list[str]) -> None:
    """Asks before the source goes; says why it can't while segments need it."""
    title = _("Remove “{name}”?").format(name=plain(row.name))
    if users:
        needed = many(
            "{n} segment needs it. Remove it first:",
            "{n} segments need it. Remove them first:",
            len(users),
        )
        names = "\n".join(f"- **{plain(name)}**" for name in users)
        kit.inform(title, f"{needed}\n\n{names}")
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


def _facts(row: SourceRow, users: list[str]) -> None:
    used = many("{n} segment", "{n} segments", len(users)) if users else _("no segment yet")
    read = _("read {when}").format(when=when(row.read_at)) if row.read_at else _("never read")
    st.markdown(f":small[{_('Used by')} {used}]  \n:small[:gray[{read}]]", width=170)


def _buttons(person: Person, row: SourceRow, users: list[str]) -> bool:
    """Whether Read again was pressed; the others act by themselves."""
    manages = person.role >= Role.contributor
    again = manages and st.button(_("Reload"), key=f"read-{row.id}", icon=":material/refresh:")
    options = [FIELDS, EDIT, REMOVE] if manages else [FIELDS]
    chosen = st.menu_button(_("More"), options, key=f"more-{row.id}", type="tertiary")
    if chosen == REMOVE:
        remove(row, users)
    elif chosen:
        frame.stay(source=row.id, **({"view": "edit"} if chosen == EDIT else {}))
    return again


def _short(path: Path) -> str:
    parts = path.parts
    return str(path) if len(parts) <= 3 else "…/" + "/".join(parts[-2:])
