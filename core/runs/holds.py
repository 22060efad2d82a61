"""Held runs: the story of each hold, what such a run would do, and running it anyway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from core.access import Person
from core.configuration.export import Mode
from core.errors import Conflict
from core.store import requests, runs
from core.store.tables.runs import Run, RunKind
from core.texts import _


@dataclass(frozen=True, slots=True)
class Crossed:
    """A guard that held the run: its name, what it was set to, what it saw, in a sentence too."""

    name: str
    limit: float | bool
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Once that a run was held: why, until when, and what a person did then.

    `deed` is confirmed, tried again or discarded; `number` the one that they confirmed; `keeps`:
    with nobody taken off the list. `crossed` is empty where no guard held it, but its connection.
    """

    since: datetime
    why: str
    until: datetime | None = None
    deed: str | None = None
    by: str | None = None
    number: int | None = None
    keeps: bool = False
    crossed: tuple[Crossed, ...] = ()

    def length(self, now: datetime) -> timedelta:
        """How long it lasted, by now."""
        return max(timedelta(), (self.until or now) - self.since)


def holds(run: Run) -> list[Hold]:
    """The story of its holds, in order."""
    return [_hold(data) for data in run.held_data]


def _hold(data: Mapping[str, Any]) -> Hold:
    until = data.get("until")
    return Hold(
        since=datetime.fromisoformat(data["since"]),
        why=data["why"],
        until=datetime.fromisoformat(until) if until else None,
        deed=data.get("deed"),
        by=data.get("by"),
        number=data.get("number"),
        keeps=bool(data.get("keeps")),
        crossed=tuple(Crossed(**one) for one in data.get("guards", ())),
    )


def hold_reason(run: Run) -> str | None:
    """Why a run is held, with the number that the command line confirms; None for another run."""
    if run.hold is None or run.asking is None:
        return run.hold
    return f"{run.hold} {_('Confirm {n} to run it anyway.').format(n=run.asking)}"


@dataclass(frozen=True, slots=True)
class HeldPlan:
    """What a held run would do, all parts together, in profiles; and how often it was held."""

    run_id: int
    asking: int  # the number that a person confirms
    times: int
    join: int
    change: int
    leave: int
    undoes: bool = False  # takes another run back: who it takes off is what it is for


def plan_of(parts: Sequence[Run]) -> HeldPlan:
    """The plan of a held run from its frozen numbers."""
    first, mode = parts[0], parts[0].order.export.mode
    added, updated = (sum(getattr(one, name) for one in parts) for name in ("added", "updated"))
    joins = mode is not Mode.update
    takes_off = mode is Mode.mirror or first.kind != RunKind.export
    return HeldPlan(
        run_id=first.id,
        asking=first.asking or 0,
        times=first.holds,
        join=added if joins else 0,
        change=updated if joins else added + updated,
        leave=sum(one.leaving for one in parts) if takes_off else 0,
        undoes=first.kind != RunKind.export,
    )


def run_anyway(session: Session, person: Person, seen: HeldPlan, *, keep_leavers: bool) -> Run:
    """The held run goes on as it was seen. Raises Denied, Invalid; Conflict if it has changed."""
    run = runs.find(session, seen.run_id)
    if run.asking is not None and plan_of(runs.siblings(session, run)) != seen:
        raise Conflict(
            _("The run has changed since this was shown. Check the new numbers, then run it.")
        )
    return requests.confirm(session, person, run, seen.asking, keep_leavers=keep_leavers)
