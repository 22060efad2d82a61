"""Makes the demo's month: its exports run, each on its day, in an installation set aside.

That has a clock that is set back, a sandbox by the same clock, and nobody else in it. Runs go the
way of every run; nothing of them is written by hand.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from core.access import Person, Role
from core.audience import members
from core.destinations.limits import Limits
from core.runs.engine.worker import Answer, Worker, carry_out
from core.sandbox import demo
from core.sandbox.demo import content, days
from core.sandbox.faults import IMPORTS, Fault, Kind
from core.sandbox.serving import background, listen
from core.sandbox.web import build
from core.sandbox.world import Settings as Sandbox
from core.sandbox.world import World
from core.server.demo import month
from core.server.demo.clock import PastClock
from core.server.demo.month import Event, Went
from core.store import Store, exports, open_store, requests, runs, samples, sources
from core.store.database import Clock, now
from core.store.runtime import Runtime
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SourceRow
from core.store.tables.runs import Run, RunStatus
from core.texts import _

DEMO = Person("Demo", Role.administrator, None, "demo")  # whose runs they are
COUNTED_EVERY = 2  # days, where nothing else happens
LATER = timedelta(minutes=20)  # until somebody looks at a run that went wrong
Progress = Callable[[float, str], object]  # from 0 to 1, and what is being done; may raise Stopped


@dataclass(frozen=True, slots=True)
class Aside:
    """The installation set aside, and the sandbox that its exports go to."""

    store: Store
    clock: PastClock
    world: World
    people: pl.DataFrame  # of today
    today: date


def make(
    store: Store,
    folder: Path,
    today: date,
    progress: Progress,
    events: Sequence[Event] = month.EVENTS,
) -> None:
    """Makes what happened to the samples of this store, aside: see `store_in`, `sandbox_in`.

    Raises what `progress` raises, and what runs may fail with.
    """
    length = max(event.days for event in events)
    with _aside(store, folder, today, length) as aside:
        for ago in range(length, 0, -1):
            text = _("Making a month of history: day {n} of {m}")
            progress(1 - ago / length, text.format(n=length - ago + 1, m=length))
            of_day = [event for event in events if event.days == ago]
            if of_day or ago % COUNTED_EVERY == 0:
                _pass_day(aside, ago, of_day)


def store_in(folder: Path, store: Store, clock: Clock = now) -> Store:
    """The store set aside in the folder, for this one; close it after use."""
    settings = replace(store.settings, home=folder / "home", database_url="")
    return replace(open_store(settings, clock), vault=store.vault)


def sandbox_in(folder: Path) -> Path:
    """The folder of its sandbox."""
    return folder / "sandbox"


@contextmanager
def _aside(store: Store, folder: Path, today: date, length: int) -> Iterator[Aside]:
    clock = PastClock(month.midnight(today, length))
    world = World(sandbox_in(folder), clock.seconds, Sandbox(delay=0.0, limits=False))
    limits = Limits(clock.seconds, clock.sleep)
    people = pl.read_parquet(demo.profiles_of(store.settings.home))
    with listen(0) as socket, world, background(build(world), socket) as address:
        aside = replace(store_in(folder, store, clock.now), runtime=Runtime(limits=limits))
        try:
            _copy(store, aside, address)
            yield Aside(aside, clock, world, people, today)
        finally:
            aside.close()


def _copy(store: Store, aside: Store, address: str) -> None:
    """The samples under the same ids; their connection goes to the sandbox at this address."""
    with store.begin() as session:
        things = [row for table in samples.THINGS for row in samples.of(session, table)]
        rows = [*things, *samples.links(session)]
    for row in rows:
        given = samples.values(row)
        if isinstance(row, ConnectionRow):
            given |= {"base_url": address, "owner_id": None, "export_user_id": None}
        if isinstance(row, SourceRow):
            path = str(demo.profiles_of(aside.settings.home))
            given |= {"path": path, "spec": row.spec | {"path": path}, "confined": False}
        with aside.begin() as session:
            session.add(type(row)(**given))


def _pass_day(aside: Aside, days_ago: int, events: Sequence[Event]) -> None:
    """The day's file arrives, segments are counted, and what happened that day happens."""
    aside.clock.set(month.moment(aside.today, days_ago, month.COUNTED_AT))
    _arrive(aside, days_ago, lacking=any(event.went is Went.lacking for event in events))
    for event in events:
        aside.clock.set(month.moment(aside.today, days_ago, event.at))
        _happen(aside, event)


def _arrive(aside: Aside, days_ago: int, lacking: bool) -> None:
    path = demo.profiles_of(aside.store.settings.home)
    path.parent.mkdir(parents=True, exist_ok=True)
    then = days.people_of(aside.people, month.midnight(aside.today, 0), days_ago, lacking=lacking)
    then.write_parquet(path, compression="uncompressed")  # read once or twice
    with aside.store.begin() as session:
        source = sources.find(session, content.SOURCE)
    members.recount(aside.store, DEMO, source)


def _happen(aside: Aside, event: Event) -> None:
    if event.went is Went.refused:
        aside.world.faults.add(Fault(Kind.job_cancelled, IMPORTS))
    store = aside.store
    with store.begin() as session:
        run = requests.request(session, DEMO, exports.find(session, event.export))
    _carry(store, run)
    aside.clock.set(aside.clock.now() + LATER)
    with store.begin() as session:
        run = runs.find(session, run.id)
        if run.status == RunStatus.held:
            requests.ask_stop(session, DEMO, run)
            return
        again = requests.retry(session, DEMO, run) if event.went is Went.refused else None
    if again:
        _carry(store, again)


def _carry(store: Store, run: Run) -> None:
    def step(action: Callable[..., Answer], *ids: int) -> Answer:
        return action(*ids)

    worker = Worker(store)
    carry_out(worker, step, run.id)
    worker.leave()
