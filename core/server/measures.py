"""Measures for Prometheus, and whether the server lives and is ready, for whoever watches it."""

import math
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.configuration import calendar
from core.errors import SegferryError
from core.runs import scheduler
from core.server.callers import Rate, caller
from core.store import Store, exports, measures, preferences, tokens
from core.store.tables.runs import ENDED, RunStatus

METRICS, HEALTH, READY = "/metrics", "/healthz", "/readyz"
GOING_ON = sorted(set(RunStatus) - ENDED)
OUTCOMES = ("accepted", "rejected", "refused", "undelivered", "unchanged")
LATE = timedelta(minutes=5)  # a slot that is due for longer isn't carried out
LATELY = timedelta(hours=1)
FAILURES = 20  # wrong tokens a minute from an address
CONTENT = "text/plain; version=0.0.4; charset=utf-8"


def routes(store: Callable[[], Store]) -> list[Route]:
    """The addresses; `store` opens this installation's."""
    return [
        Route(METRICS, partial(_metrics, store, Rate(FAILURES)), methods=["GET"]),
        Route(HEALTH, _health, methods=["GET"]),
        Route(READY, partial(_ready, store), methods=["GET"]),
    ]


async def _health(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def _ready(store: Callable[[], Store], _request: Request) -> Response:
    """Whether it can do its work; names which part can't, and nothing else."""
    found = await run_in_threadpool(readiness, store)
    return JSONResponse(found, 200 if all(found.values()) else 503)


def readiness(store: Callable[[], Store]) -> dict[str, bool]:
    """The database answers, some process carries the runs, and no scheduled time was missed."""
    try:
        opened = store()
        with opened.begin() as session:
            late, missed = measures.unpunctual(session, LATE, LATELY)
    except SegferryError:
        return {"database": False, "engine": False, "schedules": False}
    led = opened.runtime.leads or opened.runtime.led_elsewhere
    return {"database": True, "engine": led, "schedules": not late + missed}


async def _metrics(store: Callable[[], Store], failures: Rate, request: Request) -> Response:
    """In Prometheus's text format, for who has a token for it."""
    opened = store()
    kind, _blank, given = request.headers.get("authorization", "").partition(" ")
    token = given.strip() if kind.lower() == "bearer" else ""
    may = await run_in_threadpool(_may_read, opened, token)
    if may is None:
        return PlainTextResponse("Not found.", 404)
    if not may and (wait := failures.seconds_to_wait(caller(request))):
        again = {"retry-after": str(math.ceil(wait))}
        return PlainTextResponse("Too many wrong tokens came from this address.", 429, again)
    if not may:
        return PlainTextResponse("A token is needed.", 401, {"www-authenticate": "Bearer"})
    return Response(await run_in_threadpool(text, opened), media_type=CONTENT)


def _may_read(store: Store, given: str) -> bool | None:
    """Whether this token may; None while there is none that may. Raises StorageFailed."""
    own = store.settings.metrics_token
    if own and secrets.compare_digest(given.encode(), own.encode()):
        return True
    with store.begin() as session:
        if given and tokens.may_read_measures(session, given):
            return True
        return False if own or tokens.read_measures(session) else None


def text(store: Store, now: datetime | None = None) -> bytes:
    """All measures as they are now. Raises StorageFailed."""
    from prometheus_client import CollectorRegistry, generate_latest

    class Collector:
        def collect(self) -> Iterator[Any]:
            yield from _families(store, now or datetime.now(UTC))

    registry = CollectorRegistry()
    registry.register(Collector())
    return generate_latest(registry)


def _families(store: Store, now: datetime) -> Iterator[Any]:
    from prometheus_client.core import GaugeMetricFamily

    if store.runtime.totals is None:
        store.runtime.totals = measures.Totals()
    with store.begin() as session:
        totals = store.runtime.totals.read(session)
        queue, last = measures.queue(session), measures.last_successes(session)
        late, missed = measures.unpunctual(session, LATE, LATELY)
        coming = _next_slots(session, now)
    yield from _counters(totals)
    waiting = dict.fromkeys(GOING_ON, 0) | queue.by_status
    yield _gauge("segferry_queue", "Runs that have not ended", "status", waiting)
    oldest = (now - queue.oldest).total_seconds() if queue.oldest else 0.0
    yield GaugeMetricFamily("segferry_queue_oldest_seconds", "Age of the oldest queued", oldest)
    stamps = {name: at.timestamp() for name, at in last.items()}
    yield _gauge("segferry_last_success_timestamp_seconds", "Last good end", "export", stamps)
    stamps = {name: at.timestamp() for name, at in coming.items()}
    yield _gauge("segferry_next_slot_timestamp_seconds", "Next scheduled time", "export", stamps)
    yield GaugeMetricFamily("segferry_slots_late", "Scheduled times not carried out", late)
    yield GaugeMetricFamily("segferry_slots_missed", "Missed within an hour", missed)
    leads = float(store.runtime.leads)
    yield GaugeMetricFamily("segferry_engine_leads", "1 where this process carries runs", leads)


def _counters(totals: measures.Sums) -> Iterator[Any]:
    """What never shrinks: runs and their sums, by export."""
    from prometheus_client.core import CounterMetricFamily as Counter

    runs = Counter("segferry_runs", "Runs that ended", labels=["export", "status"])
    profiles = Counter("segferry_profiles", "Profiles", labels=["export", "outcome"])
    named = {
        name: Counter(f"segferry_{title}", words, labels=["export"])
        for name, title, words in (
            ("seconds", "run_seconds", "Seconds that runs took"),
            ("requests", "requests", "Requests to destinations"),
            ("throttled", "throttled_requests", "Of them refused as too fast"),
        )
    }
    sums: dict[str, dict[str, float]] = {}
    # From 0 on: what begins with 1 is no increase to Prometheus, and a first failure would be lost.
    ended = {(export, str(status)): 0.0 for export, _any in totals for status in ENDED}
    ended |= {key: numbers["runs"] for key, numbers in totals.items()}
    for labels, number in sorted(ended.items()):
        runs.add_metric(labels, number)
    for (export, _status), numbers in sorted(totals.items()):
        mine = sums.setdefault(export, dict.fromkeys(numbers, 0.0))
        for name, number in numbers.items():
            mine[name] += number
    for export, numbers in sums.items():
        for outcome in OUTCOMES:
            profiles.add_metric([export, outcome], numbers[outcome])
        for name, family in named.items():
            family.add_metric([export], numbers[name])
    yield from (runs, profiles, *named.values())


def _gauge(name: str, words: str, label: str, values: dict[str, float] | dict[str, int]) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _next_slots(session: Any, now: datetime) -> dict[str, datetime]:
    """By export: when its schedule runs it next; without those that are off or paused."""
    refresh, found = preferences.refresh(session), {}
    for row in exports.everything(session):
        schedule = scheduler.schedule_for(row, refresh)
        if schedule and not exports.paused(row) and (at := calendar.next_slot(schedule, now)):
            found[row.name] = at
    return found
