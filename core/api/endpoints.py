"""What the API can do: one function for each endpoint, and the table of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from core.access import Action, Person, may
from core.api import models
from core.api.limits import Turns
from core.api.problems import Problem, absent
from core.errors import Conflict, Denied
from core.masking import sentence
from core.preview import plan
from core.runs import downloads, scheduler
from core.runs.details import details
from core.store import Store, exports, requests, runs, slots
from core.store.database import moment
from core.store.idempotency import once
from core.store.tables.runs import Run
from core.store.tables.schedules import Slot
from core.store.tables.tokens import ApiRequest
from core.store.tokens import Token


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose token is right, with what it is for."""

    store: Store
    token: Token
    address: str  # where it comes from
    path: Mapping[str, str]
    query: Any  # the endpoint's model of the address's parameters
    key: str | None  # of idempotency
    turns: Turns  # of long work

    def person(self, action: Action | None = None) -> Person:
        """The token as whoever acts; `action` is what it is granted for this one call."""
        return self.token.person(self.address, action)

    def export_id(self) -> int:
        """The export that the path names, which is one of the token's. Raises Problem."""
        found = [id for id, name in self.token.exports.items() if name == self.path["name"]]
        if not found:
            raise absent()
        return found[0]

    def run(self, *, caused: bool = False) -> Run:
        """The run that the path names, of one of the token's exports. Raises Problem.

        With `caused` also one that came of a refresh that the token requested.
        """
        number = self.path["id"]
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise absent()
        with self.store.begin() as session:
            run = session.get(Run, int(number))
            mine = run is not None and (
                run.export_id in self.token.exports
                or (caused and slots.is_caused(session, self.token.id, run))
            )
        if run is None or not mine:
            raise absent()
        return run


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint gives: an object for JSON, and headers."""

    data: dict[str, Any]
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint, and how the description tells of it; its text is the docstring of `do`."""

    method: str
    path: str
    do: Callable[[Call], Answer]
    status: int
    answer: type[BaseModel]
    problems: tuple[int, ...]  # besides those that every endpoint has
    query: type[BaseModel] = models.Nothing
    keyed: bool = False  # takes an idempotency key


def start_run(call: Call) -> Answer:
    """Requests a run of an export.

    A run of it that has not ended yet is answered instead of a second one. Guards hold the run as
    they hold any other: it has the status `held` then, and waits until a person has looked at it.
    """
    export_id, person = call.export_id(), call.person(Action.run)

    def make(session: Session) -> int | None:
        row = exports.find(session, export_id)
        return requests.request(session, person, row, trigger="api").id

    found = _once(call, f"run {export_id}", make)
    with call.store.begin() as session:
        run = runs.find(session, found.run_id or 0)
    data = details(call.store, call.person(), run)
    return Answer(data, {"location": f"/api/runs/{run.id}"})


def start_refresh(call: Call) -> Answer:
    """Requests the refresh.

    Sources are read, segments counted, and the exports run that follow the refresh.
    `GET /api/refresh` shows what comes of it.
    """
    if not call.token.refresh:
        raise absent()
    person = call.person(Action.configure)

    def make(session: Session) -> None:
        scheduler.refresh_now(session, person, moment(session), call.token.id)

    found = _once(call, "refresh", make)
    return Answer({"status": "requested", "requested_at": _seconds(found.at)})


def show_refresh(call: Call) -> Answer:
    """Shows the last refresh that this token requested, and what came of it.

    It goes on while its status is `due`. An export whose status is `due` waits for it; of one that
    has started the run is named.
    """
    with call.store.begin() as session:
        found = slots.requested(session, call.token.id)
    if not found:
        raise absent()
    whole = may(call.person(), Action.see_addresses)
    shown = [_outcome(slot, whole) for slot in found]
    return Answer({"requested_at": _seconds(found[0].at), **shown[0], "exports": shown[1:]})


def _outcome(slot: Slot, whole: bool) -> dict[str, Any]:
    """What became of a slot; what its reason quotes of people is masked unless `whole`."""
    reason = slot.reason if whole or slot.reason is None else sentence(slot.reason)
    found: dict[str, Any] = {"status": slot.outcome, "reason": reason}
    return found | ({"export": slot.name, "run_id": slot.run_id} if slot.name else {})


def show_run(call: Call) -> Answer:
    """Shows a run of an export of the token's, or one that a refresh started which it requested.

    It goes on while its status is `queued` or `running`, and waits for a person while it is `held`.
    """
    return Answer(details(call.store, call.person(), call.run(caused=True)))


def show_rejects(call: Call) -> Answer:
    """Lists the profiles of a run that were not exported.

    Email addresses are masked, unless the token was made to see people.
    """
    run, page = call.run(), call.query
    try:
        with call.turns.one():
            total, found = downloads.rejected_page(
                call.store, call.person(), run, page.offset, page.limit
            )
    except Denied as error:  # whoever sees people takes them home: so many times a minute
        raise Problem(429, str(error), retry_after=60) from error
    return Answer(
        {"run_id": run.id, "total": total, "offset": page.offset, "rejects": found.to_dicts()}
    )


def preview(call: Call) -> Answer:
    """Shows what a run of an export would do now, without doing it.

    The source is read for it, which may take long. Values of people are masked, unless the token
    was made to see people.
    """
    export_id = call.export_id()
    with call.turns.one():
        found = plan.preview(call.store, call.person(), export_id)
    return Answer(found.as_data())


def _seconds(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _once(call: Call, request: str, make: Callable[[Session], int | None]) -> ApiRequest:
    """Does it once for an idempotency key. Of two at once the later one finds what came of it."""
    for last in (False, True):
        try:
            with call.store.begin() as session:
                return once(session, call.token.id, call.key, request, make)
        except Conflict:
            if last or call.key is None:
                raise
    raise AssertionError


ENDPOINTS = (
    Endpoint(
        "POST", "/exports/{name}/runs", start_run, 202, models.Run, (404, 409, 422), keyed=True
    ),
    Endpoint("GET", "/exports/{name}/preview", preview, 200, models.Preview, (404, 409, 422, 502)),
    Endpoint("GET", "/runs/{id}", show_run, 200, models.Run, (404, 422)),
    Endpoint(
        "GET", "/runs/{id}/rejects", show_rejects, 200, models.Rejects, (404, 409, 422), models.Page
    ),
    Endpoint(
        "POST", "/refresh", start_refresh, 202, models.RefreshRequested, (404, 409, 422), keyed=True
    ),
    Endpoint("GET", "/refresh", show_refresh, 200, models.Refresh, (404, 422)),
)
