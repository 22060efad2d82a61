"""What depends on a list, in sentences: for the reason of a hold and the page of an export."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.destinations.dependents import Campaign, Dependents, DependentSegment
from core.texts import _, many

MOST = 5  # of each kind are named in a sentence
UNSEEN = {
    "flows": _("Flows can't be seen: the key has no {scopes}."),
    "campaigns": _("Scheduled campaigns can't be seen: the key has no {scopes}."),
    "segments": _("Segments can't be seen: the key has no {scopes}."),
}


def moment(at: datetime, zone: str | None) -> str:
    """`2026-11-30 10:00 (Europe/Riga)`; in UTC where the account's zone isn't known."""
    try:
        here = at.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone, here = None, at.astimezone(ZoneInfo("UTC"))
    return f"{here:%Y-%m-%d %H:%M} ({zone or 'UTC'})"


def sentence(found: Dependents, zone: str | None) -> str | None:
    """All that depends on the list, by name, and what can't be seen; None where that is nothing."""
    named = [
        *_named([_("the flow “{name}”").format(name=one.name) for one in found.flows]),
        *_named([campaign(one, zone) for one in found.campaigns]),
        *_named([segment(one) for one in found.segments]),
    ]
    text = _("On this list depend {names}.").format(names="; ".join(named)) if named else ""
    return " ".join(filter(None, [text, *unseen(found)])) or None


def campaign(one: Campaign, zone: str | None) -> str:
    """`the campaign “Winter sale” (2026-11-30 10:00 (Europe/Riga))`, with its segment."""
    text = _("the campaign “{name}”").format(name=one.name)
    if one.at:
        text += _(", to be sent on {moment}").format(moment=moment(one.at, zone))
    if one.through:
        names = ", ".join(f"“{name}”" for name in one.through)
        text += many(", to the segment {names}", ", to the segments {names}", len(one.through),
                     names=names)  # fmt: skip
    return text


def segment(one: DependentSegment) -> str:
    """`the segment “VIPs of Riga”, with the flow “Invitation”`."""
    text = _("the segment “{name}”").format(name=one.name)
    if not one.flows:
        return text
    names = ", ".join(f"“{flow.name}”" for flow in one.flows)
    more = many(", with the flow {names}", ", with the flows {names}", len(one.flows), names=names)
    return text + more


def unseen(found: Dependents) -> Iterator[str]:
    """A sentence for each kind that can't be seen."""
    for what, scopes in found.unseen.items():
        yield UNSEEN[what].format(scopes=", ".join(scopes))


def _named(texts: list[str]) -> list[str]:
    more = len(texts) - MOST
    return texts if more <= 0 else [*texts[:MOST], many("{n} more", "{n} more", more)]
