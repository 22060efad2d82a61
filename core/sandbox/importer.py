"""Works off import jobs and deletions in a thread of its own, when their time has come."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

from core.sandbox.jsonapi import Json, Problem, Refused
from core.sandbox.merging import Known
from core.sandbox.state import Db, State, deletions, jobs, lists, profiles
from core.sandbox.state.jobs import Job
from core.sandbox.validation import PHONE, field_faults

PORTION = 1_000
"""Rows per transaction, so that other writers wait for milliseconds only."""
PAUSE = 0.001
"""Seconds between portions: a lock is not fair, and requests that wait for it come first."""
LONGEST_PAUSE = 0.5
PATIENCE = 0.25
REFUSED_PREFIX = "refused"

log = logging.getLogger(__name__)


class Importer:
    """The thread that turns queued jobs into profiles and members."""

    def __init__(self, state: State, clock: Callable[[], float]) -> None:
        self._state = state
        self._clock = clock
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._at_work = threading.Lock()
        self._round = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sandbox importer", daemon=True)

    def start(self) -> None:
        """Begins; half-done jobs of an earlier process go on where they stopped."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the portion at hand."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def nudge(self) -> None:
        """Says that there may be something to do."""
        self._wake.set()

    def catch_up(self) -> None:
        """Waits until all that is due is done: briefly, and not where it takes longer."""
        if self._due() and self._rows_due() <= PORTION:
            self._wake.set()
            with self._round:
                self._round.wait_for(lambda: not self._due(), PATIENCE)

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            try:
                self.work()
                pause = self._pause()
            except Exception:  # a thread that ends in silence would leave jobs open for ever
                log.exception("The sandbox could not work off a job; it will try again.")
                pause = LONGEST_PAUSE
            with self._round:
                self._round.notify_all()

    def work(self) -> None:
        """Does all that is due; with jobs that take no time, a request may do it itself."""
        with self._at_work:
            while not self._stopping.is_set() and (job := self._due_job()):
                self._process(job)
            self._delete()

    def _pause(self) -> float:
        with self._state.reading() as db:
            job = jobs.next_open(db, self._clock())
        wait = job.due - self._clock() if job else LONGEST_PAUSE
        return min(max(wait, 0.002), LONGEST_PAUSE)

    def _due(self) -> bool:
        with self._state.reading() as db:
            return self._due_job() is not None or bool(deletions.next_due(db, self._clock()))

    def _rows_due(self) -> int:
        with self._state.reading() as db:
            return jobs.rows_due(db, self._clock())

    def _due_job(self) -> Job | None:
        now = self._clock()
        with self._state.reading() as db:
            job = jobs.next_open(db, now)
        return job if job and job.due <= now else None

    def _process(self, job: Job) -> None:
        for place, portion in self._portions(job):
            if self._stopping.is_set():
                return
            with self._state.writing() as db:
                if not jobs.is_open(db, job.id):
                    return
                problems = absorb(db, job, place, portion)
                failed = len({row_of(problem) for problem in problems})
                jobs.advance(db, job.seq, len(portion), failed, problems)
            time.sleep(PAUSE)
        with self._state.writing() as db:
            jobs.finish(db, job.seq, self._clock())

    def _portions(self, job: Job) -> Iterator[tuple[int, list[Json]]]:
        with self._state.reading() as db:
            body = jobs.payload(db, job.seq)
        if job.fate == "cancelled" or body is None:
            return
        rows = json.loads(body)["data"]["attributes"]["profiles"]["data"]
        rows = rows[: len(rows) - job.lost]
        for place in range(job.taken, len(rows), PORTION):
            yield place, rows[place : place + PORTION]

    def _delete(self) -> None:
        while True:
            with self._state.writing() as db:
                wish = deletions.next_due(db, self._clock())
                if wish is None:
                    return
                value = profiles.number_of(wish.value) if wish.field == "id" else wish.value
                found = profiles.identified(db, wish.account, field=wish.field, values=[value])
                profiles.remove(db, [profile.n for profile in found])
                deletions.finish(db, wish.seq, self._clock())


def absorb(db: Db, job: Job, place: int, rows: Sequence[Json]) -> list[Json]:
    """Upserts rows that stand at `place` in the job's request; gives the import errors."""
    known = Known(job.account, touched_by(db, job.account, rows), profiles.last_number(db))
    changed: dict[int, profiles.Profile] = {}
    problems: list[Json] = []
    for at, row in enumerate(rows, place):
        if refusals := [*_refusals(row, job.fate)]:
            problems += (import_error(at, row, problem, where) for where, problem in refusals)
            continue
        try:
            profile = known.upsert(row, job.due)
            # Last touched, last written: an identifier is given up before another takes it.
            changed.pop(profile.n, None)
            changed[profile.n] = profile
        except Refused as refused:
            problems.append(import_error(at, row, refused.problems[0]))
    profiles.write(db, changed.values())
    target = lists.get(db, job.account, job.list) if job.list else None
    if target and target.opt_in == "single_opt_in":
        lists.join(db, target.id, changed, job.due)
    return problems


def touched_by(db: Db, account: str, rows: Sequence[Json]) -> list[profiles.Profile]:
    """The profiles that have an identifier of one of the rows."""
    every = [row["attributes"] for row in rows]
    values: dict[str, list[str | int | None]] = {
        "email": [(a.get("email") or "").lower() or None for a in every],
        "external_id": [a.get("external_id") or None for a in every],
        "phone_number": [a.get("phone_number") or None for a in every if not a.get("email")],
        "id": [profiles.number_of(row.get("id")) for row in rows],
    }
    found: dict[int, profiles.Profile] = {}
    for field, wanted in values.items():
        if any(wanted):
            for profile in profiles.identified(db, account, field=field, values=wanted):
                found.setdefault(profile.n, profile)
    return list(found.values())


def row_of(problem: Json) -> str:
    """The pointer to the row that an import error is about; one row may have several."""
    return "/".join(problem["source"]["pointer"].split("/", 6)[:6])


def import_error(place: int, row: Json, problem: Problem, where: str = "") -> Json:
    """An import error as the answer of …/import-errors holds it; `where` points below the row."""
    return {
        "id": str(uuid4()),
        "code": problem.code,
        "title": problem.title,
        "detail": problem.detail,
        "source": {"pointer": f"/data/attributes/profiles/data/{place}{where}"},
        "original_payload": row,
    }


def _refusals(row: Json, fate: str) -> Iterator[tuple[str, Problem]]:
    """Why a job refuses a row, each with the place in it."""
    if problem := _refusal(row):
        yield "", problem
    if fate == "strict":
        for where, what in field_faults(row):
            yield where, Problem("invalid", "Invalid input.", what)


def _refusal(row: Json) -> Problem | None:
    attributes = row["attributes"]
    email = (attributes.get("email") or "").lower()
    if email.startswith(REFUSED_PREFIX):
        detail = f"The address {email} can't be added: it bounced before."
        return Problem("invalid", "Invalid input.", detail)
    phone = attributes.get("phone_number") or ""
    others = email or attributes.get("external_id") or row.get("id")
    if not others and not PHONE.fullmatch(phone):
        return Problem("invalid", "Invalid input.", "No valid identifier was given.")
    return None
