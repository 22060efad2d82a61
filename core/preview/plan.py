"""Shows what a run would do, without doing it and without changing any state."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.access import Action, Person, may, require
from core.audience import erased, looks, suppressed
from core.audience.current import CurrentExport, current
from core.audience.gather import Audience
from core.configuration.export import Mode
from core.configuration.order import Order
from core.destinations.capabilities import Cost
from core.layout import Layout
from core.masking import Masks
from core.plan import changes as plan_changes
from core.plan import rehash
from core.plan.freeze import REFUSED_BEFORE
from core.plan.hashes import FORMER_HASH, HASH
from core.profiles import sources
from core.profiles.matching import summary as matching
from core.profiles.matching.fields import PERSONAL, targets
from core.profiles.matching.rows import hashed
from core.profiles.sources import Progress
from core.profiles.sources.notes import Note, with_notes
from core.readers import by_reader
from core.runs.built import built
from core.store import Store, billing, details, export_segments, exports
from core.store.downloads import Download, csv
from core.store.tables.exports import ExportRow

if TYPE_CHECKING:
    import polars as pl

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Room:
    """What the account's plan includes, in profiles, and how it would stand after a run.

    `new` is how many are new at most: all that are added, for some may have a profile already.
    `read`: the destination told the numbers at `at`; else a person entered them then.
    """

    plan: int
    active: int
    room: int  # for so many more; below zero where the plan is exceeded
    new: int
    over: int  # of those that are new, so many at most are over the plan
    read: bool
    at: str  # ISO 8601


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do, in profiles; members = valid + all of rejected."""

    export: str
    list_id: str
    segments: Mapping[str, int]
    members: int
    valid: int
    rejected: Mapping[str, int]
    duplicates: int
    warnings: Mapping[str, int]
    shared: Mapping[str, Sequence[Sequence[int]]]  # the first rows that share an identifier
    limit: int
    over_limit: bool
    over: int  # profiles above the limit
    runs: int  # how many runs a split makes of it
    add: int
    update: int
    unchanged: int
    changed_address: int  # of those updated: the same person under another address than before
    leave: int
    clear: int  # people with fields that are emptied at the destination
    jobs: int
    requests: int
    seconds: int
    sample: tuple[Mapping[str, Any], ...]  # the first bodies as they would be sent
    billing: Room | None = None  # the room in the plan; None where it isn't known
    freshness: Mapping[str, Any] | None = None  # up to when the data goes: `Freshness` as data
    dbt: Mapping[str, Any] | None = None  # what dbt said last of its model: `Built` as data
    notes: tuple[Note, ...] = ()  # what is in `warnings`, with a column and a row

    def as_data(self) -> dict[str, Any]:
        """For JSON, with the names of the command line."""
        return asdict(self)


@by_reader
def preview(
    store: Store, person: Person, export: str | int, progress: Progress | None = None
) -> Preview:
    """What a run of the export would do now. Raises Denied, Unknown, SourceFailed, Invalid.

    Values in the sample and the notes are masked for those who may not see them. An export that
    leaves out who is suppressed asks its destination: raises DestinationFailed.
    """
    store.require(person, Action.preview)
    with store.begin() as session:
        now = current(store, session, exports.find(session, export))
    found = _gathered(store, now, progress)
    with sources.translated(found.source):
        summary = matching.summary(found.frame, found.matching, SAMPLE)
        changes = changes_of(store, now, found, summary)
    known = _room(store, now, changes["add"]), _built(store, now, found)
    computed = _preview(now.order, found, summary, changes, *known)
    if may(person, Action.see_addresses):
        return computed
    return _masked(computed, now.order, _masks(store, export))


def _built(store: Store, now: CurrentExport, found: Audience) -> dict[str, Any] | None:
    """What dbt said of the model, and which table it was in the export's last run."""
    if found.dbt is None:
        return None
    with store.begin() as session:
        last = details.latest(session, now.id)
        return built(session, found.dbt, now.order.time_zone, last).as_data()


def _room(store: Store, now: CurrentExport, add: int) -> Room | None:
    """From what is known already: nobody is asked."""
    if now.connection is None:
        return None
    with store.begin() as session:
        bill = billing.of(session, now.connection)
    if bill is None:
        return None
    over = max(0, add - max(0, bill.room))
    return Room(bill.plan, bill.active, bill.room, add, over, bill.read, bill.at.isoformat())


def _masks(store: Store, export: str | int) -> Masks:
    with store.begin() as session:
        source = export_segments.source_of(session, exports.find(session, export))
    return looks.masks(store, source)


def _masked(preview: Preview, order: Order, seen: Masks) -> Preview:
    """With what its sample and its notes hold of people masked."""
    names = _columns_by_name(order)
    return replace(
        preview,
        sample=tuple(_masked_body(body, names, seen) for body in preview.sample),
        notes=tuple(note.masked(seen) for note in preview.notes),
    )


def _columns_by_name(order: Order) -> dict[str, str]:
    """By each name under which a body may hold it, the column; one that feeds two is of neither."""
    found: dict[str, str] = {}
    for target in targets(order.export.match):
        name = target.path[-1]
        found[name] = "" if found.get(name, target.column) != target.column else target.column
    for name, parts in order.capabilities.layout.merged.items():
        found[name] = "" if set(parts) & PERSONAL else found.get(name, "")
    return found


def _masked_body(inside: Any, names: Mapping[str, str], seen: Masks, name: str = "") -> Any:
    """What belongs to none of the names is the destination's own, such as the type of a body."""
    if isinstance(inside, dict):
        return {key: _masked_body(one, names, seen, key) for key, one in inside.items()}
    return seen.value(names[name], inside) if name in names else inside


def plan_csv(store: Store, person: Person, export: str | int) -> bytes:
    """What a run would do with each person, as CSV: email, change, shared.

    `change` is add, update, unchanged, changed address (which was `before`), refused (last time,
    `why`) or leave; `shared` the kinds of identifiers that others have as well.

    Raises Denied, Unknown, SourceFailed, Invalid.
    """
    with store.begin() as session:
        row = exports.find(session, export)
    return csv(store, person, Download.plan, row.name, lambda: _planned(store, row))


@by_reader
def _planned(store: Store, row: ExportRow) -> "pl.DataFrame":
    import polars as pl

    with store.begin() as session:
        now = current(store, session, exports.find(session, row.id))
    found = _gathered(store, now)
    with sources.translated(found.source):
        ledger, people = _compared(now, now.ledger(store), found)
        sharing = matching.people_sharing(found.frame, found.matching)
    changes = plan_changes.changes(ledger, people, row.id)
    if now.order.export.mode is not Mode.mirror:
        changes = changes.remove(change="leave")
    kinds = sharing.group_by("email").agg(shared=pl.col("kind").sort().str.join(", "))
    changes = changes.join(kinds, on="email", how="left", maintain_order="left")
    return changes.select("email", "change", "shared", "before", "why")


@by_reader
def newcomers(
    store: Store, person: Person, export: str | int, progress: Progress | None = None
) -> "pl.Series":
    """The emails of those whom a run would add now, each once: what `Preview.add` counts.

    For who may see what the connection's account holds: the emails are whole. Raises Denied,
    Unknown, SourceFailed, Invalid.
    """
    store.require(person, Action.preview)
    with store.begin() as session:
        row = exports.find(session, export)
        require(person, Action.see_lists, exports.connection_of(session, row))
        now = current(store, session, row)
    found = _gathered(store, now, progress)
    with sources.translated(found.source):
        ledger, people = _compared(now, now.ledger(store), found)
        added = plan_changes.newcomers(ledger, people.lazy(), now.id).select("email")
        return added.collect(engine="streaming")["email"]


def _gathered(store: Store, now: CurrentExport, progress: Progress | None = None) -> Audience:
    found = erased.gathered(store, now.order, datetime.now(UTC), progress)
    return suppressed.left_out(store, now.order, now.connection, now.id, found, progress)


def _compared(
    now: CurrentExport, ledger: "pl.DataFrame", audience: Audience
) -> "tuple[pl.DataFrame, pl.DataFrame]":
    """The ledger, and who would be sent: email, hash, clears, person; hashes in one form."""
    former = FORMER_HASH if rehash.needed(ledger, now.id) else None
    people = hashed(audience.frame, audience.matching, HASH, former).collect(engine="streaming")
    if former is None:
        return ledger, people
    return rehash.rehashed(ledger, people, now.id), people


def changes_of(
    store: Store, now: CurrentExport, audience: Audience, summary: matching.Summary
) -> Mapping[str, int]:
    """The plan against the ledger; without one everybody is new, and no body needs to be made."""
    ledger, export = now.ledger(store), now.order.export
    if ledger.is_empty() and not export.clear:
        return {"add": summary.valid} | dict.fromkeys(
            ("update", "unchanged", "changed_address", "refused", "leave", "clear"), 0
        )
    ledger, people = _compared(now, ledger, audience)
    plan = plan_changes.plan(ledger, people.lazy(), now.id)
    leave = plan.leave if export.mode is Mode.mirror else 0
    told = {"add": plan.add, "update": plan.update, "unchanged": plan.unchanged}
    told |= {"changed_address": plan.changed_address, "refused": plan.refused}
    return told | {"leave": leave, "clear": plan.clear}


def _preview(
    order: Order,
    found: Audience,
    summary: matching.Summary,
    changes: Mapping[str, int],
    room: Room | None,
    dbt: Mapping[str, Any] | None,
) -> Preview:
    refused = changes["refused"]
    limit, valid = order.export.limit, summary.valid - refused
    rejected = dict(summary.rejected) | ({REFUSED_BEFORE: refused} if refused else {})
    sent, runs = valid - changes["unchanged"], max(1, math.ceil(valid / limit))
    cost, layout = order.capabilities.cost, order.capabilities.layout
    jobs = _jobs(sent, limit, summary.sample, layout)
    return Preview(
        export=order.export.name,
        list_id=order.export.list_id,
        segments=dict(found.counts.segments),
        members=summary.members,
        valid=valid,
        rejected=rejected,
        duplicates=summary.rejected.get("duplicate_email", 0),
        warnings=with_notes(summary.warnings, found.notes),
        shared=dict(summary.shared),
        limit=limit,
        over_limit=valid > limit,
        over=max(0, valid - limit),
        runs=runs,
        **{name: n for name, n in changes.items() if name != "refused"},
        jobs=jobs,
        requests=_requests(cost, runs, jobs, sent) + _lookups(order, changes["clear"]),
        seconds=_seconds(cost, runs, jobs, sent),
        sample=summary.sample,
        billing=room,
        freshness=found.freshness.as_data() if found.freshness else None,
        dbt=dbt,
        notes=(*found.notes, *summary.examples),
    )


def _jobs(valid: int, limit: int, sample: Sequence[Mapping[str, Any]], layout: Layout) -> int:
    """By count and, from the sample's average, by bytes; a job never spans two runs."""
    mean = sum(len(json.dumps(body)) for body in sample) / len(sample) if sample else 1.0
    by_bytes = layout.most_profiles if layout.most_bytes is None else int(layout.most_bytes / mean)
    fitting = max(1, min(layout.most_profiles, by_bytes))
    whole, rest = divmod(valid, limit)
    return whole * math.ceil(limit / fitting) + math.ceil(rest / fitting)


def _lookups(order: Order, clear: int) -> int:
    """Who has something to empty is asked about; what sending empties needs no asking."""
    asked = any(not order.capabilities.layout.empties(name) for name in order.export.clear)
    return math.ceil(clear / order.capabilities.cost.people_a_question) if asked else 0


def _requests(cost: Cost, runs: int, jobs: int, people: int) -> int:
    if not jobs:
        return 0
    whole = cost.requests_a_run * runs + cost.requests_a_batch * jobs
    return whole + math.ceil(cost.requests_a_person * people)


def _seconds(cost: Cost, runs: int, jobs: int, people: int) -> int:
    if not jobs:
        return 0
    sending = cost.seconds_a_batch * jobs + cost.seconds_a_person * people
    return round(sending + cost.seconds_to_finish * runs)
