"""Guards of what is mailed to people of the list: live flows, and campaigns that are near."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.configuration.export import Guards
from core.destinations.capabilities import Capabilities
from core.destinations.dependents import Campaign
from core.runs.guards.facts import CrossedGuard, Facts
from core.texts import many

LATE = timedelta(minutes=15)  # a campaign may begin so long after its time
CROWD = 1_000  # new people from which on a list's live flows are worth a question


def watches_flows(guards: Guards, add: int) -> bool:
    """Whether the live flows of the list matter."""
    return guards.flows and add >= CROWD


def live_flows(guards: Guards, facts: Facts, destination: Capabilities) -> CrossedGuard | None:
    """Live flows of the list would write to everybody who joins it."""
    if destination.mailings is None or not facts.flows or not watches_flows(guards, facts.add):
        return None
    text = destination.mailings(facts.add, ", ".join(f"“{name}”" for name in facts.flows))
    return CrossedGuard("flows", text, facts.add)


def next_campaign(guards: Guards, campaigns: Sequence[Campaign], now: datetime) -> Campaign | None:
    """The first campaign before which no run may begin any more; one that is late counts."""
    latest = now + timedelta(hours=guards.campaigns)
    near = (one for one in campaigns if one.at and now - LATE <= one.at <= latest)
    return next(near, None) if guards.campaigns else None


def before_campaign(guards: Guards, facts: Facts) -> CrossedGuard | None:
    """A campaign to the list is near, or nobody can tell whether one is."""
    n = facts.add + facts.update + facts.leave
    if not guards.campaigns or not n:
        return None
    if facts.upcoming is None:
        return _campaigns_unknown(guards, n, facts.unknown_campaigns)
    text = many(
        "It would change {n} person within {hours} h before {campaign}.",
        "It would change {n} people within {hours} h before {campaign}.",
        n,
        hours=f"{guards.campaigns:g}",
        campaign=facts.upcoming,
    )
    return CrossedGuard("campaigns", text, n)


def _campaigns_unknown(guards: Guards, n: int, why: str | None) -> CrossedGuard | None:
    """Hours before a campaign are kept only by who knows the campaigns: a person decides."""
    if why is None:
        return None
    text = many(
        "It would change {n} person, and whether a campaign to the list is sent within {hours} h "
        "is not known: {why}",
        "It would change {n} people, and whether a campaign to the list is sent within {hours} h "
        "is not known: {why}",
        n,
        hours=f"{guards.campaigns:g}",
        why=why,
    )
    return CrossedGuard("campaigns", text, n, unknown=True)
