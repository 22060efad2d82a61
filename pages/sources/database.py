"""Where a source's database is: engine, server, role and table, or a whole URL and a query."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.access import Role
from core.audience import databases
from core.errors import Invalid
from core.profiles.sources.databases.address import Address, address_of
from core.profiles.sources.databases.engines import ENGINES
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.sources import dbt_model
from pages.ui import forms, frame
from pages.ui.words import plain

PARTS = ("engine", "host", "port", "database", "user")
TYPED = (*PARTS, "table", "query", *dbt_model.FIELDS, "reads", "by_url")
READS = {"table": _("A table or view"), "query": _("A query"), "dbt": _("A dbt model")}
OPTIONS = {  # by engine: those that a URL often has, as an example
    "postgresql": "sslmode=verify-full",
    **dict.fromkeys(("mysql", "mariadb"), "ssl_verify_identity=true"),
    "snowflake": "warehouse=wh&role=reader",
    "databricks": "http_path=/sql/1.0/warehouses/…",
    "spark": "use_ssl=true",
}
EMPTY: Mapping[str, Any] = {
    "engine": next(iter(ENGINES)),
    "host": "",
    "port": None,
    "database": "",
    "user": "",
    "table": "",
    "query": "",
    **dict.fromkeys(dbt_model.FIELDS, ""),
    "reads": "table",
    "by_url": False,
}


def of_row(row: SourceRow) -> dict[str, Any]:
    """What the form begins with for a saved source: all but its secret."""
    spec, address = sources.spec(row), Address.parse(row.path)
    return {
        **EMPTY,
        "engine": address.engine.name,
        "host": address.host,
        "port": address.port,
        "database": address.database,
        "user": address.user,
        "table": spec.table or "",
        "query": spec.query or "",
        **dbt_model.of_source(spec),
        "reads": next(name for name in READS if getattr(spec, name)),
    }


def draw(
    form: str, given: Mapping[str, Any], row: SourceRow | None, changed: Callable[[], None]
) -> None:
    """The fields; it begins with `given`, and `row` is the source that is edited."""
    forms.keep_hidden(*(f"{form}-{name}" for name in TYPED))

    def moved() -> None:
        forget_tables(form)
        changed()

    by_url = st.toggle(
        _("Enter the whole URL"), given["by_url"], key=f"{form}-by_url", on_change=moved
    )
    if by_url:
        _draw_url(form, moved)
    else:
        _draw_parts(form, given, row, moved)
    forms.problem(form, "url")
    pressed = st.button(_("Connect"), key=f"{form}-connect", icon=":material/power:")
    if pressed:
        forms.attempt(form, lambda: _connect(form, row), "url")
        st.rerun()
    _draw_what(form, given, row, changed)


def typed(form: str) -> dict[str, Any]:
    """What was filled in, but for secrets."""
    state = st.session_state
    return {name: state[f"{form}-{name}"] for name in TYPED if f"{form}-{name}" in state}


def spec(form: str, row: SourceRow | None) -> dict[str, Any]:
    """The values of a source as they are filled in. Raises Invalid.

    Without a URL where it is the database that `row` has, by the secret that is kept.
    """
    reads = st.session_state.get(f"{form}-reads") or "table"
    if reads == "dbt":
        return {"type": "database", "url": url(form, row), "dbt": dbt_model.chosen(form)}
    what = (st.session_state.get(f"{form}-{reads}") or "").strip()
    if not what:
        said = _("Choose a table.") if reads == "table" else _("Write the query.")
        raise Invalid(said, reads)
    return {"type": "database", "url": url(form, row), reads: what}


def url(form: str, row: SourceRow | None) -> str | None:
    """The URL as it is filled in; None where it is the one that is kept. Raises Invalid."""
    names = (*PARTS, "by_url", "url", "password", "options")
    return url_of({name: st.session_state.get(f"{form}-{name}") for name in names}, row)


def url_of(filled: Mapping[str, Any], row: SourceRow | None) -> str | None:
    """The same of these values. What is kept for one server is never used for another."""
    text = {name: str(value or "").strip() for name, value in filled.items()}
    if filled["by_url"]:
        return None if row is not None and not text["url"] else Address.parse(text["url"]).url
    engine = ENGINES[text["engine"] or EMPTY["engine"]]
    where = (engine, text["host"], filled["port"], text["database"], text["user"])
    made = address_of(*where, password=str(filled["password"] or ""))
    options = text["options"].lstrip("?")
    if row is not None and row.path == made.shown and not (made.password or options):
        return None
    if not engine.is_file and not made.host:
        raise Invalid(_("Give the host of the server."), "url")
    return f"{made.url}?{options}" if options and not engine.is_file else made.url


def forget_tables(form: str) -> None:
    """Another place was filled in, or the form was left: its tables are others."""
    st.session_state.pop(f"{form}-tables", None)
    dbt_model.forget(form)


def _connect(form: str, row: SourceRow | None) -> None:
    person = frame.guard(Role.contributor)
    found = databases.tables(frame.store(), person, url(form, row), row)
    st.session_state[f"{form}-tables"] = found


def _draw_url(form: str, changed: Callable[[], None]) -> None:
    forms.secret(
        _("URL"),
        key=f"{form}-url",
        placeholder="postgresql://user:password@host:5432/database?sslmode=verify-full",
        help=_("It is kept encrypted, and never shown again."),
        on_change=changed,
    )


def _draw_parts(
    form: str, given: Mapping[str, Any], row: SourceRow | None, changed: Callable[[], None]
) -> None:
    engine = ENGINES[_draw_engine(form, given, changed)]
    if engine.is_file:
        _text(form, "database", _("Full path of the file"), given, changed)
        return
    left, middle, right = st.columns([3, 1, 2])
    with left:
        _text(form, "host", _("Host"), given, changed)
    with middle:
        _draw_port(form, given, engine.port, changed)
    with right:
        _draw_options(form, engine.name, row, changed)
    left, middle, right = st.columns(3)
    with left:
        _text(form, "database", _("Database name"), given, changed)
    with middle:
        _text(form, "user", _("User"), given, changed)
    with right:
        _draw_password(form, row, changed)


def _draw_engine(form: str, given: Mapping[str, Any], changed: Callable[[], None]) -> str:
    """The choice of the engine; its name."""
    names = list(ENGINES)
    return st.selectbox(
        _("Database"),
        names,
        names.index(given["engine"]) if given["engine"] in names else 0,
        format_func=lambda name: ENGINES[name].title,
        key=f"{form}-engine",
        on_change=changed,
    )


def _draw_port(
    form: str, given: Mapping[str, Any], usual: int | None, changed: Callable[[], None]
) -> None:
    st.number_input(
        _("Port"),
        1,
        65535,
        given["port"],
        key=f"{form}-port",
        placeholder=str(usual or ""),
        on_change=changed,
    )


def _draw_options(
    form: str, engine: str, row: SourceRow | None, changed: Callable[[], None]
) -> None:
    st.text_input(
        _("Options"),
        key=f"{form}-options",
        placeholder=_("unchanged") if row else OPTIONS.get(engine, ""),
        help=_("Those of the URL, joined by &. With another password they are given again."),
        on_change=changed,
    )


def _draw_password(form: str, row: SourceRow | None, changed: Callable[[], None]) -> None:
    forms.secret(
        _("Password"),
        key=f"{form}-password",
        placeholder=_("unchanged") if row else "",
        help=_(
            "It is kept encrypted, and never shown again. A user who may only read is enough: "
            "docs/sources.md has the statements."
        ),
        on_change=changed,
    )


def _text(
    form: str, name: str, label: str, given: Mapping[str, Any], changed: Callable[[], None]
) -> None:
    st.text_input(label, given[name], key=f"{form}-{name}", on_change=changed)


def _draw_what(
    form: str, given: Mapping[str, Any], row: SourceRow | None, changed: Callable[[], None]
) -> None:
    tables: list[str] | None = st.session_state.get(f"{form}-tables")
    if tables is not None:
        text = many(
            "Connected: {n} table can be read.", "Connected: {n} tables can be read.", len(tables)
        )
        st.success(text, icon=":material/check:")
    reads = st.radio(
        _("What is read"),
        list(READS),
        list(READS).index(given["reads"]),
        format_func=READS.__getitem__,
        key=f"{form}-reads",
        horizontal=True,
        on_change=changed,
    )
    if reads == "query":
        st.text_area(
            _("Query"),
            given["query"],
            key=f"{form}-query",
            placeholder="select customer_id, email, … from …",
            help=_("One SELECT; rules become conditions around it."),
            on_change=changed,
        )
    elif reads == "dbt":
        dbt_model.draw(form, given, row, changed)
    else:
        _draw_table(form, given, tables or [], changed)
    forms.problem(form, "table", "query")


def _draw_table(
    form: str, given: Mapping[str, Any], tables: list[str], changed: Callable[[], None]
) -> None:
    offered = list(dict.fromkeys([*([given["table"]] if given["table"] else []), *tables]))
    st.selectbox(
        _("Table or view"),
        offered,
        offered.index(given["table"]) if given["table"] in offered else None,
        format_func=plain,
        key=f"{form}-table",
        placeholder=_("Connect, or type its name as in schema.name"),
        accept_new_options=True,
        on_change=changed,
    )
