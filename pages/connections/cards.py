"""The cards of the connections: how each one stands, Test, Edit, Remove."""

from urllib.parse import urlsplit

import streamlit as st

from core.access import Person
from core.connections import checks
from core.destinations.register import kind_of
from core.errors import DestinationFailed, SegferryError
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _, many
from pages.connections import billing, consent, remove, sharing
from pages.connections.facts import ConnectionCard
from pages.runs import marks
from pages.ui import frame, kit
from pages.ui.words import plain, when

FAULTY = (ConnectionState.broken, ConnectionState.reconnect, ConnectionState.degraded)


def draw(person: Person, card: ConnectionCard) -> None:
    """One connection, with what can be done to it."""
    row, n = card.row, len(card.exports)
    with st.container(border=True, gap="small", key=f"connection-{row.id}"):
        with st.container(**kit.ROW, gap="small"):
            kind = f"{marks.type_name(row)} {marks.mark(row)}"
            kit.named(row.name, f"{kind} {plain(_account(row))}", 205)
            with st.container(width=116):
                kit.badge(marks.status(row))
            _facts(card)
            kit.number(n, many("export", "exports", n), 60)
            with st.container(
                horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"
            ):
                tested = row.removal is None and _buttons(card)
        _notes(card)
        if tested:
            _test(person, row)


def _notes(card: ConnectionCard) -> None:
    """What was entered of its billing, what is wrong, and what waits for a person."""
    row = card.row
    if row.removal is not None:
        text = _("It is removed once these have stopped: {names}.")
        names = ", ".join(map(plain, card.running))
        st.markdown(f":small[:material/hourglass_top: {text.format(names=names)}]")
    if card.bill:
        st.markdown(f":small[:gray[{billing.summary(card.bill)}]]")
    if row.problem:
        st.markdown(f":small[:orange[:material/warning:] {plain(row.problem)}]")
    if consent.has_changed(row):
        text = _("The data privacy terms have changed. Open Edit to read them and agree again.")
        st.markdown(f":small[:orange[:material/warning:] {text}]")


def _facts(card: ConnectionCard) -> None:
    row = card.row
    added = _("Added by {name}, {when}").format(
        name=plain(row.created_by), when=when(row.created_at)
    )
    used = _("used {when}").format(when=when(row.used_at)) if row.used_at else _("never used")
    who = sharing.described(row, card.people)
    st.markdown(f":small[{who}]  \n:small[:gray[{added} · {used}]]", width=190)


def _buttons(card: ConnectionCard) -> bool:
    """Whether Test was pressed; the others act by themselves."""
    row, faulty = card.row, card.row.state in FAULTY
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
        remove.ask(card)
    return tested or chosen == test


def _edit(row: ConnectionRow) -> None:
    frame.stay(connection=row.id, view="edit")


def _test(person: Person, row: ConnectionRow) -> None:
    """What goes wrong at the destination is kept on the row, and shows there."""
    try:
        with st.spinner(_("Asking {destination} …").format(destination=kind_of(row.type).title)):
            account = checks.check(frame.store(), person, row)
    except DestinationFailed:
        pass
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        text = _("“{name}” reaches the account {account} ({id}).")
        frame.notify(text.format(name=row.name, account=account.name, id=account.id))
    st.rerun()


def _account(row: ConnectionRow) -> str:
    """Its account, and its host, if that isn't where everybody's is; what an ID says only once."""
    host = urlsplit(row.base_url).netloc if row.base_url != kind_of(row.type).address else None
    id = row.account_id or ""
    said = {part for part in (row.account_name, host) if "://" in id and (part or "") in id}
    return " · ".join(part for part in (row.account_name, id, host) if part and part not in said)
