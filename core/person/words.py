"""What happened to a person in words, for the command line, the page and the document."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from core.person.addresses import Linked
from core.person.events import MOVED, Answer, Event, What
from core.person.look_up import Found
from core.person.rules import Judged
from core.person.standing import Reply, Standing
from core.plan.ledger import State
from core.runs.reasons import REASONS
from core.texts import _, many

SENT = {
    None: _("Sent; the destination hasn't answered yet"),
    Answer.accepted: _("Sent and accepted"),
    Answer.refused: _("Sent and refused"),
    Answer.missing: _("Sent and accepted, but not on the list"),
    Answer.undelivered: _("Not delivered"),
    Answer.waiting: _("Not sent yet"),
    Answer.held: _("Not sent yet: the run is held"),
}
CHANGES = {"added": _("new there"), "updated": _("updated")}
HAPPENED = {
    What.rejected: _("Not sent"),
    What.removed: _("Taken off the list"),
    What.no_member: _("No longer in the segments; stays on the list"),
    What.member: _("In the segments again; nothing new to send"),
}
STATES = {
    State.sent: _("accepted"),
    State.on_list: _("on the list"),
    State.refused: _("refused"),
    State.left: _("taken off"),
    State.missing: _("accepted, but not on the list"),
}
LET_IN = frozenset({What.sent, What.member})
GONE = frozenset({What.removed, What.no_member})
NOTHING = _("Nothing is known of this address: no ledger and no file of a run has it.")


def moment(at: datetime) -> str:
    """A moment as the document and the command line write it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def happened(event: Event) -> str:
    """What an event was, in a few words."""
    if event.what is What.unchanged:
        return many(
            "As it was sent before, so not sent again",
            "As it was sent before, so not sent again in {n} runs up to run {run}",
            event.runs or 1,
            run=str(event.until),
        )
    if event.change == MOVED:
        return _("Taken off the list, where they are under another address")
    if event.what is not What.sent:
        return HAPPENED[event.what]
    change = _("under another address") if event.before else CHANGES.get(event.change or "")
    return f"{SENT[event.answer]}, {change}" if change else SENT[event.answer]


def why(event: Event) -> list[str]:
    """What let the person in or kept them out, and what the destination said; lines of text."""
    lines = []
    if event.before:
        lines.append(_("Address before: {email}").format(email=event.before))
    if event.reason:
        lines.append(_("Reason: {reason}").format(reason=_reason(event.reason)))
    if event.words:
        lines.append(_("Answer: {words}").format(words=event.words))
    lines += _by_segments(event)
    if event.clear:
        lines.append(_("Cleared: {fields}").format(fields=", ".join(event.clear)))
    return lines


def _by_segments(event: Event) -> list[str]:
    """Which segments let the person in, left them out, or have them no longer."""
    if event.excluded:
        return [_one_of(event, event.excluded, _("Left out by: {rules}"))]
    if event.segments and event.what in LET_IN:
        return [_one_of(event, event.segments, _("Let in by: {rules}"))]
    if event.segments and event.what in GONE:
        text = _("No longer in the segments: {rules}")
        return [text.format(rules=_rules(event.segments))]
    return []


def _one_of(event: Event, segments: Mapping[str, str], text: str) -> str:
    """Those that are known to be the reason; all of them where that isn't known, and why not."""
    if event.by:
        return text.format(rules=_rules({name: segments[name] for name in event.by}))
    line = text.format(rules=_("one of {rules}").format(rules=_rules(segments)))
    if event.by is None:
        return f"{line}. " + _("Which one was not recorded before this version.")
    return f"{line}. " + _("Another row with this address is in it.")


def profile(event: Event) -> list[str]:
    """The profile as it was sent, a line for each field that it had."""
    body = event.body or {}
    values = [f"{name}: {value}" for name, value in _flat(body.get("attributes", body))]
    return [_("Profile: {fields}").format(fields=", ".join(values))] if values else []


def _flat(fields: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(value)


def _reason(reason: str) -> str:
    """Without a destination's name, for a reason may be of any."""
    if reason == "refused_before":
        return _("refused as it is when it was sent last")
    return reason.replace("_", " ") if reason in REASONS else reason


def _rules(segments: Mapping[str, str]) -> str:
    return "; ".join(f"{name} ({rules})" for name, rules in segments.items())


def place(one: Event | Standing) -> str:
    """Where something happened, or is."""
    return ", ".join(part for part in (one.connection, one.list) if part)


def stands(one: Standing) -> str:
    """How a person stands with a list for an export."""
    word = STATES[State(one.state)]
    wanted = _("in the segments") if one.member else _("not in the segments")
    since = _("first sent {at}, last in run {run}").format(at=moment(one.since), run=one.run)
    return f"{word}, {wanted}; {since}"


def judged(one: Judged) -> str:
    """Whether a segment has the person now, and which rules keep them out."""
    if one.problem:
        return f"{one.segment}: {one.problem}"
    if one.inside is None:
        return _("{segment}: nobody in the source has the address").format(segment=one.segment)
    if one.inside:
        text = _("{segment}: in it, and left out for it") if one.excluded else _("{segment}: in it")
        return text.format(segment=one.segment)
    text = _("{segment}: kept out by the rules: {rules}")
    return text.format(segment=one.segment, rules="; ".join(one.failing))


def answered(one: Reply) -> str:
    """What a destination says of an address."""
    if one.problem:
        return one.problem
    if one.known is None:
        return _("no profile with this address")
    can = _("can receive email") if one.known.can_receive else _("can't receive email")
    consent = _("consent: {word}").format(word=one.known.consent)
    on = _("on: {lists}").format(lists=", ".join(one.lists) or _("none of our lists"))
    return ", ".join([can, consent, *one.known.suppressions, on])


def linked(one: Linked) -> str:
    """Another address, and what says that it is the same person's."""
    text = _("{email}: the same key or external ID as {via}")
    if one.export is None:
        text = _("{email}: the same profile at the destination as {via}")
    return text.format(email=one.email, via=one.via)


def gaps(found: Found) -> list[str]:
    """Why there may be more than is known."""
    lines = []
    if found.removed:
        text = _("{n} runs are so old that their files were removed: of these less is known.")
        lines.append(text.format(n=f"{found.removed:,}"))
    if found.unreadable:
        text = _("Files of runs that can't be read, and may have more of this person: {n}.")
        lines.append(text.format(n=found.unreadable))
    return lines


def as_lines(found: Found) -> list[str]:
    """All of it, line by line."""
    if not found.events and not found.now:
        return [NOTHING]
    lines = list(map(linked, found.linked))
    for event in found.events:
        run = _("run {n}").format(n=event.run)
        lines.append(f"{moment(event.at)}  {event.export}, {run}  {happened(event)}")
        lines += [f"    {line}" for line in why(event)]
        lines += [f"    {line}" for line in profile(event)]
    lines += [_("Now")] if found.now else []
    lines += [f"  {one.export}, {place(one)}: {one.email}, {stands(one)}" for one in found.now]
    lines += [f"  {one.connection}: {one.email}, {answered(one)}" for one in found.asked or ()]
    return lines + [f"  {one.export}, {judged(one)}" for one in found.rules]
