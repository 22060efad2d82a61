"""Tables that people take home: each goes through here, masked by role and noted in the audit."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from core.access import Action, Person, may
from core.masking import sentence
from core.store import Store, audit
from core.store.audit import Deed

if TYPE_CHECKING:
    import polars as pl


class Download(StrEnum):
    """What can be taken home, in the audit's words."""

    runs = "runs"
    rejects = "rejects"
    members = "members"
    addresses = "addresses of a list that a source lacks"
    plan = "plan"
    audit = "audit"
    person = "person"
    receipt = "receipt"


NEEDED: Mapping[Download, Action] = {
    Download.runs: Action.look,
    Download.rejects: Action.see_addresses,
    Download.members: Action.see_addresses,
    Download.addresses: Action.see_addresses,
    Download.plan: Action.see_addresses,
    Download.audit: Action.read_audit,
    Download.person: Action.see_addresses,
    Download.receipt: Action.erase,
}


def csv(
    store: Store,
    person: Person,
    download: Download,
    name: str,
    make: Callable[[], "pl.DataFrame"],
) -> bytes:
    """The table as CSV for a spreadsheet; `name` says in the audit of what it is.

    It is made only for who may have it. Who may not see addresses gets texts with what
    sentences quote of people masked. Raises Denied, and what `make` raises.
    """
    from core import spreadsheets

    store.require(person, NEEDED[download])
    change = None if may(person, Action.see_addresses) else sentence
    content = spreadsheets.csv(make(), change)
    with store.begin() as session:
        audit.record(session, person, Deed.downloaded, download, name)
    return content
