"""Who is in a segment: the first of them, addresses masked until asked for; all as CSV."""

from datetime import date, datetime
from typing import Any

import streamlit as st

from core.access import Action, Person, Role, may
from core.audience import members
from core.errors import SegferryError
from core.profiles.segments.rules import Group
from core.store import Store, sources
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.ui import cells, download, frame, kit
from pages.ui.words import plain

SHOWN = 5  # people


def draw(person: Person, source: SourceRow, rules: Group, n: int) -> None:
    """The first members, with the fields of the rules and the first ones of the source."""
    if not n or not may(person, Action.see_addresses):
        return
    with st.container(border=True, key="people"):
        shown = min(SHOWN, n)
        note = _("{shown} of {n}, in the order of the source").format(shown=shown, n=f"{n:,}")
        kit.section(_("Members"), note)
        store = frame.store()
        try:
            people = _first(
                store,
                person,
                str(store.settings.home),
                source.id or 0,
                source.read_at,
                rules.model_dump_json(exclude_none=True),
                datetime.now().date(),
            )
        except SegferryError as error:
            frame.fail(error)
            return
        schema = sources.schema(source)
        fields = cells.columns(list(schema), rules.fields())
        cells.table(people, schema, fields, cells.reveal("reveal-members"), _("The first members"))


def as_csv(row: SegmentRow) -> None:
    """A dialog that says what the file holds, then offers it for download."""

    @st.dialog(_("Members of “{name}” as CSV").format(name=plain(row.name)))
    def dialog() -> None:
        person, store = frame.guard(Role.contributor), frame.store()
        size = many("{n} person", "{n} people", row.members) if row.members else _("All members")
        text = _("{size}, with every field of the source and full email addresses.")
        st.markdown(text.format(size=size) + " " + _("The saved rules apply."))
        readable = _readable(store, person, row)
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Close"), key="close", type="tertiary"):
                st.rerun()
            if readable:
                _download(store, row)

    dialog()


def _readable(store: Store, person: Person, row: SegmentRow) -> bool:
    """Whether they can be read; else the error is shown, which a failed download would not do."""
    with frame.show_errors():
        with store.begin() as s:
            source = sources.find(s, row.source_id)
        members.members(store, person, source, Group.model_validate(row.rules), 1)
        return True
    return False


def _download(store: Store, row: SegmentRow) -> None:
    download.button(
        _("Download"),
        lambda who: members.members_csv(store, who, row),
        _file_name(row.name),
        key="download",
        type="primary",
    )


def _file_name(name: str) -> str:
    safe = "".join(c if c.isalnum() or c in " -_" else "_" for c in name).strip()
    return f"{safe or 'segment'} {date.today().isoformat()}.csv"


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def _first(
    _store: Store,
    _person: Person,
    home: str,
    id: int,
    read_at: datetime | None,
    rules: str,
    today: date,
) -> list[dict[str, Any]]:
    del home, read_at, today  # of the cache's key
    with _store.begin() as s:
        row = sources.find(s, id)
    return members.members(_store, _person, row, Group.model_validate_json(rules), SHOWN)
