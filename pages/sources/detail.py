"""One source: where it is, how it was read, its fields with their kinds and first rows."""

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from core.access import Action, Person, Role, may
from core.audience import looks
from core.audience.dbt_models import Described
from core.errors import SegferryError
from core.profiles.joined.words import field_words, key_words
from core.profiles.sources.databases.address import Address
from core.store import Store, sources
from core.store import refreshes as refreshes_store
from core.store.tables.data import SourceRow
from core.texts import _
from pages.runs import freshness, refreshes
from pages.sources import actions, dbt_card, profile
from pages.sources.actions import read_again
from pages.sources.found import SHOWN, fields, numbers, reading, remarks, version
from pages.sources.rows import place, status
from pages.ui import cells, frame, kit, links
from pages.ui.words import plain, when

LAST = 5  # refreshes shown


def draw(person: Person, row: SourceRow) -> None:
    """The whole page of a source."""
    kit.back(_("Sources"), "sources")
    with kit.head(row.name, f"{kit.badge_md(status(row))} &nbsp; {plain(place(row))}"):
        again = edit = False
        if st.button(_("Lineage"), icon=":material/account_tree:", key="lineage"):
            frame.go("lineage", source=row.id)
        if person.role >= Role.contributor:
            edit = st.button(_("Edit"), icon=":material/edit:")
            again = st.button(_("Reload"), icon=":material/refresh:", type="primary")
    if edit:
        frame.stay(source=row.id, view="edit")
    if again:
        read_again(person, row)
    if row.problem:
        st.error(plain(frame.readable(row.problem)), icon=":material/error:")
    _facts(row)
    if query := sources.spec(row).query:
        with st.expander(_("The query"), type="compact"):
            st.code(query, language="sql", wrap_lines=True)
    described = dbt_card.show(person, row)
    _joined(row)
    profile.show(row)
    _refreshes(row)
    _fields(person, row, described)


def _joined(row: SourceRow) -> None:
    """Which fields are made from other tables, and how."""
    joins = sources.spec(row).joins
    if not joins:
        return
    with st.container(border=True, gap="small", key="joined"):
        kit.section(_("Fields from another table"))
        for join in joins:
            st.markdown(f"**{plain(join.source)}** {plain(key_words(join))}")
            made = [f"- {plain(one.name)}: {plain(field_words(one))}" for one in join.fields]
            st.markdown("\n".join(made))


def _refreshes(row: SourceRow) -> None:
    """How the last refreshes of the source went."""
    with frame.store().begin() as s:
        found = refreshes_store.of_source(s, row.id, limit=LAST)
    if not found:
        return
    with st.container(border=True, gap="small", key="refreshes"):
        kit.section(_("Refreshes"), _("the last {n}").format(n=len(found)))
        for refresh, one in found:
            refreshes.of_source(refresh, one)


def _facts(row: SourceRow) -> None:
    with frame.store().begin() as s:
        users = sources.segments_by_source(s, [row.id]).get(row.id, {})
    spec, known = sources.spec(row), sources.freshness(row)
    facts = {
        **(_database(row) if spec.is_database else {_("Path"): plain(row.path)}),
        _("Rows"): _rows(row),
        _("Data"): freshness.words(known),
        _("Key field"): plain(spec.key) if spec.key else _("none"),
        _("Added by"): f"{plain(row.created_by)}, {when(row.created_at, in_sentence=True)}",
    }
    with st.container(border=True, key="facts"):
        with st.grid(3, min_column_width=200, gap="small", key="facts-grid"):
            for label, text in facts.items():
                st.markdown(f":small[:gray[{label}]]  \n{text}")
            with st.container(gap=None):
                _users(row, users)
        for said in freshness.warnings(known, 0):
            st.markdown(f":small[:orange[:material/warning: {said}]]")


def _database(row: SourceRow) -> dict[str, str]:
    """Where it is and in which role it is read; of its URL nothing else."""
    spec, address = sources.spec(row), Address.parse(row.path)
    if address.file:
        where = {_("File"): plain(address.database)}
    else:
        port = f":{address.port}" if address.port else ""
        where = {
            _("Server"): plain(f"{address.host}{port}") if address.host else _("this machine"),
            _("Database"): plain(address.database),
            _("Role"): plain(address.user) or "—",
        }
    what = {_("What is read"): _("a query")}
    if spec.table:
        what = {_("Table"): plain(spec.table)}
    elif spec.dbt:
        what = {_("dbt model"): plain(spec.dbt.model), _("dbt project"): plain(spec.dbt.project)}
    return {_("Engine"): address.engine.title, **where, **what}


def _rows(row: SourceRow) -> str:
    if row.rows is None:
        return "—"
    text = _("{n}, read {when}")
    return text.format(n=f"{row.rows:,}", when=when(row.read_at, in_sentence=True))


def _users(row: SourceRow, users: Mapping[int, str]) -> None:
    st.markdown(f":small[:gray[{_('Used by')}]]")
    if link := actions.users_link(row, users):
        links.draw(link, "users")
    else:
        st.markdown(_("no segment yet"))


def _fields(person: Person, row: SourceRow, described: Described | None) -> None:
    whole = may(person, Action.see_addresses)
    with st.container(border=True, key="fields"):
        kit.section(_("Fields"), numbers(row.rows, len(row.fields or {})))
        sample: list[dict[str, object]] = []
        try:
            with st.spinner(_("Reading the first rows …")):
                store = frame.store()
                place = str(store.settings.home)
                found = _looked(store, person, whole, place, row.id or 0, row.read_at, row.path)
        except SegferryError as error:
            if str(error) != row.problem:  # which is said above
                frame.fail(error)
        else:
            sample = found.sample
            if found.facts.versions:
                st.markdown(f":small[{version(found.facts)}]")
            if found.facts.as_text:
                named = [f"{name} ({of})" for name, of in found.facts.as_text.items()]
                text = _("Read as text: {columns}").format(columns=plain(", ".join(named)))
                st.markdown(f":small[:gray[:material/info: {text}]]")
            if detected := found.facts.detected:
                if text := reading(detected):
                    st.markdown(f":small[{text}]")
                remarks(detected)
        reveal = whole and bool(sample) and cells.reveal(f"reveal-{row.id}")
        schema = sources.schema(row)
        about = {name: described.model.about(name) for name in schema} if described else {}
        fields(schema, sample, reveal, about)


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def _looked(
    _store: Store,
    _person: Person,
    whole: bool,
    home: str,
    id: int,
    read_at: datetime | None,
    path: str,
) -> looks.Found:
    """The first rows as they were at the last reading; `whole` keeps masked ones apart."""
    del whole, home, read_at, path  # of the cache's key
    with _store.begin() as s:
        row = sources.find(s, id)
    return looks.saved(_store, _person, row, SHOWN)
