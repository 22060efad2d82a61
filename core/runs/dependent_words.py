"""What depends on a list, in sentences: for the reason of a hold and the page of an export."""

from collections.abc import Collection, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.destinations.dependents import (
    EVERYTHING,
    Campaign,
    Dependents,
    DependentSegment,
    Unread,
)
from core.texts import _, many

MOST = 5  # of each kind are named in a sentence
UNSEEN = {
    "flows": _("Flows can't be seen: the key has no {scopes}."),
    "campaigns": _("Scheduled campaigns can't be seen: the key has no {scopes}."),
    "segments": _("Segments can't be seen: the key has no {scopes}."),
}
UNREAD = {
    EVERYTHING: _("What depends on this list could not be read: {why}"),
    "flows": _("Flows could not be read: {why}"),
    "campaigns": _("Scheduled campaigns could not be read: {why}"),
    "segments": _("Segments, and campaigns to them, could not be read: {why}"),
}
SHOWN = {
    EVERYTHING: _("What is shown of this list was read on {moment}."),
    "flows": _("What is shown of flows was read on {moment}."),
    "campaigns": _("What is shown of campaigns was read on {moment}."),
    "segments": _("What is shown of segments was read on {moment}."),
}
OF_CAMPAIGNS = (EVERYTHING, "campaigns", "segments")  # without these campaigns can't be told


def moment(at: datetime, zone: str | None) -> str:
    """`2026-11-30 10:00 (Europe/Riga)`; in UTC where the account's zone isn't known."""
    try:
        here = at.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone, here = None, at.astimezone(ZoneInfo("UTC"))
    return f"{here:%Y-%m-%d %H:%M} ({zone or 'UTC'})"


def sentence(found: Dependents, zone: str | None, explained: Collection[str] = ()) -> str | None:
    """All that depends on the list, by name, and what can't be seen; None where that is nothing.

    Why parts that are `explained` could not be read stands elsewhere.
    """
    named = [
        *_named([_("the flow “{name}”").format(name=one.name) for one in found.flows]),
        *_named([campaign(one, zone) for one in found.campaigns]),
        *_named([segment(one) for one in found.segments]),
    ]
    text = _("On this list depend {names}.").format(names="; ".join(named)) if named else ""
    return " ".join(filter(None, [text, *unseen(found), *unread(found, zone, explained)])) or None


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


def unread(found: Dependents, zone: str | None, explained: Collection[str] = ()) -> Iterator[str]:
    """For each kind that could not be read why, unless `explained`, and since when it is known."""
    for what, one in found.unread.items():
        why = None if what in explained else _why(what, one)
        since = SHOWN[what].format(moment=moment(one.at, zone)) if one.at else None
        yield " ".join(filter(None, [why, since]))


def unknown_campaigns(found: Dependents) -> str | None:
    """Why campaigns to the list can't be told, or those to its segments; None where they are."""
    if scopes := found.unseen.get("campaigns"):
        return UNSEEN["campaigns"].format(scopes=", ".join(scopes))
    named = [_why(what, found.unread[what]) for what in OF_CAMPAIGNS if what in found.unread]
    return " ".join(named) or None


def _why(what: str, one: Unread) -> str:
    return UNREAD[what].format(why=one.why)


def _named(texts: list[str]) -> list[str]:
    more = len(texts) - MOST
    return texts if more <= 0 else [*texts[:MOST], many("{n} more", "{n} more", more)]
