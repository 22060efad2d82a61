"""Says what other rules of a segment will do to the exports that use it, before they are saved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.access import Action, Person
from core.audience import erased
from core.audience.current import CurrentExport, current
from core.configuration.export import Export
from core.destinations.capabilities import Capabilities
from core.errors import SegferryError
from core.plan import changes as plan_changes
from core.preview.plan import changes_of
from core.profiles import sources
from core.profiles.matching import summary as matching
from core.profiles.matching.shared import Shared
from core.profiles.segments import united
from core.profiles.segments.rules import Group
from core.readers import by_reader
from core.runs import guard_words, guards
from core.runs.built import Built
from core.runs.guards.facts import Facts
from core.runs.guards.mailings import watches_flows
from core.runs.steps.guard import wrong
from core.store import Store, billing, exports, runs, segments, segments_within


@dataclass(frozen=True, slots=True)
class Effect:
    """What the next run of an export does with the new rules.

    `held`: the sentences of all guards that it would cross. `unknown`: the names of guards of which
    only the destination knows at the run. `problem`: why nobody knows.
    """

    export: str
    add: int = 0
    leave: int = 0
    held: str | None = None
    problem: str | None = None
    unknown: tuple[str, ...] = ()


@by_reader
def effects(store: Store, person: Person, segment: int, rules: Group) -> list[Effect]:
    """Of each export that uses the segment, also within other segments. Raises Denied, Unknown.

    What only the destination knows isn't asked: who is suppressed, how many are on the list.
    """
    store.require(person, Action.manage_segments)
    with store.begin() as session:
        row = segments.find(session, segment)
        rules = segments_within.resolved(session, rules, row.source_id, row.name)
        names = segments.exports_by_way_of_others(session, row)
        users = [exports.find(session, name) for name in names]
        found = [current(store, session, user) for user in users]
        before = [runs.members_found(session, one.id, one.order.list_id) for one in found]
        billed = [bool(one.connection and billing.of(session, one.connection)) for one in found]
    changed = [_with_rules(one, row.name, rules) for one in found]
    return [_effect(store, *each) for each in zip(changed, before, billed, strict=True)]


def _with_rules(now: CurrentExport, name: str, rules: Group) -> CurrentExport:
    def replaced(some: Mapping[str, Group]) -> dict[str, Group]:
        return {
            one: rules if one == name else united.replaced(group, name, rules)
            for one, group in some.items()
        }

    order = now.order
    order = replace(order, segments=replaced(order.segments), exclude=replaced(order.exclude))
    return replace(now, order=order)


def _effect(store: Store, now: CurrentExport, before: int | None, billed: bool) -> Effect:
    export, there = now.order.export, now.order.capabilities
    try:
        facts = _facts(store, now, before)
    except SegferryError as error:
        return Effect(export.name, problem=str(error))
    crossed = guards.crossed(export.guards, facts, there)
    held = " ".join(one.text for one in crossed) or None
    unknown = tuple(_unknown(export, facts.add, there, billed))
    held = held if now.order.list_id else None
    return Effect(export.name, facts.add, facts.leave, held, unknown=unknown)


def _unknown(export: Export, add: int, there: Capabilities, billed: bool) -> Iterator[str]:
    """The guards that are on, can hold this run, and need what only the destination knows."""
    needed = {
        "add": add > 0,
        "flows": watches_flows(export.guards, add),
        "billing": billed and add > 0,
    }
    for name in guard_words.offered(export.mode, there, of_dbt=False):
        if needed.get(name) and not guard_words.is_off(name, getattr(export.guards, name)):
            yield name


def _facts(store: Store, now: CurrentExport, before: int | None) -> Facts:
    found = erased.gathered(store, now.order, datetime.now(UTC))
    with sources.translated(found.source):
        summary = matching.summary(found.frame, found.matching, 0)
        changes = changes_of(store, now, found, summary)
    return Facts(
        add=changes["add"],
        leave=changes["leave"],
        members=summary.members,
        valid=summary.valid,
        rejected=wrong(summary.rejected),
        ours=plan_changes.ours(now.ledger(store)),
        on_list=None,
        members_before=before,
        flows=(),
        sharing={kind: summary.warnings[kind] for kind in Shared if kind in summary.warnings},
        built=Built(found.dbt, now.order.time_zone) if found.dbt else None,
    )
