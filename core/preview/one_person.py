"""Tries an export on one person: what would be sent, sending only that, and what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlmodel import Session

from core.access import Action, Person, require
from core.audience import erased, suppressed
from core.audience.gather import Audience
from core.configuration.export import Mode
from core.connections import clients
from core.destinations import Known
from core.destinations.capabilities import Capabilities
from core.errors import Conflict, Invalid
from core.profiles import sources
from core.profiles.matching.eligibility import reason_of
from core.profiles.matching.emails import as_sent
from core.profiles.matching.reasons import Reason, Warned
from core.profiles.matching.rows import encoded
from core.profiles.sources import ROW, Progress
from core.readers import by_reader
from core.runs import rejects
from core.store import Store, audit, exports, orders, requests, runs
from core.store.audit import Deed
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run, RunStatus
from core.texts import _


@dataclass(frozen=True, slots=True)
class Shown:
    """One person of an export: the body as it would be sent, or why it would not be.

    `reason` is one of `matching.Reason`, `warnings` some of `matching.Warned`, `clear` the fields
    that are empty at the destination afterwards.
    """

    email: str
    body: Mapping[str, Any] | None
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How the test went: the run, why not all went well, and the profile as it is there now.

    Before the run has ended nothing but its status is known. `on_list` is None for an export that
    fills no list.
    """

    run: int
    status: RunStatus
    destination: Capabilities
    words: str | None = None  # the destination's where it refused, else ours
    profile: Mapping[str, Any] | None = None  # its attributes; None where there is none
    known: Known | None = None
    on_list: bool | None = None


@by_reader
def show(
    store: Store, person: Person, export: str | int, email: str, progress: Progress | None = None
) -> Shown:
    """What a run would send of this member. Nothing is sent.

    Raises Denied, Unknown, SourceFailed; Invalid when nobody in the segments has the address,
    DestinationFailed where it is asked who is suppressed.
    """
    with store.begin() as session:
        row = exports.find(session, export)
        _require(session, person, row)
        order = orders.order_of(session, row)
        connection = exports.connection_of(session, row)
    order = replace(order, only_email=as_sent(email))
    found = erased.gathered(store, order, datetime.now(UTC), progress)
    found = suppressed.left_out(store, order, connection, row.id, found)
    with sources.translated(found.source):
        return _shown(found, as_sent(email))


def send(store: Store, person: Person, export: str | int, email: str) -> Run:
    """A run of this person only, queued. `answer` tells how it went.

    Raises Denied, Unknown; Conflict while another run of the export is under way; Invalid for
    somebody who was erased.
    """
    erased.refuse_erased(store, email)
    with store.begin() as session:
        row = exports.find(session, export)
        _require(session, person, row)
        run = requests.request(session, person, row, only_email=as_sent(email))
        audit.record(session, person, Deed.asked, "test on one person", row.name)
        return run


def answer(store: Store, person: Person, run_id: int) -> Answer:
    """How a test went. Raises Denied, Unknown, DestinationFailed; Invalid for any other run.

    Raises Conflict when the run's connection is gone.
    """
    with store.begin() as session:
        run = runs.find(session, run_id)
        connection = runs.connection_of(session, run)
        require(person, Action.see_addresses)
        require(person, Action.run, connection)
    if not run.order.only_email:
        raise Invalid(_("Run {run} was not a test on one person.").format(run=run.id))
    if run.status not in ENDED:
        return Answer(run.id, run.status, run.order.capabilities, words=run.hold)
    if connection is None:
        text = _("The connection of run {run} was removed, so the profile can't be read back.")
        raise Conflict(text.format(run=run.id))
    return _read_back(store, run, connection)


def _require(session: Session, person: Person, row: ExportRow) -> None:
    """They see an address, and everything that the source says of it."""
    require(person, Action.see_addresses)
    require(person, Action.run, exports.connection_of(session, row))


def _shown(audience: Audience, email: str) -> Shown:
    matching = audience.matching
    own = audience.frame.filter(matching.email() == email)
    rows = own.select(matching.columns).collect(engine="streaming")
    if rows.is_empty():
        text = _("No member of the segments has the address “{email}”. Check its spelling.")
        raise Invalid(text.format(email=email), "email")
    reason = reason_of(matching, pl.lit(False))
    members = rows.sort(ROW).lazy()
    sendable = encoded(members.filter(reason.is_null()), matching).collect()
    fit = sendable.filter(pl.col("bytes") <= matching.layout.largest)
    if fit.is_empty():
        reasons = members.select(reason.alias("reason")).collect()["reason"].drop_nulls()
        return Shown(email, None, str(reasons[0] if sendable.is_empty() else Reason.too_large))
    first = fit.row(0, named=True)
    warnings = tuple(str(kind) for kind in Warned if first[kind])
    clear = tuple(json.loads(first["clear"] or "[]"))
    return Shown(email, json.loads(first["body"]), warnings=warnings, clear=clear)


def _read_back(store: Store, run: Run, connection: ConnectionRow) -> Answer:
    order = run.order
    email, export = order.only_email or "", order.export
    with clients.open_at_once(store, connection) as destination:
        known = destination.known([email], run.list_id).get(email)
        profile = destination.read_one(known.id) if known else None
        joins = export.mode is not Mode.update
        on_list = bool(destination.members_among(run.list_id, [email])) if joins else None
    told = run.order.capabilities
    return Answer(run.id, run.status, told, _words(store, run), profile, known, on_list)


def _words(store: Store, run: Run) -> str | None:
    """The destination's words for the person, else why the row was left out or what went wrong."""
    for row in rejects.of_run(store.settings, run).iter_rows(named=True):
        return str(row["detail"] or row["reason"])
    return run.error
