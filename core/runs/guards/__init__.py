"""What holds a run until a person confirms it: too much of a change to be taken for granted."""

from collections.abc import Sequence

from core.configuration.export import Guards
from core.destinations.capabilities import Capabilities
from core.runs.guards.data import changed_columns, failed_in_dbt, old_data
from core.runs.guards.facts import CrossedGuard, Facts
from core.runs.guards.mailings import before_campaign, live_flows
from core.runs.guards.people import additions, rejects, removals, shrunken
from core.runs.guards.profiles import beyond_plan, shared_identifiers
from core.store.tables.runs import AGENT
from core.texts import _, many


def crossed(guards: Guards, facts: Facts, destination: Capabilities) -> list[CrossedGuard]:
    """All that is crossed; removals first, for theirs is the number to confirm."""
    looks = (removals, additions, shrunken, rejects)
    found = [
        *(look(guards, facts) for look in looks),
        shared_identifiers(guards, facts.sharing, facts.valid, destination),
        changed_columns(guards, facts.changed, facts.valid),
        live_flows(guards, facts, destination),
        beyond_plan(guards, facts.creating, destination),
        before_campaign(guards, facts),
        old_data(guards, facts.aged, facts.valid),
        failed_in_dbt(guards, facts.built, facts.valid),
    ]
    return [one for one in found if one]


def requested_by_agent(who: str, n: int) -> CrossedGuard:
    """An agent proposed the run in somebody's name: not among the settings, always on.

    `n` is how many profiles it would send.
    """
    text = many(
        "An agent of {who} requested this run, which would send {n} profile.",
        "An agent of {who} requested this run, which would send {n} profiles.",
        n,
        who=who,
    )
    return CrossedGuard(AGENT, text, n)


def reason(found: Sequence[CrossedGuard], why: str | None = None) -> str:
    """The reason of the hold: every guard that was crossed, why, if known, and what can be done."""
    crossed = " ".join([*(one.text for one in found), *([why] if why else [])])
    text = _("{why} Nothing was sent. Check the numbers, then run it anyway or discard it.")
    return text.format(why=crossed)
