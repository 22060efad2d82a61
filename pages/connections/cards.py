"""The cards of the connections: how each one stands, Test, Edit, Remove."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from core.access import Person, Role
from core.connections import checks
from core.destinations.klaviyo.settings import BASE_URL
from core.errors import DestinationFailed, SegferryError
from core.runs import removal
from core.store.billing import Bill
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.connections import billing, consent, sharing
from pages.runs import marks
from pages.ui import frame, kit
from pages.ui.words import plain, when

FATES = {"detach": _("Detach"), "remove": _("Remove")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A connection, its exports, whose runs go through it now, and names of people by account.

    `bill` is what an administrator entered of Klaviyo's billing page, if they did.
    """

    row: ConnectionRow
    exports: list[ExportRow]
    running: list[str]
    people: dict[int, str]
    bill: Bill | None = None


SORTED: dict[str, Callable[[Shown], Any]] = {
    _("Name"): lambda one: one.row.name.casefold(),
    _("Type"): lambda one: one.row.type,
    _("Newest first"): lambda one: -one.row.created_at.timestamp(),
    _("Who may use it"): lambda one: one.row.shared_with,
    _("Exports"): lambda one: -len(one.exports),
    _("State"): lambda one: WORST.index(one.row.state),
    _("Last used"): lambda one: -(one.row.used_at.timestamp() if one.row.used_at else 0),
}
FAULTY = (ConnectionState.broken, ConnectionState.reconnect, ConnectionState.degraded)
WORST = (*FAULTY, ConnectionState.unchecked, ConnectionState.ok)


def card(person: Person, shown: Shown) -> None:
    """One connection, with what can be done to it."""
    row, n = shown.row, len(shown.exports)
    with st.container(border=True, gap="small", key=f"connection-{row.id}"):
        with st.container(**kit.ROW, gap="small"):
            kind = f"{marks.type_name(row)} {marks.mark(row)}"
            kit.named(row.name, f"{kind} {plain(_account(row))}", 205)
            with st.container(width=116):
                kit.badge(marks.status(row))
            _facts(shown)
            kit.number(n, many("export", "exports", n), 60)
            with st.container(
                horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"
            ):
                tested = row.removal is None and _buttons(shown)
        _notes(shown)
        if tested:
            _test(person, row)


def _notes(shown: Shown) -> None:
    """What was entered of its billing, what is wrong, and what waits for a person."""
    row = shown.row
    if row.removal is not None:
        text = _("It goes as soon as these have stopped: {names}.")
        names = ", ".join(map(plain, shown.running))
        st.markdown(f":small[:material/hourglass_top: {text.format(names=names)}]")
    if shown.bill:
        st.markdown(f":small[:gray[{billing.told(shown.bill)}]]")
    if row.problem:
        st.markdown(f":small[:orange[:material/warning:] {plain(row.problem)}]")
    if consent.has_changed(row):
        text = _("The words on data privacy have changed. Open Edit to read them and agree again.")
        st.markdown(f":small[:orange[:material/warning:] {text}]")


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
            kit.named(row.name, marks.type_name(row), "stretch")


def _facts(shown: Shown) -> None:
    row = shown.row
    added = _("Added by {name}, {when}").format(
        name=plain(row.created_by), when=when(row.created_at)
    )
    used = _("used {when}").format(when=when(row.used_at)) if row.used_at else _("never used")
    who = sharing.told(row, shown.people)
    st.markdown(f":small[{who}]  \n:small[:gray[{added} · {used}]]", width=190)


def _buttons(shown: Shown) -> bool:
    """Whether Test was pressed; the others act by themselves."""
    row, faulty = shown.row, shown.row.state in FAULTY
    test, key = _("Test"), _("Replace key")
    if faulty:  # what helps stands first
        tested = False
        if st.button(key, key=f"key-{row.id}", type="primary"):
            _edit(row)
    else:
        tested = st.button(test, key=f"test-{row.id}", icon=":material/network_check:")
    choices = [_("Edit"), test if faulty else key, _("Remove")]
    chosen = st.menu_button(_("More"), choices, key=f"more-{row.id}", type="tertiary")
    if chosen in (_("Edit"), key):
        _edit(row)
    if chosen == _("Remove"):
        _remove(shown)
    return tested or chosen == test


def _edit(row: ConnectionRow) -> None:
    frame.stay(connection=row.id, view="edit")


def _test(person: Person, row: ConnectionRow) -> None:
    """What goes wrong at Klaviyo is kept on the row, and shows there."""
    try:
        with st.spinner(_("Asking Klaviyo …")):
            account = checks.check(frame.store(), person, row)
    except DestinationFailed:
        pass
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        text = _("“{name}” reaches the account {account} ({id}).")
        frame.notify(text.format(name=row.name, account=account.name, id=account.id))
    st.rerun()


def _remove(shown: Shown) -> None:
    row = shown.row

    @st.dialog(_("Remove “{name}”?").format(name=plain(row.name)), width="medium")
    def asked() -> None:
        frame.guard(Role.administrator)
        st.markdown(_going(shown))
        for export in shown.exports:
            _fate(export)
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Keep"), key="keep", type="tertiary"):
                st.rerun()
            action = partial(_removal, row.id, [export.id for export in shown.exports])
            if st.button(
                _("Remove connection"),
                key="remove",
                type="primary",
                on_click=frame.pressed,
                args=(action,),
            ):
                st.rerun()

    asked()


def _going(shown: Shown) -> str:
    gone = _(
        "Its key is overwritten and nothing more is sent through it. What was sent stays in Klaviyo"
        " and in the history."
    )
    if shown.running:
        names = ", ".join(f"**{plain(name)}**" for name in shown.running)
        gone += " " + _("First these are stopped softly: {names}.").format(names=names)
    if not shown.exports:
        return gone + " " + _("No export uses it.")
    used = many(
        "{n} export uses it. Detached, it keeps its settings, doesn't run, and can be given another"
        " connection:",
        "{n} exports use it. Detached, they keep their settings, don't run, and can be given"
        " another connection:",
        len(shown.exports),
    )
    return f"{gone}\n\n{used}"


def _fate(export: ExportRow) -> None:
    st.radio(
        plain(export.name),
        list(FATES),
        format_func=FATES.__getitem__,
        horizontal=True,
        key=f"fate-{export.id}",
    )


def _removal(connection_id: int, exports: list[int], person: Person) -> None:
    """With the fates as they are chosen now, not as they were when the dialog was drawn."""
    fates = {id: st.session_state.get(f"fate-{id}", "detach") for id in exports}
    if removal.ask(frame.store(), person, connection_id, fates):
        frame.notify(_("The connection is removed."))
    else:
        frame.notify(_("The connection goes as soon as its runs have stopped."))


def _account(row: ConnectionRow) -> str:
    """Whose it is, and where, if that isn't Klaviyo itself."""
    host = urlsplit(row.base_url).netloc if row.base_url != BASE_URL else None
    return " · ".join(part for part in (row.account_name, row.account_id, host) if part)
