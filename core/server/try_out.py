"""Trying things out: a connection to the local Klaviyo of this server, in one step."""

import secrets

from sqlmodel import Session

from core.access import Action, Person
from core.configuration.connection import Connection, Consent
from core.connections import checks
from core.destinations.addresses import is_loopback
from core.destinations.register import kind_of
from core.errors import Conflict
from core.store import Store, audit, connections
from core.store.audit import Deed
from core.store.tables.connections import ConnectionRow
from core.texts import _

NAME = _("Sandbox")
TYPE = "klaviyo"  # what the server runs here
TITLE = kind_of(TYPE).title
WORDS = "sandbox: nothing leaves this machine"  # agreed to instead of the privacy words


def add(store: Store, person: Person) -> ConnectionRow:
    """The connection to the local Klaviyo, added unless it is there, and checked.

    The server of these pages runs it from now on, also after a restart. Raises Denied, Conflict
    where there is no such server, Invalid, StorageFailed, DestinationFailed.
    """
    store.require(person, Action.manage_connections)
    start_sandbox = store.runtime.start_sandbox
    if start_sandbox is None:
        raise Conflict(
            _(
                "Only a dashboard started by “segferry serve” can run the local Klaviyo for "
                "you. Run “segferry sandbox” and add a connection to the address that it "
                "prints."
            )
        )
    address = start_sandbox()
    with store.begin() as session:
        row = _known(session, person, address) or _added(session, store, person, address)
    checks.check(store, person, row)
    return row


def _known(session: Session, person: Person, address: str) -> ConnectionRow | None:
    """One that goes there; or ours, which follows when the local Klaviyo had to move."""
    rows = connections.everything(session)
    if row := next((row for row in rows if row.base_url == address), None):
        return row
    row = next((row for row in rows if row.name == NAME and is_loopback(row.base_url)), None)
    if row:
        row.base_url = address
        session.add(row)
        audit.record(session, person, Deed.changed, "connection", row.name)
    return row


def _added(session: Session, store: Store, person: Person, address: str) -> ConnectionRow:
    key = f"pk_sandbox_{secrets.token_hex(8)}"  # any key pk_… opens the local Klaviyo
    consent = Consent(agreed_by=person.name, version=WORDS)
    spec = Connection(name=NAME, type=TYPE, api_key=key, base_url=address, consent=consent)
    return connections.add(session, store.vault, person, spec, key=key)
