"""Guards of what becomes of profiles in the account: more than the plan has room for, or merged."""

from collections.abc import Mapping

from core.configuration.export import Guards
from core.destinations.capabilities import Capabilities
from core.profiles.matching.shared import Shared
from core.runs.guards.facts import Creating, CrossedGuard
from core.texts import _, many


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
