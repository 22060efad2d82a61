"""What holds a run until a person confirms it: too much of a change to be taken for granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.configuration.export import Guards
from core.destinations.capabilities import Capabilities
from core.destinations.dependents import Campaign
from core.profiles.freshness import Freshness
from core.profiles.matching.shared import Shared
from core.profiles.sources import Kind
from core.runs import dbt_words, freshness_words
from core.runs.built import Built
from core.store.tables.runs import AGENT
from core.texts import _, many

FEW = 10  # so many may always leave
GROWN = 1_000  # profiles from which on the growth of a list is watched
OF_NUMBERS = frozenset({"remove", "add", "shrink", "reject"})  # guards of how many people
LATE = timedelta(minutes=15)  # a campaign may begin so long after its time
CROWD = 1_000  # new people from which on a list's live flows are worth a question


@dataclass(frozen=True, slots=True)
class Creating:
    """How many new profiles a run makes, and for how many more the plan has room.

    The number is an estimate if `sampled`; the room is below zero where the plan is exceeded.
    `read_at`: when the destination told the numbers; None where a person entered them.
    """

    new: int
    room: int
    sampled: bool = False
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangedColumn:
    """A matched column that holds another kind of values than in the export's last run."""

    name: str
    before: Kind
    now: Kind
    why: str | None = None  # the first cell that made it so


@dataclass(frozen=True, slots=True)
class Aged:
    """Up to when the data of a run goes, at the moment at which that is asked, in a zone."""

    data: Freshness
    now: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run is about to do. Numbers are people; None: not known."""

    add: int
    leave: int
    members: int  # of the segments
    valid: int
    rejected: int  # for what is wrong with them; people who are left out are not in it
    ours: int  # on the list, by us, before the run
    on_list: int | None  # all on the list
    members_before: int | None  # of the export's last run
    flows: Sequence[str]  # names of live flows that joining sets off
    creating: Creating | None = None  # None: there is room, or what the plan includes isn't known
    sharing: Mapping[str, int] = field(default_factory=dict)  # kind of Shared: who share one
    changed: Sequence[ChangedColumn] = ()  # since the export's last run
    update: int = 0  # on the list already, whose profiles change
    upcoming: str | None = None  # a campaign to the list that is near enough, with its time
    unknown_campaigns: str | None = None  # why campaigns to the list can't be told, a sentence
    aged: Aged | None = None  # None: it isn't known
    built: Built | None = None  # None: the source is no model of dbt, or it isn't known


@dataclass(frozen=True, slots=True)
class CrossedGuard:
    """A guard that is crossed: its name, the sentence, the number that a person has to confirm."""

    name: str  # in the configuration file
    text: str
    number: int
    unknown: bool = False  # whether it holds since something can't be told

    def as_data(self, guards: Guards) -> dict[str, Any]:
        """For the story of the run's hold, with what the guard was set to."""
        return {
            "name": self.name,
            "limit": getattr(guards, self.name, True),
            "number": self.number,
            "text": self.text,
        }


def crossed(guards: Guards, facts: Facts, destination: Capabilities) -> list[CrossedGuard]:
    """All that is crossed; removals first, for theirs is the number to confirm."""
    looks = (_removals, _additions, _shrunken, _rejects)
    found = [
        *(look(guards, facts) for look in looks),
        shared_identifiers(guards, facts.sharing, facts.valid, destination),
        changed_columns(guards, facts.changed, facts.valid),
        _mailings(guards, facts, destination),
        beyond_plan(guards, facts.creating, destination),
        _before_campaign(guards, facts),
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


def shared_identifiers(
    guards: Guards, sharing: Mapping[str, int], valid: int, destination: Capabilities
) -> CrossedGuard | None:
    """Matters also to an export that touches no list: profiles may become one all the same."""
    most = max(sharing.values(), default=0)
    if not most or most <= guards.identifiers / 100 * valid:
        return None
    (identifier, _most), *others = _identifiers(sharing)
    also = (_(", and {n} their {identifier}").format(n=n, identifier=one) for one, n in others)
    text = many(
        "{n} of {valid} profiles shares its {identifier} with others{also}, more than "
        "{share} %: {destination} may merge them.",
        "{n} of {valid} profiles share their {identifier} with others{also}, more than "
        "{share} %: {destination} may merge them.",
        most,
        valid=f"{valid:,}",
        identifier=identifier,
        also="".join(also),
        share=f"{guards.identifiers:g}",
        destination=destination.title,
    )
    return CrossedGuard("identifiers", text, most)


def _identifiers(sharing: Mapping[str, int]) -> list[tuple[str, str]]:
    """What is shared and by how many, in words; what most share first."""
    words = {
        Shared.shared_external_id: _("external ID"),
        Shared.shared_phone: _("phone number"),
    }
    by_number = sorted(sharing.items(), key=lambda item: -item[1])
    return [(words[Shared(kind)], f"{n:,}") for kind, n in by_number if n]


def changed_columns(
    guards: Guards, changed: Sequence[ChangedColumn], valid: int
) -> CrossedGuard | None:
    """Matters also to an export that touches no list: everybody's values become others."""
    if not guards.columns or not changed:
        return None
    sentences = []
    for one in changed:
        text = _("The column “{name}” had {before} in the last run and now has {now}{why}.")
        why = f" ({one.why})" if one.why else ""
        sentences.append(
            text.format(name=one.name, before=one.before.several, now=one.now.several, why=why)
        )
    sentences.append(
        many(
            "{n} profile would get the new values.", "{n} profiles would get the new values.", valid
        )
    )
    return CrossedGuard("columns", " ".join(sentences), valid)


def beyond_plan(
    guards: Guards, creating: Creating | None, destination: Capabilities
) -> CrossedGuard | None:
    """Matters also to an export that touches no list."""
    words = destination.billing
    if not guards.billing or words is None or creating is None:
        return None
    if creating.new <= max(0, creating.room):
        return None
    text = many(
        "It would create {about}{n} new profile in {destination}, where the plan has room for "
        "{room} more: {over} over the plan; {beyond}",
        "It would create {about}{n} new profiles in {destination}, where the plan has room for "
        "{room} more: {over} over the plan; {beyond}",
        creating.new,
        about=_("about ") if creating.sampled else "",
        room=f"{(room := max(0, creating.room)):,}",
        over=f"{creating.new - room:,}",
        destination=destination.title,
        beyond=words.beyond[0].lower() + words.beyond[1:],
    )
    return CrossedGuard("billing", f"{text} {_source(creating, destination)}", creating.new)


def _source(creating: Creating, destination: Capabilities) -> str:
    """Where the numbers of the plan are from, and what to do where they are not today's."""
    if creating.read_at is None:
        return _(
            "If the numbers entered at the connection are out of date, enter today's, discard "
            "this run and run the export again."
        )
    return _("The plan and its active profiles were read from {destination} on {moment}.").format(
        destination=destination.title, moment=f"{creating.read_at:%Y-%m-%d %H:%M %Z}"
    )


def next_campaign(guards: Guards, campaigns: Sequence[Campaign], now: datetime) -> Campaign | None:
    """The first campaign before which no run may begin any more; one that is late counts."""
    latest = now + timedelta(hours=guards.campaigns)
    near = (one for one in campaigns if one.at and now - LATE <= one.at <= latest)
    return next(near, None) if guards.campaigns else None


def _before_campaign(guards: Guards, facts: Facts) -> CrossedGuard | None:
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


def old_data(guards: Guards, aged: Aged | None, valid: int) -> CrossedGuard | None:
    """Matters also to an export that touches no list: what is sent may no longer be so.

    Data of which nobody can tell how old it is may be older than any limit.
    """
    if not guards.age or aged is None:
        return None
    age = aged.data.age(aged.now)
    if age is not None and age <= timedelta(hours=guards.age):
        return None
    why = freshness_words.sentence(aged.data, aged.now, aged.time_zone)
    text = _("{why} The export takes none that is older than {hours} h.")
    return CrossedGuard("age", text.format(why=why, hours=f"{guards.age:g}"), valid)


def failed_in_dbt(guards: Guards, built: Built | None, valid: int) -> CrossedGuard | None:
    """Matters also to an export that touches no list, as old data does."""
    if not guards.dbt or built is None:
        return None
    found = dbt_words.problems(built.standing, built.time_zone, built.before)
    if not found:
        return None
    text = _("{why} Run dbt again and then the export, or confirm.")
    return CrossedGuard("dbt", text.format(why=" ".join(found)), valid)


def watches_flows(guards: Guards, add: int) -> bool:
    """Whether the live flows of the list matter."""
    return guards.flows and add >= CROWD


def _removals(guards: Guards, facts: Facts) -> CrossedGuard | None:
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


def _additions(guards: Guards, facts: Facts) -> CrossedGuard | None:
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


def _shrunken(guards: Guards, facts: Facts) -> CrossedGuard | None:
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


def _rejects(guards: Guards, facts: Facts) -> CrossedGuard | None:
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


def _mailings(guards: Guards, facts: Facts, destination: Capabilities) -> CrossedGuard | None:
    if destination.mailings is None or not facts.flows or not watches_flows(guards, facts.add):
        return None
    text = destination.mailings(facts.add, ", ".join(f"“{name}”" for name in facts.flows))
    return CrossedGuard("flows", text, facts.add)


def reason(found: Sequence[CrossedGuard], why: str | None = None) -> str:
    """The reason of the hold: every guard that was crossed, why, if known, and what can be done."""
    crossed = " ".join([*(one.text for one in found), *([why] if why else [])])
    text = _("{why} Nothing was sent. Check the numbers, then run it anyway or discard it.")
    return text.format(why=crossed)
