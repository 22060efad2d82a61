"""The receipt of an erasure: what was done where and when, without who it was."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.access import Action, Person
from core.person import document, signing, words
from core.person.document import Part
from core.profiles.matching.emails import as_sent
from core.store import Store, audit, erasures
from core.store.audit import Deed
from core.store.downloads import Download
from core.store.tables.erasures import ErasureRow
from core.texts import _, many

CONNECTION = "connection "  # how steps begin that ask a destination
PLACES = {
    "ledgers": _("Ledgers and journals of lists"),
    "runs": _("Files of runs"),
    "suppressed": _("Answers about suppressed people"),
    "copies": _("Converted copies of sources"),
    "fetched": _("Files fetched from stores"),
    "uploads": _("Uploaded files"),
    "address lists": _("Address lists"),
    "again": _("Ledgers and files of runs, looked through again"),
    "sources": _("Sources outside the data folder"),
    "tables": _("Database"),
    "engine": _("Tables of the engine"),
}
SOURCE = _(
    "The team's own source files and tables aren't Segferry's: they have to be corrected where "
    "they are kept. Until then each run leaves the person out with the reason “erased”."
)


def of_addresses(store: Store, person: Person, emails: Sequence[str]) -> list[ErasureRow]:
    """The erasures of any of these addresses, the newest first. Raises Denied."""
    store.require(person, Action.erase)
    key = erasures.hashing_key(store)
    with store.begin() as session:
        return erasures.of_digests(session, [erasures.digest(key, as_sent(e)) for e in emails])


def of_id(store: Store, person: Person, id: int) -> ErasureRow:
    """The erasure with this id. Raises Denied, Unknown."""
    store.require(person, Action.erase)
    with store.begin() as session:
        return erasures.find(session, id)


def lines(row: ErasureRow) -> list[tuple[datetime, str, str]]:
    """Each step that is done: when, where, what."""
    found = [
        (datetime.fromisoformat(step["at"]), *_line(name, step))
        for name, step in row.steps.items()
        if name.startswith(CONNECTION) or name in PLACES
    ]
    return sorted(found, key=lambda line: line[0])


def as_pdf(store: Store, person: Person, id: int) -> bytes:
    """The receipt as a signed PDF. Raises Denied, Unknown; Invalid without the extra “pdf”."""
    row = of_id(store, person, id)
    head = [
        _("Requested by {name} on {at}.").format(name=row.by, at=words.moment(row.at)),
        _("Finished on {at}.").format(at=words.moment(row.finished_at))
        if row.finished_at
        else _("Not finished yet."),
    ]
    rows = [(words.moment(at), where, [what]) for at, where, what in lines(row)]
    parts = [
        Part(_("Keyed hashes of the addresses"), row.digests),
        Part(_("What was done"), [], rows),
        Part(_("What is left to do"), [SOURCE]),
    ]
    title = _("Receipt of erasure {n}").format(n=row.id)
    content = signing.sign(store, document.pdf(title, head, parts))
    with store.begin() as session:
        audit.record(session, person, Deed.downloaded, Download.receipt, title)
    return content


def _line(name: str, step: dict[str, Any]) -> tuple[str, str]:
    if not name.startswith(CONNECTION):
        return PLACES[name], _counted(step)
    if problem := step.get("problem"):
        text = _("Not asked: {why} Delete the profile there by hand.")
        return step["name"] or _("A destination"), text.format(why=problem)
    text = many("Asked to delete {n} profile", "Asked to delete {n} profiles", step["asked"])
    return step["name"], text


def _counted(step: dict[str, Any]) -> str:
    if "names" in step:
        if not step["names"]:
            return _("none")
        return _("to be corrected there: {names}").format(names=", ".join(step["names"]))
    if "lists" in step:
        return many("{n} list", "{n} lists", step["lists"])
    rows = many("{n} row", "{n} rows", step["rows"])
    if "files" in step:
        files = many("{n} file", "{n} files", step["files"])
        rows = _("{rows} in {files}").format(rows=rows, files=files)
    if left := step.get("left"):
        text = _("{found}. These can't be changed, replace them: {names}")
        return text.format(found=rows, names=", ".join(left))
    return rows
