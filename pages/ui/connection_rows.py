"""The cards of the connections: how each one stands, Test, Edit, Remove."""

from urllib.parse import urlsplit

import streamlit as st

from core import connect
from core.access import Person, Role
from core.destinations.klaviyo.settings import is_loopback
from core.errors import DestinationFailed, SegferryError
from core.models import ConnectionRow
from core.store import connections
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import plain, when

FATE = "fate"  # key of the choice in the dialog
WHO = {
    "administrators": _("Administrators"),
    "contributors": _("Administrators and contributors"),
}


def status(row: ConnectionRow) -> str:
    """The word of `kit.STATUS` for the connection."""
    if row.problem:
        return "degraded"
    if is_loopback(row.base_url):
        return "sandbox"
    return "connected" if row.checked_at else "todo"


def card(person: Person, row: ConnectionRow, users: list[str]) -> None:
    """One connection, with what can be done to it; `users` are the names of its exports."""
    with st.container(border=True, gap="small", key=f"connection-{row.id}"):
        with st.container(**kit.ROW, gap="small"):
            kit.named(row.name, plain(_account(row)), 270)
            with st.container(width=116):
                kit.badge(status(row))
            _facts(row)
            kit.number(len(users), many("export", "exports", len(users)), 60)
            with st.container(
                horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"
            ):
                tested = _buttons(row, users)
        if row.problem:
            st.markdown(f":small[:orange[:material/warning:] {plain(row.problem)}]")
        if tested:
            _test(person, row)


def shared(rows: list[ConnectionRow]) -> None:
    """What those see who may use connections but don't manage them: names and types."""
    if not rows:
        kit.empty(
            "cable",
            _("No connection for you yet"),
            _("An administrator of your team can add one or share one with contributors."),
        )
    for row in rows:
        with st.container(border=True, key=f"connection-{row.id}"):
            kit.named(row.name, _type(row), "stretch")


def _facts(row: ConnectionRow) -> None:
    added = _("Added by {name}, {when}").format(
        name=plain(row.created_by), when=when(row.created_at)
    )
    st.markdown(f":small[{WHO[row.shared_with]}]  \n:small[:gray[{added}]]", width=220)


def _buttons(row: ConnectionRow, users: list[str]) -> bool:
    """Whether Test was pressed; the others act by themselves."""
    if row.problem and st.button(_("Change key"), key=f"key-{row.id}", type="primary"):
        _edit(row)
    tested = st.button(_("Test"), key=f"test-{row.id}", icon=":material/network_check:")
    chosen = st.menu_button(
        _("More"), [_("Edit"), _("Remove")], key=f"more-{row.id}", type="tertiary"
    )
    if chosen == _("Edit"):
        _edit(row)
    if chosen == _("Remove"):
        _remove(row, users)
    return tested


def _edit(row: ConnectionRow) -> None:
    st.query_params.from_dict({"connection": str(row.id), "view": "edit"})
    st.rerun()


def _test(person: Person, row: ConnectionRow) -> None:
    """What goes wrong at Klaviyo is kept on the row, and shows there."""
    try:
        with st.spinner(_("Asking Klaviyo …")):
            account = connect.check(frame.store(), person, row)
    except DestinationFailed:
        pass
    except SegferryError as error:
        frame.say(str(error), failed=True)
    else:
        text = _("“{name}” reaches the account {account} ({id}).")
        frame.say(text.format(name=row.name, account=account.name, id=account.id))
    st.rerun()


def _remove(row: ConnectionRow, users: list[str]) -> None:
    @st.dialog(_("Remove “{name}”?").format(name=plain(row.name)))
    def asked() -> None:
        frame.guard(Role.administrator)
        st.markdown(_going(users))
        fate = _fate(users)
        label, action = _verb(fate, len(users)), _removal(row.id or 0)
        done = _("“{name}” is removed.").format(name=row.name)
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Keep"), key="keep", type="tertiary"):
                st.rerun()
            if st.button(
                label, key="remove", type="primary", on_click=frame.pressed, args=(action, done)
            ):
                st.rerun()

    asked()


def _going(users: list[str]) -> str:
    gone = _(
        "Its key is deleted and nothing more is sent through it. What was sent stays in Klaviyo"
        " and in the history."
    )
    if not users:
        return gone + " " + _("No export uses it.")
    names = "\n".join(f"- **{plain(name)}**" for name in users)
    used = many("{n} export uses it:", "{n} exports use it:", len(users))
    return f"{gone}\n\n{used}\n\n{names}"


def _fate(users: list[str]) -> str:
    if not users:
        return "detach"
    choices = {
        "detach": _("Detach: they keep their settings and don’t run"),
        "remove": _("Remove them too; their runs stay in the history"),
    }
    return st.radio(
        _("What happens to them"), list(choices), format_func=choices.__getitem__, key=FATE
    )


def _verb(fate: str, n: int) -> str:
    if not n:
        return _("Remove connection")
    if fate == "detach":
        return many("Remove, detach {n} export", "Remove, detach {n} exports", n)
    return many("Remove with {n} export", "Remove with {n} exports", n)


def _removal(id: int):
    def remove(person: Person) -> None:
        fate = st.session_state.get(FATE, "detach")  # as chosen now, not when it was drawn
        with frame.store().begin() as s:
            connections.remove(s, person, connections.find(s, id), exports=fate)

    return remove


def _account(row: ConnectionRow) -> str:
    parts = [_type(row), row.account_name, row.account_id]
    if is_loopback(row.base_url):
        parts = [_type(row), row.account_name or urlsplit(row.base_url).netloc]
    return " · ".join(part for part in parts if part)


def _type(row: ConnectionRow) -> str:
    return row.type.capitalize()
