"""Puts a backup back: all of it is unpacked and checked before anything of the folder changes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree

from core.access import Action, Person, require
from core.backup import archive, keys
from core.backup.archive import Manifest
from core.backup.keys import Keys
from core.backup.making import DATABASE
from core.errors import Conflict, Invalid, StorageFailed
from core.profiles.sources import Progress, silent
from core.settings import Settings
from core.store import audit, belonging, database, snapshot
from core.store.audit import Deed
from core.store.locks import ENGINE, SERVER, keeping_file
from core.store.rights import BACKUPS, BROKEN_OFF, OURS, keep_private
from core.texts import _

DRAFT = "restoring.part"  # what is unpacked and not yet in its place
DONE = "replaced.part"  # what was there before, once the backup is in its place
FORMER, EMPTIED = "former", "emptied"  # in BROKEN_OFF: what was there; a mark that all of it is
STAYS = ("*.lock", BACKUPS)  # in the folder, whatever is put back there


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `ended` runs were under way, `has_keys`: its secrets can be read."""

    manifest: Manifest
    ended: int
    has_keys: bool


def restore(
    settings: Settings,
    person: Person,
    file: Path,
    passphrase: Callable[[], str] | None,
    *,
    replaces: bool = False,
    progress: Progress = silent,
) -> Restored:
    """Fills the data folder with a backup; one that is in use only where it `replaces` that.

    `passphrase` is asked for where the backup has keys; None leaves these out. Raises Denied,
    Invalid, Conflict, StorageFailed; then the folder is as it was.
    """
    require(person, Action.configure)
    if not settings.on_sqlite:
        raise Invalid(_("A backup is restored into SQLite. Unset SEGFERRY_DATABASE_URL for that."))
    try:
        keep_private(settings)
        with _idle(settings.home):
            _take_back(settings.home)
            if (settings.home / DATABASE).exists() and not replaces:
                raise _in_use(settings.home)
            return _restore(settings, person, file, passphrase, progress)
    except OSError as error:
        text = _("The backup {path} can't be restored into {home}: {why}.")
        why = error.strerror or str(error)
        raise StorageFailed(text.format(path=file, home=settings.home, why=why)) from error


def _restore(
    settings: Settings,
    person: Person,
    file: Path,
    passphrase: Callable[[], str] | None,
    progress: Progress,
) -> Restored:
    home = settings.home
    draft = home / DRAFT
    try:
        with archive.opened(file) as (packed, manifest):
            read = archive.shares(manifest.bytes, progress, _("Restoring"))
            archive.unpack(packed, manifest, draft, read)
        has_keys = _unlock(draft, manifest, passphrase)
        ended = _settled(replace(settings, home=draft), person, manifest, home)
        _put(draft, home)
    finally:
        rmtree(draft, ignore_errors=True)
    return Restored(manifest, ended, has_keys)


def _unlock(draft: Path, manifest: Manifest, passphrase: Callable[[], str] | None) -> bool:
    place = draft / keys.FILE
    if manifest.keys != Keys.encrypted:
        return manifest.keys == Keys.elsewhere
    content = place.read_bytes()
    place.unlink()
    if passphrase is None:
        return False
    for name, key in keys.unlocked(content, passphrase()).items():
        (draft / Path(name).name).write_bytes(key)
    return True


def _settled(draft: Settings, person: Person, manifest: Manifest, home: Path) -> int:
    """The database brought to this version's schema. How many runs ended by it."""
    engine = database.open_database(draft)
    try:
        with database.transaction(engine) as session:
            ended = snapshot.settle(session, person.name, Path(manifest.home), home)
            belonging.mark(session, draft.home)
            audit.record(session, person, Deed.restored, "backup", manifest.made_at)
    finally:
        engine.dispose()
    return ended


@contextmanager
def _idle(home: Path) -> Iterator[None]:
    """Nothing runs on the data folder until the end. Raises Conflict."""
    with ExitStack() as held:
        mine = [held.enter_context(keeping_file(home, name)) for name in (SERVER, ENGINE)]
        if not all(is_mine() for is_mine in mine):
            text = _("Segferry is running on the data folder {home}. Stop it, then restore.")
            raise Conflict(text.format(home=home))
        yield


def _in_use(home: Path) -> Conflict:
    text = _(
        "The data folder {home} is in use already, and restoring would replace all that is in it. "
        "Choose an empty one with --home, or say --replace."
    )
    return Conflict(text.format(home=home))


def _ours(home: Path) -> list[Path]:
    """What Segferry has in the folder, the database last."""
    found = {path for pattern in OURS if pattern not in STAYS for path in home.glob(pattern)}
    return sorted(found, key=lambda path: (path.name == DATABASE, path.name))


def _put(draft: Path, home: Path) -> None:
    """Each thing takes its place at once. Where that breaks off, nothing starts before it is over.

    What was there is kept until all of it is done.
    """
    aside = home / BROKEN_OFF
    (aside / FORMER).mkdir(parents=True)
    try:
        for path in reversed(_ours(home)):
            path.rename(aside / FORMER / path.name)
        (aside / EMPTIED).mkdir()
        for path in _ours(draft):
            path.rename(home / path.name)
    except BaseException:
        _take_back(home)
        raise
    aside.rename(home / DONE)
    rmtree(home / DONE, ignore_errors=True)


def _take_back(home: Path) -> None:
    """What was in the folder before a restore that broke off."""
    for left in (home / DONE, home / DRAFT):
        rmtree(left, ignore_errors=True)
    aside = home / BROKEN_OFF
    if not aside.exists():
        return
    if (aside / EMPTIED).exists():
        for path in _ours(home):
            rmtree(path) if path.is_dir() else path.unlink()
        (aside / EMPTIED).rmdir()
    for path in _ours(aside / FORMER):
        path.rename(home / path.name)
    rmtree(aside)
