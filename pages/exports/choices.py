"""The single choices of the export form: connection, list, phone region, mode, joining, limit."""

import streamlit as st

from core.access import Person, Role
from core.configuration.export import Mode
from core.runs import previous_values
from core.store import accounts
from core.store.tables.connections import ConnectionRow
from core.texts import _, many
from pages.exports import lists, new_list
from pages.exports.draft import Draft, destination_of, problem
from pages.runs import marks
from pages.runs.export_words import MODES, OVER
from pages.ui import frame, kit
from pages.ui.words import plain, size


def choose_previous(draft: Draft) -> bool:
    """Whether what people were sent before is kept, with what that costs."""
    chosen = st.checkbox(
        _("Keep previous values, so that an undo can restore them"),
        draft.data.get("keep_previous", False),
        key=f"{draft.form}-previous",
        help=_(
            "What was last sent of everybody stays on this server's disk, compressed. Without it, "
            "an undo restores what runs have sent for as long as their files are kept."
        ),
    )
    st.markdown(f":small[:gray[{_previous_cost(draft)}]]")
    return chosen


def _previous_cost(draft: Draft) -> str:
    found = previous_values.cost(frame.store(), draft.row.id) if draft.row else None
    if found and found.now:
        return _("They take {size} now; each run adds what it replaces.").format(
            size=size(found.now)
        )
    if found is None or found.most is None:
        return _("What they take is known after the first run: at most what it sends.")
    text = _("They would take at most {size} for {n} people; each run adds what it replaces.")
    return text.format(size=size(found.most), n=f"{found.people:,}")


def choose_connection(person: Person, draft: Draft) -> str | None:
    """The name of the chosen connection; names the administrators when there is none."""
    rows = sorted(draft.connections, key=lambda row: (row.type, row.name.casefold()))
    names = {row.name: _described(row) for row in rows}
    current = draft.data.get("connection") or (rows[0].name if len(rows) == 1 else None)
    chosen = st.selectbox(
        _("Connection"),
        list(names),
        list(names).index(current) if current in names else None,
        format_func=lambda name: names.get(name, name),
        key=f"{draft.form}-connection",
        placeholder=_("Choose a connection") if names else _("No connection"),
        required=True,
    )
    problem(draft, "connection", chosen, _("Choose a connection."))
    if not names:
        _no_connection(person)
    for row in rows:
        if row.name == chosen:
            st.markdown(f":small[{marks.mark(row)}]")
    return chosen


def _described(row: ConnectionRow) -> str:
    """Its type, name and mark, as in `… · Newsletter account · Sandbox`; one type together."""
    kind = marks.kind(row)
    mark = [] if kind == "live" else [kit.STATUS[kind][0]]
    return " · ".join([marks.type_name(row), row.name, *mark])


def _no_connection(person: Person) -> None:
    if person.role < Role.administrator:
        st.markdown(f":small[:orange[:material/warning: {_administrators_to_ask()}]]")
        return
    st.markdown(f":small[:orange[:material/warning: {_('There is no connection yet.')}]]")
    st.page_link(frame.file_of("connections"), label=_("Add a connection"), icon=":material/cable:")


def _administrators_to_ask() -> str:
    with frame.store().begin() as session:
        names = [plain(row.name) for row in accounts.administrators(session)]
    if not names:
        return _("No connection is shared with you. Ask an administrator of your team for one.")
    text = _("No connection is shared with you. Ask an administrator of your team: {names}.")
    return text.format(names=", ".join(names))


def choose_list(
    person: Person, draft: Draft, connection: str | None
) -> tuple[str | None, str | None]:
    """The id of the chosen list, and its name as far as it is known."""
    row = next((row for row in draft.connections if row.name == connection), None)
    place = st.container()
    known = lists.of(person, row) if row else {}
    with place:
        title = destination_of(draft, connection).title
        chosen = lists.named(_list(draft, known, title), known)
        problem(draft, "list_id", chosen, _("Choose a list, or type its ID."))
        _found(chosen, known)
    if row:
        new_list.offer(draft.form, _list_key(draft), row, known)
    return chosen, known.get(chosen or "") or None


def _list(draft: Draft, known: lists.Names, destination: str) -> str | None:
    current, key = draft.data.get("list_id"), _list_key(draft)
    if current and current not in known:
        known = {current: draft.list_name or "", **known}
    # A list that was just made is chosen already; a start value beside it would be one too many.
    start = current if key not in st.session_state else None
    return st.selectbox(
        _("List"),
        list(known),
        list(known).index(start) if start else None,
        format_func=lambda id: lists.shown(id, known),
        key=key,
        placeholder=_("Choose a list, or type its ID"),
        accept_new_options=True,
        filter_mode="contains",
        required=True,
        help=_(
            "Type part of its name, or its ID: in {destination} it is at the end of the "
            "list’s address."
        ).format(destination=destination),
    )


def _list_key(draft: Draft) -> str:
    return f"{draft.form}-list"


def _found(chosen: str | None, known: lists.Names) -> None:
    """How many lists there are to search, or that the chosen one is none of them."""
    if not known:
        return
    if chosen and chosen not in known:
        text = many(
            "The account’s only list has another ID than this.",
            "None of the account’s {n} lists has this ID.",
            len(known),
        )
        st.markdown(f":small[:orange[:material/warning: {text}]]")
    else:
        text = many("{n} list in this account", "{n} lists in this account", len(known))
        st.markdown(f":small[:gray[{text}]]")


def choose_mode(draft: Draft) -> str:
    """What a run does to the list."""
    current = Mode(draft.data.get("mode", Mode.add))
    return str(
        st.radio(
            _("What a run does"),
            list(MODES),
            list(MODES).index(current),
            format_func=MODES.get,
            key=f"{draft.form}-mode",
        )
    )


def choose_joining(draft: Draft, connection: str | None) -> str | None:
    """How people join the list, where the destination gives a choice; the careful one first."""
    row = next((row for row in draft.connections if row.name == connection), None)
    joinings = destination_of(draft, connection).joinings
    if row is None or not joinings:
        return None
    current = draft.data.get("join")
    return st.radio(
        _("How people join the list"),
        list(joinings),
        list(joinings).index(current) if current in joinings else 0,
        format_func=joinings.get,
        key=f"{draft.form}-join-{row.type}",
    )


def choose_over_limit(draft: Draft) -> str:
    """What happens above the limit."""
    return st.radio(
        _("Over the limit"),
        list(OVER),
        list(OVER).index(draft.data.get("over_limit", "stop")),
        format_func=OVER.get,
        key=f"{draft.form}-over",
    )
