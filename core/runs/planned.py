"""The plan that a run had when it was frozen, beside what came of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.configuration.export import Mode
from core.runs import guard_words, history, holds
from core.runs.steps.guard import wrong
from core.runs.steps.ledger import is_whole
from core.store.tables.runs import ENDED, Run, RunStatus
from core.texts import _


@dataclass(frozen=True, slots=True)
class Looked:
    """A guard that looked at the plan: its number there, None where none is kept.

    `setting` is its sentence; `confirmed_by` who let the run go on that it held.
    """

    name: str
    setting: str
    number: int | None
    held: bool = False
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """All parts of a run together, in profiles: what was planned, and what came of it.

    members = send + unchanged + all of rejected; send = add + update, where these are known: of a
    retry they aren't. send = accepted + each number of `lost`, once the run has ended.
    `removed` of the `leave` were taken off; `stay` says why fewer were.
    """

    members: int
    send: int
    add: int | None
    update: int | None
    unchanged: int
    rejected: Mapping[str, int]
    leave: int
    accepted: int
    lost: Mapping[str, int]  # refused, undelivered, not_sent, counting; what is none is left out
    removed: int
    stay: str | None
    guards: Sequence[Looked]


def planned(parts: Sequence[Run]) -> Planned | None:
    """None before the run is frozen."""
    first, sums = parts[0], history.totals(parts)
    if not sums.members:
        return None
    send = sums.members - sums.unchanged - sums.rejected
    add, update = sum(run.added for run in parts), sum(run.updated for run in parts)
    knows = add + update == send
    lost = {
        name: getattr(sums, name) for name in ("refused", "undelivered", "not_sent", "counting")
    }
    rejected: Counter[str] = Counter()
    for run in parts:
        rejected.update(run.rejected)
    return Planned(
        members=sums.members,
        send=send,
        add=add if knows else None,
        update=update if knows else None,
        unchanged=sums.unchanged,
        rejected=dict(rejected.most_common()),
        leave=sum(run.leaving for run in parts),
        accepted=sums.accepted,
        lost={name: n for name, n in lost.items() if n},
        removed=sum(run.removed for run in parts),
        stay=_stay(parts),
        guards=_looked(parts) if is_whole(first) and _guarded(parts) else (),
    )


def as_data(found: Planned | None) -> dict[str, Any] | None:
    """For JSON."""
    return asdict(found) if found else None


def _stay(parts: Sequence[Run]) -> str | None:
    """Why not all of those stay off the list who were to leave it; None where they do."""
    last = parts[-1]
    if sum(run.leaving for run in parts) <= sum(run.removed for run in parts):
        return None
    if last.order.export.mode is not Mode.mirror:
        return _("this export takes nobody off")
    if last.order.keeps_leavers or any(hold.keeps for run in parts for hold in holds.holds(run)):
        return _("kept on the list, as was confirmed")
    if last.status not in ENDED:
        return _("not yet")
    if last.error or last.stop_asked_by:
        return _("the run ended before")
    return _("no longer on the list, or wanted by another export since")


def _guarded(parts: Sequence[Run]) -> bool:
    """Whether guards have looked at it: they do before anything is sent."""
    ended_well = parts[0].status in (RunStatus.succeeded, RunStatus.partial)
    held = any(hold.crossed for hold in holds.holds(parts[0]))
    return ended_well or held or history.totals(parts).sent > 0


def _looked(parts: Sequence[Run]) -> list[Looked]:
    first = parts[0]
    order = first.order
    told: dict[str, tuple[int, str | None]] = {}
    for hold in holds.holds(first):
        told |= {one.name: (one.number, hold.by) for one in hold.crossed}
    known = {
        "remove": sum(run.leaving for run in parts),
        "add": sum(run.added for run in parts),
        "reject": sum(wrong(run.rejected) for run in parts),
        "shrink": sum(run.members for run in parts),
    }
    if first.new_profiles is not None:
        known["billing"] = sum(run.new_profiles or 0 for run in parts)
    values = order.export.guards.model_dump()
    offered = guard_words.offered(order.export.mode, order.capabilities, bool(order.source.dbt))
    names = [*offered, *(name for name in told if name not in offered)]
    wanted = [name for name in names if name in told or not guard_words.is_off(name, values[name])]
    return [
        Looked(
            name,
            guard_words.sentence(name, values.get(name, True)),
            told[name][0] if name in told else known.get(name),
            held=name in told,
            confirmed_by=told[name][1] if name in told else None,
        )
        for name in wanted
    ]
