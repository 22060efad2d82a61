"""What happened to a person, run by run, out of the traces of them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from core.person.traces import Trace, Traces
from core.plan.ledger import State
from core.runs import rejects
from core.store.tables.runs import ENDED, Job, JobStatus, Run, RunStatus

MOVED = "moved"  # of who is taken off under their former address
HERE = (State.sent, State.on_list)
Row = Mapping[str, Any]


class What(StrEnum):
    """What a run did about a person."""

    sent = "sent"
    rejected = "rejected"  # before sending
    unchanged = "unchanged"  # a member, and not sent again
    removed = "removed"  # taken off the list
    no_member = "no_member"  # of the segments any more; their list keeps them
    member = "member"  # again, and there is nothing to send


class Answer(StrEnum):
    """What the destination said of what it was sent."""

    accepted = "accepted"
    refused = "refused"
    missing = "missing"  # accepted, and not on the list
    undelivered = "undelivered"
    waiting = "waiting"  # it is frozen, and nothing was sent yet
    held = "held"  # the same of a run that a person decides about


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Moments are UTC; `run` is None for what former versions recorded.

    `change` is added or updated, of who was sent, or moved, of who was taken off under the address
    before; `before` is that address. `words` are the
    destination's; `reason` is one of the reasons for which people aren't sent. `until` is the last
    run of several in which nothing changed, `runs` how many these are.
    """

    at: datetime
    export: str
    run: int | None
    what: What
    email: str
    connection: str | None = None
    list: str | None = None
    answer: Answer | None = None
    change: str | None = None
    before: str | None = None
    reason: str | None = None
    words: str | None = None
    job: str | None = None
    body: Mapping[str, Any] | None = None
    clear: Sequence[str] = ()
    segments: Mapping[str, str] | None = None  # that let people in, and their rules in words
    excluded: Mapping[str, str] | None = None  # that kept them out
    by: Sequence[str] | None = None  # which of these it was; None where that wasn't recorded
    until: int | None = None
    runs: int | None = None
    number: int | None = None  # that says which, see segments.numbered


def events(runs: Iterable[Run], traces: Traces, jobs: Iterable[Job]) -> list[Event]:
    """The events of some addresses, in order of time."""
    by_run: dict[int, dict[str, dict[Trace, Row]]] = defaultdict(lambda: defaultdict(dict))
    for kind, rows in traces.rows.items():
        for row in rows:
            by_run[int(row["run"])][row["email"]][kind] = _more_telling(
                by_run[int(row["run"])][row["email"]].get(kind),
                row,
            )
    settled = {(job.run_id, job.batch): job for job in jobs}
    past = sorted(runs, key=lambda run: run.id)
    found = [
        event
        for run in past
        for email, traced in by_run.get(run.id, {}).items()
        for event in _of_run(run, email, traced, settled)
    ]
    return sorted([*found, *_unchanged(past, found)], key=lambda event: (event.at, event.run or 0))


def _more_telling(before: Row | None, row: Row) -> Row:
    """Of several rows of a person the one that says what became of them.

    Those that were left out for one reason were so for the segments of any of them.
    """
    if before and before.get("reason") == row.get("reason") == "excluded":
        both = [n for n in (before.get("segments"), row.get("segments")) if n is not None]
        return {**row, "segments": reduce(or_, both) if both else None}
    return before if before and before.get("detail") and not row.get("detail") else row


def _of_run(
    run: Run, email: str, traced: Mapping[Trace, Row], jobs: Mapping[tuple[int, int], Job]
) -> list[Event]:
    """One event, but for who is in several rows of the source: one is sent, the others aren't."""
    rejected = traced.get(Trace.rejected)
    others = dict(traced)
    others.pop(Trace.rejected, None)
    both = [_event(run, email, others, jobs), _rejected(run, email, rejected)]
    return [event for event in both if event]


def _rejected(run: Run, email: str, row: Row | None) -> Event | None:
    if row is None:
        return None
    at, kind = run.started_at or run.created_at, What.rejected
    bare = Event(at, run.export, run.id, kind, email, number=row["segments"])
    return replace(bare, reason=row["reason"], words=row["detail"])


def _event(
    run: Run, email: str, traced: Mapping[Trace, Row], jobs: Mapping[tuple[int, int], Job]
) -> Event | None:
    if own := traced.get(Trace.sent):
        return _sent(run, email, own, traced, jobs.get((run.id, own["batch"])))
    ended = run.finished_at or run.started_at or run.created_at
    bare = Event(ended, run.export, run.id, What.sent, email)
    if row := traced.get(Trace.refused):
        return replace(bare, answer=Answer.refused, words=row["detail"])
    if row := traced.get(Trace.missing):
        return replace(bare, answer=Answer.missing, words=row["detail"])
    if row := traced.get(Trace.journal):
        return _by_journal(bare, row)
    if row := traced.get(Trace.member):
        what = What.member if row["member"] else What.no_member
        return replace(bare, what=what, number=row["segments"])
    return None


def _by_journal(bare: Event, row: Row) -> Event | None:
    """Of who is in no other file: taken off, or sent before what is sent was kept."""
    if row["after"] == State.left:
        return replace(bare, what=What.removed)
    if row["after"] in HERE:
        return replace(bare, answer=Answer.accepted, change=_change(row))
    return None


def _sent(run: Run, email: str, own: Row, traced: Mapping[Trace, Row], job: Job | None) -> Event:
    at = job.sent_at if job else run.finished_at or run.created_at
    answer, words = _answer(run, traced, job)
    journal = traced.get(Trace.journal)
    accepted = answer is Answer.accepted
    return Event(
        at,
        run.export,
        run.id,
        What.sent,
        email,
        answer=answer,
        change=_change(journal) if journal and accepted else None,
        words=words,
        job=job.job_id if job else None,
        body=json.loads(own["body"]),
        clear=tuple(json.loads(own["clear"] or "[]")),
        number=own["segments"],
    )


def _answer(
    run: Run, traced: Mapping[Trace, Row], job: Job | None
) -> tuple[Answer | None, str | None]:
    """None while the destination has not answered yet."""
    if row := traced.get(Trace.refused):
        kept = row["reason"] == rejects.HELD_BACK
        return (Answer.accepted if kept else Answer.refused), row["detail"]
    if row := traced.get(Trace.missing):
        return Answer.missing, row["detail"]
    if job is None:
        return _unsent(run), None
    if job.status in (JobStatus.complete, JobStatus.refused):
        return Answer.accepted, None
    under_way = job.status in (JobStatus.sending, JobStatus.queued, JobStatus.processing)
    return (None, None) if under_way else (Answer.undelivered, job.error)


def _unsent(run: Run) -> Answer:
    if run.status in ENDED:
        return Answer.undelivered
    return Answer.held if run.status == RunStatus.held else Answer.waiting


def _change(journal: Row) -> str:
    return "updated" if journal["before"] in HERE else "added"


def _unchanged(past: Sequence[Run], found: Iterable[Event]) -> list[Event]:
    """The runs between two events in which a member was as they had been sent before."""
    known: dict[tuple[str, str], dict[int, Event]] = defaultdict(dict)
    first = {run.id: run.first_id or run.id for run in past}  # of a split the first part counts
    for event in found:
        there, id = known[event.export, event.email], first.get(event.run or 0, 0)
        if event.what is not What.rejected or id not in there:
            there[id] = event
    calm: list[Event] = []
    for (export, email), by_run in known.items():
        own = [run for run in past if run.export == export]
        calm += _calm(own, email, by_run)
    return calm


def _calm(own: Sequence[Run], email: str, by_run: Mapping[int, Event]) -> list[Event]:
    member, calm, is_open = False, list[Event](), False
    for run in own:
        if event := by_run.get(run.id):
            member, is_open = _is_member(event, member), False
        elif member and _compares_all(run):
            if is_open:
                calm[-1] = replace(calm[-1], until=run.id, runs=(calm[-1].runs or 0) + 1)
            else:
                at = run.started_at or run.created_at
                calm.append(
                    Event(at, run.export, run.id, What.unchanged, email, until=run.id, runs=1)
                )
            is_open = True
    return calm


def _is_member(event: Event, before: bool) -> bool:
    """Whether the run after this one leaves them as they are, if it says nothing of them."""
    if event.what is What.sent:
        return event.answer is Answer.accepted or (before and event.answer is not Answer.missing)
    return event.what in (What.unchanged, What.member)


def _compares_all(run: Run) -> bool:
    """Whether it was for all members, and came to its end."""
    order, done = run.order_data, (RunStatus.succeeded, RunStatus.partial)
    whole = order.get("only_email") is None and (run.retry_of is None or bool(order.get("anew")))
    return whole and run.status in done and run.part == 1 and run.members > 0
