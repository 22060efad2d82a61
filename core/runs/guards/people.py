"""Guards of how many people: on the list, in the segments, rejected."""

from core.configuration.export import Guards
from core.runs.guards.facts import CrossedGuard, Facts
from core.texts import many

FEW = 10  # so many may always leave
GROWN = 1_000  # profiles from which on the growth of a list is watched
OF_NUMBERS = frozenset({"remove", "add", "shrink", "reject"})  # guards of how many people


def removals(guards: Guards, facts: Facts) -> CrossedGuard | None:
    """More would leave the list than may; a few always may."""
    most = max(FEW, guards.remove / 100 * facts.ours)
    if facts.leave <= most:
        return None
    text = many(
        "It would take {n} person off the list, more than {share} % of {ours}.",
        "It would take {n} people off the list, more than {share} % of {ours}.",
        facts.leave,
        share=f"{guards.remove:g}",
        ours=f"{facts.ours:,}",
    )
    return CrossedGuard("remove", text, facts.leave)


def additions(guards: Guards, facts: Facts) -> CrossedGuard | None:
    """A list that is not small any more would grow by more than it may."""
    size = facts.on_list
    if size is None or size < GROWN or facts.add <= guards.add / 100 * size:
        return None
    text = many(
        "It would add {n} person to a list of {size}, more than {share} %.",
        "It would add {n} people to a list of {size}, more than {share} %.",
        facts.add,
        size=f"{size:,}",
        share=f"{guards.add:g}",
    )
    return CrossedGuard("add", text, facts.add)


def shrunken(guards: Guards, facts: Facts) -> CrossedGuard | None:
    """The segments have far fewer people than at the last run."""
    before, now = facts.members_before, facts.members
    if not before or now >= (1 - guards.shrink / 100) * before:
        return None
    text = many(
        "The segments have {n} person now; the last run found {before}.",
        "The segments have {n} people now; the last run found {before}.",
        now,
        before=f"{before:,}",
    )
    return CrossedGuard("shrink", text, now)


def rejects(guards: Guards, facts: Facts) -> CrossedGuard | None:
    """More profiles are rejected than may be."""
    members = facts.valid + facts.rejected
    if not facts.rejected or facts.rejected <= guards.reject / 100 * members:
        return None
    text = many(
        "{n} of {members} profiles are rejected, more than {share} %.",
        "{n} of {members} profiles are rejected, more than {share} %.",
        facts.rejected,
        members=f"{members:,}",
        share=f"{guards.reject:g}",
    )
    return CrossedGuard("reject", text, facts.rejected)
