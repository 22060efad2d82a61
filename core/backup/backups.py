"""The backups that a server keeps in its data folder: made, listed, checked, fetched, removed."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

from core.access import Action, Person
from core.backup import archive, keys, making
from core.backup.archive import Manifest
from core.errors import Conflict, Unknown
from core.profiles.sources import Progress, silent
from core.settings import Settings
from core.store import Store, audit
from core.store.audit import Deed
from core.store.rights import BACKUPS
from core.store.runtime import LongWork
from core.texts import _, many

KIND = "backup"  # in the audit
NAME = re.compile(r"segferry-\d{8}-\d{6}\.zip")  # by the second in UTC at which it was begun
STALE = timedelta(days=1)  # after which what a killed process left of making one is removed


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is kept; `made_at` in UTC."""

    name: str
    bytes: int
    made_at: datetime


def everything(store: Store, person: Person) -> list[Backup]:
    """All that are kept, the newest first. Raises Denied."""
    store.require(person, Action.configure)
    return [_described(path) for path in sorted(_kept(store.settings), reverse=True)]


def begin(store: Store, person: Person, passphrase: str | None) -> LongWork:
    """Makes one and checks it, in a thread of its own; without a passphrase the keys are left out.

    What goes wrong there is the problem of the work. Raises Denied; Invalid for a passphrase that
    is too short; Conflict while another one is made.
    """
    store.require(person, Action.configure)
    if passphrase is not None:
        keys.check(passphrase)
    target = folder(store.settings) / f"segferry-{store.clock():%Y%m%d-%H%M%S}.zip"
    making.check(store.settings, target)

    def carry(progress: Progress) -> str:
        target.parent.mkdir(exist_ok=True)
        making.make(store, person, target, passphrase, progress)
        return _checked(store, person, target.name, progress)

    return _begun(store, _("Backing up"), carry)


def begin_check(store: Store, person: Person, name: str) -> LongWork:
    """Checks one that is kept, in a thread of its own. Raises Denied, Unknown, Conflict."""
    path_of(store, person, name)
    return _begun(store, _("Checking"), lambda progress: _checked(store, person, name, progress))


def cancel(store: Store, person: Person) -> None:
    """Stops what goes on; a backup that was being made vanishes. Raises Denied."""
    store.require(person, Action.configure)
    if work := store.runtime.backup:
        work.stop()


def check(store: Store, person: Person, name: str, progress: Progress = silent) -> Manifest:
    """Reads all of one, and compares each checksum. Raises Denied, Unknown, Invalid."""
    with archive.opened(path_of(store, person, name)) as (packed, manifest):
        archive.check(packed, manifest, archive.shares(manifest.bytes, progress, _("Checking")))
    return manifest


def fetched(store: Store, person: Person, name: str) -> Path:
    """Where one is, for who downloads it, which the audit notes. Raises Denied, Unknown."""
    path = path_of(store, person, name)
    with store.begin() as session:
        audit.record(session, person, Deed.downloaded, KIND, name)
    return path


def remove(store: Store, person: Person, name: str) -> None:
    """Removes one. Raises Denied, Unknown."""
    path_of(store, person, name).unlink(missing_ok=True)
    with store.begin() as session:
        audit.record(session, person, Deed.removed, KIND, name)


def path_of(store: Store, person: Person, name: str) -> Path:
    """Where one that is kept is. Raises Denied, Unknown."""
    store.require(person, Action.configure)
    known = {path.name: path for path in _kept(store.settings)}
    if name not in known:
        raise Unknown(_("backup"), name, known)
    return known[name]


def folder(settings: Settings) -> Path:
    """Where they are kept; a restore leaves that folder as it is."""
    return settings.home / BACKUPS


def sweep(settings: Settings) -> None:
    """Removes what processes that were killed left of making some."""
    for path in folder(settings).glob("*"):
        age = datetime.now(UTC) - datetime.fromtimestamp(path.lstat().st_mtime, UTC)
        if not NAME.fullmatch(path.name) and age > STALE:
            rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _kept(settings: Settings) -> list[Path]:
    return [path for path in folder(settings).glob("*.zip") if NAME.fullmatch(path.name)]


def _described(path: Path) -> Backup:
    stat = path.stat()
    return Backup(path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))


def _begun(store: Store, doing: str, carry: Callable[[Progress], str]) -> LongWork:
    """Raises Conflict while other work of backups goes on."""
    runtime = store.runtime
    with runtime.beginning:
        if runtime.backup and not runtime.backup.is_done:
            text = _("A backup is being made or checked already. Wait for its end, or cancel it.")
            raise Conflict(text)
        work = runtime.backup = LongWork(doing)
    given = (lambda: carry(work.report), "The backup was not made")
    threading.Thread(target=work.carry, args=given, name="backup", daemon=True).start()
    return work


def _checked(store: Store, person: Person, name: str, progress: Progress) -> str:
    n = len(check(store, person, name, progress).members)
    whole = many("{n} file is whole", "all {n} files are whole", n)
    return _("{name}: {whole}.").format(name=name, whole=whole)
