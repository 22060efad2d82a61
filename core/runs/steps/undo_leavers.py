"""Takes those off a list whom the run that is taken back had put there, some at a time."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from core.destinations import Destination
from core.errors import DestinationFailed, Stopped
from core.files import replace_text
from core.parquet import read_parquet, replace_parquet
from core.plan.undo import Alone, Change
from core.runs.steps import taken_off
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.leavers import is_ours
from core.runs.taking_back import frozen_people, is_frozen
from core.store.tables.runs import ENDED

AT_ONCE = 1_000  # people, and so between two looks at whether to stop
OFF = "off"  # or else why somebody is left alone
FATES = {"email": pl.String, "id": pl.String, "fate": pl.String}


def take_off(work: RunAtWork) -> pl.DataFrame:
    """Who is off the list now: email. May be repeated; stops between some and the next.

    What goes wrong is recorded with the run. Raises StorageFailed.
    """
    people = frozen_people(work.store.settings, work.run)
    planned = people.filter(pl.col("alone").is_null(), pl.col("change") == Change.take_off)
    slices = list(planned.select("email", "began").iter_slices(AT_ONCE))
    done = _done(work)
    try:
        with work.destination() as destination:
            for number in range(done + 1, len(slices) + 1):
                if _is_stopped(work):
                    break
                _take(work, destination, number, slices[number - 1])
                done = number
    except DestinationFailed as error:
        work.fail(str(error))
    except Stopped:
        pass
    fates = _fates(work, range(1, done + 1))
    if done == len(slices) and is_frozen(work.store.settings, work.run):
        _note_complete(work, fates)
    return fates.filter(pl.col("fate").is_in([OFF, Alone.not_there])).select("email")


def _is_stopped(work: RunAtWork) -> bool:
    run = work.run
    return bool(run.status in ENDED or run.error or run.stop_asked_by or work.stop_requested())


def _take(work: RunAtWork, destination: Destination, number: int, some: pl.DataFrame) -> None:
    """Kept before it is done, so that doing it again after a crash takes the same people off."""
    file = _folder(work) / f"{number:05}.parquet"
    if not file.exists():
        found = _looked_up(work, destination, some)
        ours = found.filter(fate=OFF).select("email", "id")
        if not ours.is_empty():
            taken_off.keep(work.store.settings, work.run, dict(ours.iter_rows()))
        replace_parquet(file, found, {})
    ids = read_parquet(file)[0].filter(fate=OFF)["id"].to_list()
    destination.take_off(work.run.list_id, ids)
    replace_text(_folder(work) / "done", str(number))
    removed = _fates(work, range(1, number + 1)).filter(fate=OFF).height
    work.record(removed=removed)


def _looked_up(work: RunAtWork, destination: Destination, some: pl.DataFrame) -> pl.DataFrame:
    """FATES of these people (email, began): who was on the list before isn't ours."""
    found = destination.joined(work.run.list_id, some["email"])
    rows: list[tuple[str, str | None, str]] = []
    for email, began in some.iter_rows():
        there = found.get(email)
        ours = there is not None and is_ours(there, began + destination.ahead)
        fate = OFF if ours else Alone.joined_elsewhere if there else Alone.not_there
        rows.append((email, there.id if there else None, fate))
    return pl.DataFrame(rows, FATES, orient="row")


def _note_complete(work: RunAtWork, fates: pl.DataFrame) -> None:
    """Nobody is left to be taken off; who was left alone after all is counted with the others."""
    planned = frozen_people(work.store.settings, work.run)["alone"].drop_nulls()
    counts = pl.concat([planned, fates.filter(pl.col("fate") != OFF)["fate"]]).value_counts()
    work.record(undo={"alone": dict(counts.iter_rows()), "complete": True})


def _fates(work: RunAtWork, numbers: Iterable[int]) -> pl.DataFrame:
    frames = [pl.DataFrame(schema=FATES)]
    frames += [read_parquet(_folder(work) / f"{number:05}.parquet")[0] for number in numbers]
    return pl.concat(frames)


def _done(work: RunAtWork) -> int:
    file = _folder(work) / "done"
    return int(file.read_text()) if file.exists() else 0


def _folder(work: RunAtWork) -> Path:
    return work.store.settings.runs / str(work.run_id) / "undo"
