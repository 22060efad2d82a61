"""segferry doctor: whether everything that a run needs is in order."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial

import click

from core import settings
from core.access import operator
from core.audience import looks
from core.cli.output import as_json
from core.connections import checks
from core.destinations.register import KINDS
from core.destinations.support import Support
from core.errors import SegferryError, StorageFailed
from core.person import erasing
from core.plan import ledger
from core.runs.engine import sqlite
from core.runs.engine.sqlite import HERE, Versions
from core.runs.keeping import returned
from core.settings import Settings
from core.store import Store, channels, connections, open_store, sources
from core.store.failures import place
from core.store.rights import keep_private, mend
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SourceRow
from core.texts import _, many

LEAST_FREE = 1_000_000_000  # bytes on the disk of the data folder


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is in order, and what was found or what to do."""

    name: str
    ok: bool
    detail: str


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
@click.option(
    "--erase-again",
    is_flag=True,
    help="First erase people again who were erased and are back in files, as from a backup.",
)
def doctor(json_: bool, erase_again: bool) -> int:
    """Check data folder and its rights, SQLite, databases, keys, connections, API and disk."""
    if erase_again:
        erasing.again(open_store(settings.read()), operator())
    found = list(examine(settings.read()))
    well = all(check.ok for check in found)
    if json_:
        as_json({"ok": well, "checks": [asdict(check) for check in found]})
        return 0 if well else 1
    for check in found:
        click.echo(f"{_('ok') if check.ok else _('PROBLEM'):<8} {check.name}: {check.detail}")
    return 0 if well else 1


def examine(given: Settings, versions: Versions = HERE) -> Iterator[Check]:
    """Each check in its turn; those that need the database are left out when it can't be opened."""
    yield _checked(_("data folder"), lambda: _writable(given))
    yield _rights(given)
    yield _disk(given)
    if given.on_sqlite:
        yield _checked(_("SQLite"), lambda: sqlite.check(given, versions))
    for kind in KINDS.values():
        if kind.support:
            yield _supported(kind.support(given))
    yield _checked(_("ledgers"), partial(_ledgers, given))
    try:
        store = open_store(given)
    except SegferryError as error:
        yield Check(_("database and key"), False, str(error))
        return
    yield Check(_("database and key"), True, place(store.engine))
    yield _checked_erased(store)
    yield from _connections(store)
    yield from _sources(store)
    yield from _channels(store)


def _ledgers(given: Settings) -> str:
    """Whether all can be read, and who is sent once more although nothing has changed."""
    paths = sorted(given.ledgers.glob("*/*.parquet"))
    lost = sum(ledger.lost(path) for path in paths)
    if not lost:
        return many("{n} can be read", "{n} can be read", len(paths))
    return many(
        "{n} person is sent once more by the next run: another polars made the hashes",
        "{n} people are sent once more by the next runs: another polars made the hashes",
        lost,
    )


def _checked_erased(store: Store) -> Check:
    """Whether a backup has brought back people who were erased."""
    found = returned.find(store)
    nowhere = _("none is in ledgers, files of runs or address lists")
    text = found.sentence if found.places else nowhere
    return Check(_("erased people"), not found.places, text)


def _connections(store: Store) -> Iterator[Check]:
    with store.begin() as session:
        rows = connections.everything(session)
    for row in rows:
        name = _("connection “{name}”").format(name=row.name)
        yield _checked(name, partial(_account, store, row))


def _sources(store: Store) -> Iterator[Check]:
    with store.begin() as session:
        rows = sources.everything(session)
    for row in rows:
        name = _("source “{name}”").format(name=row.name)
        yield _checked(name, partial(_rows, store, row))


def _channels(store: Store) -> Iterator[Check]:
    """Where the team's alerts go, by how the last message went."""
    with store.begin() as session:
        rows = channels.team(session)
    for row in rows:
        text = _("nothing was sent there yet")
        if row.delivered_at:
            text = _("last message: {moment}").format(moment=_moment(row.delivered_at))
        if row.failing_since:
            text = _("nothing arrives there since {moment}: {why}")
            text = text.format(moment=_moment(row.failing_since), why=row.problem)
        name = _("alert channel “{name}”").format(name=row.name)
        yield Check(name, row.failing_since is None, text)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M %Z}"


def _account(store: Store, row: ConnectionRow) -> str:
    return checks.check(store, operator(), row).name


def _rows(store: Store, row: SourceRow) -> str:
    found = looks.read(store, operator(), row)
    return _("{n} rows").format(n=f"{found.rows:,}")


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except SegferryError as error:
        return Check(name, False, str(error))


def _writable(given: Settings) -> str:
    for folder in given.folders:
        probe = folder / ".doctor"
        try:
            keep_private(given)
            probe.write_text("")
            probe.unlink()
        except OSError as error:
            raise StorageFailed(
                _("{home} can't be written: {why}. Check its permissions.").format(
                    home=folder, why=error.strerror
                )
            ) from error
    return ", ".join(map(str, given.folders))


def _rights(given: Settings) -> Check:
    mended, left = mend(given)
    if left:
        text = _(
            "Others on this machine may read {n} files and folders that belong to somebody "
            "else, among them {path}. Take that permission away: chmod -R go= {home}"
        ).format(n=len(left), path=left[0], home=" ".join(map(str, given.folders)))
    elif mended:
        text = _("{n} files and folders were open to others on this machine and are now closed")
        text = text.format(n=mended)
    else:
        text = _("closed to others on this machine")
    return Check(_("file permissions"), not left, text)


def _disk(given: Settings) -> Check:
    places = [next(p for p in (one, *one.parents) if p.exists()) for one in given.folders]
    free = min(shutil.disk_usage(place).free for place in places)
    text = _("{n} GB free").format(n=f"{free / 1e9:,.1f}")
    return Check(_("disk"), free >= LEAST_FREE, text)


def _supported(api: Support) -> Check:
    text = _("{version}, supported until {end}")
    text = text.format(version=api.version, end=api.end.isoformat())
    return Check(api.name, not api.is_near(date.today()), text)
