"""Brings a month that was made aside into an installation: all of it, or nothing."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from shutil import rmtree

import polars as pl
from sqlmodel import Session

from core.access import Action, Person
from core.errors import Conflict
from core.files import storing
from core.plan import journal, ledger
from core.sandbox import demo, moving
from core.settings import Settings
from core.store import Store, audit, samples
from core.store.audit import Deed
from core.texts import _, many


def bring(store: Store, person: Person, aside: Store, sandbox: Path) -> int:
    """Brings the runs of the store set aside, with what they left; how many these are.

    `sandbox` is the folder of the sandbox that they went to. Raises Denied; Conflict where a
    sample was changed, removed or run meanwhile: then the month doesn't fit any more.
    """
    store.require(person, Action.configure)
    with ExitStack() as undo:
        with aside.begin() as there, store.begin() as session:
            _refuse_changed(session, there)
            numbers = samples.bring_runs(session, there, str(demo.profiles_of(store.settings.home)))
            samples.bring_sizes(session, there)
            what = many("{n} run of the demo", "{n} runs of the demo", len(numbers))
            audit.record(session, person, Deed.added, "sample", what)
            session.flush()
            _move_runs(store.settings, aside.settings, numbers, undo)
            _bring_ledgers(store.settings, aside.settings, numbers, undo)
            moving.take_over(store.settings.home / "sandbox", sandbox)
        undo.pop_all()  # all of it is there: nothing is taken back
    return len(numbers)


def _refuse_changed(session: Session, there: Session) -> None:
    for table in samples.THINGS:
        here = {row.id: row.name for row in samples.of(session, table)}
        if here != {row.id: row.name for row in samples.of(there, table)}:
            raise Conflict(_("A sample was changed or removed meanwhile."))
    if run := samples.last_run(session):
        text = _("“{name}” was run meanwhile, so that no history before that is added.")
        raise Conflict(text.format(name=run.export))


def _move_runs(
    here: Settings, aside: Settings, numbers: Mapping[int, int], undo: ExitStack
) -> None:
    """What each run keeps on the disk: its plan, and whom it didn't export."""
    with storing(here.runs):
        here.runs.mkdir(parents=True, exist_ok=True)
        for there, number in numbers.items():
            if (folder := aside.runs / str(there)).exists():
                place = here.runs / str(number)
                undo.callback(rmtree, place, ignore_errors=True)
                folder.replace(place)


def _bring_ledgers(
    here: Settings, aside: Settings, numbers: Mapping[int, int], undo: ExitStack
) -> None:
    """Beside what other exports have sent to the same lists."""
    for file in aside.ledgers.glob("*/*.parquet"):
        place = here.ledgers / file.relative_to(aside.ledgers)
        before = ledger.read(place) if place.exists() else None
        mine = ledger.read(file).with_columns(pl.col("run").replace_strict(dict(numbers)))
        with storing(place.parent):
            place.parent.mkdir(parents=True, exist_ok=True)
        undo.callback(_put_back, place, before)
        undo.callback(journal.remove_runs, here.ledgers, set(numbers.values()))
        journal.bring(file, place, numbers)
        ledger.write(place, mine if before is None else pl.concat([before, mine]))


def _put_back(place: Path, before: pl.DataFrame | None) -> None:
    if before is None:
        place.unlink(missing_ok=True)
    else:
        ledger.write(place, before)
