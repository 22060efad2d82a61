"""What is known of a person as a signed document, for a data-subject request."""

from core.access import Person
from core.person import document, signing
from core.person.look_up import gathered
from core.profiles.sources import Progress, silent
from core.store import Store, audit
from core.store.audit import Deed
from core.store.downloads import NEEDED, Download


def as_pdf(
    store: Store, person: Person, address: str, ask: bool = False, progress: Progress = silent
) -> bytes:
    """All that is known of them as a signed PDF; the audit has that it was taken home.

    Raises Denied, Invalid and StorageFailed as looking up does; Invalid where the extra “pdf” is
    missing.
    """
    store.require(person, NEEDED[Download.person])
    found = gathered(store, person, address, progress, ask)
    content = document.of_person(found, person.name, store.clock())
    signed = signing.sign(store, content)
    with store.begin() as session:
        audit.record(session, person, Deed.downloaded, Download.person, found.key)
    return signed
