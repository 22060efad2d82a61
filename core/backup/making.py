"""Makes a backup while the installation works: database, ledgers and files of runs that fit.

The database comes first, in one step of SQLite, with the ledgers of the same moment. Files of runs
that have ended don't change any more; what a run removes meanwhile, it no longer needs.
"""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from core import __version__
from core.access import Action, Person
from core.backup import keys
from core.backup.archive import Manifest, Writer, shares
from core.backup.keys import Keys
from core.errors import Conflict, Invalid, StorageFailed
from core.files import replacing
from core.profiles.sources import Progress, silent
from core.settings import Settings
from core.store import Store, audit, snapshot
from core.store.audit import Deed
from core.store.vault import key_file
from core.texts import _

DATABASE, LEDGERS = "segferry.sqlite", "ledger"
SECRETS = "secrets.toml"
# Of what is in the data folder: not the copies of sources, which are made again, nor the engine's
# own database, by which runs would go on in two places.
FOLDERS = ("runs", "uploads", "suppressed", "demo")
DATABASES = (DATABASE, "sandbox/sandbox.db")
# By it a run that was held would go on by itself, see `runs.steps.begun`: the database of a backup
# is as of one moment, and has lost nothing.
MARK = ".begun"
TRIES = 20  # to find a moment at which no run writes a ledger


def make(
    store: Store,
    person: Person,
    target: Path,
    passphrase: str | None,
    progress: Progress = silent,
) -> Manifest:
    """Makes the file, or leaves what was there; without a passphrase the keys are left out.

    Raises Denied; Invalid for a place within what is backed up; Conflict, StorageFailed.
    """
    store.require(person, Action.configure)
    check(store.settings, target)
    try:
        with replacing(target) as file, TemporaryDirectory(dir=target.parent) as aside:
            _copy(store, Path(aside), partial(progress, 0.0, _("Backing up")))
            with ZipFile(file, "w") as archive:
                manifest = _filled(store, Path(aside), archive, passphrase, progress)
    except OSError as error:
        text = _("The backup {path} can't be written: {why}. Choose a place with room for it.")
        raise StorageFailed(text.format(path=target, why=error.strerror or error)) from error
    with store.begin() as session:
        audit.record(session, person, Deed.added, "backup", target.name)
    return manifest


def check(settings: Settings, target: Path) -> None:
    """Raises Invalid where no backup can be made, or not at that place."""
    if not settings.on_sqlite:
        raise Invalid(
            _(
                "The database is in PostgreSQL: back it up with pg_dump, and the data folder "
                "{home} beside it. segferry backup is for SQLite."
            ).format(home=settings.home)
        )
    within = [settings.home / name for name in (LEDGERS, *FOLDERS)]
    if any(target.resolve().is_relative_to(folder.resolve()) for folder in within):
        text = _("{path} would be part of the next backup. Choose a place outside that folder.")
        raise Invalid(text.format(path=target))


def _copy(store: Store, aside: Path, going_on: Callable[[], object]) -> None:
    """The database and the ledgers of one moment. Raises Conflict."""
    ledgers = store.settings.home / LEDGERS
    for _try in range(TRIES):
        before = _states(ledgers)
        for name in DATABASES:
            if (store.settings.home / name).exists():
                snapshot.copy(store.settings.home / name, aside / name, going_on)
        if _copied_all(ledgers, aside / LEDGERS, going_on) and _states(ledgers) == before:
            return
        rmtree(aside / LEDGERS, ignore_errors=True)
    raise Conflict(
        _("Runs keep changing the ledgers, so no moment fits. Make the backup again in a minute.")
    )


def _states(folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of each file."""
    found = {}
    for path in _files(folder):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[path] = stat.st_size, stat.st_mtime_ns
    return found


def _copied_all(folder: Path, there: Path, going_on: Callable[[], object]) -> bool:
    """Whether no file vanished meanwhile."""
    for path in _files(folder):
        going_on()
        place = there / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            copyfile(path, place)
        except FileNotFoundError:
            return False
    return True


def _files(folder: Path) -> list[Path]:
    """All but drafts and marks, and never what a link leads to."""
    found = (path for path in folder.rglob("*") if {".part", MARK}.isdisjoint(path.suffixes))
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _filled(
    store: Store, aside: Path, archive: ZipFile, passphrase: str | None, progress: Progress
) -> Manifest:
    home = store.settings.home
    files = [(path.relative_to(aside), path) for path in _files(aside)]
    files += [(path.relative_to(home), path) for name in FOLDERS for path in _files(home / name)]
    total = sum(_size(path) for _name, path in files)
    writer = Writer(archive, shares(total, progress, _("Backing up")))
    for name, path in files:
        writer.add(name.as_posix(), path)
    kept = _add_keys(store.settings, writer, passphrase)
    revision, counts = snapshot.described(aside / DATABASE)
    counts |= {"ledger": sum(1 for _path in (aside / LEDGERS).glob("*/*.parquet"))}
    manifest = Manifest(
        version=__version__,
        revision=revision,
        made_at=store.clock().isoformat(timespec="seconds"),
        home=str(home),
        keys=kept,
        counts=counts,
        members=tuple(writer.members),
    )
    writer.close(manifest)
    return manifest


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _add_keys(settings: Settings, writer: Writer, passphrase: str | None) -> Keys:
    """The key of the vault unless the environment gives it, and the secrets of single sign-on."""
    found = dict(_keys(settings))
    if passphrase is None:
        return Keys.left_out if found else Keys.elsewhere
    if not found:
        return Keys.elsewhere
    writer.add_from(keys.FILE, BytesIO(keys.locked(found, passphrase)))
    return Keys.encrypted


def _keys(settings: Settings) -> Iterator[tuple[str, bytes]]:
    own = key_file(settings)
    places = [settings.home / SECRETS]
    if not settings.secret_key and own.parent == settings.home:
        places.append(own)
    for path in places:
        if path.exists():
            yield path.name, path.read_bytes()


def has_keys(settings: Settings) -> bool:
    """Whether there are keys that a passphrase is needed for."""
    return any(_keys(settings))
