"""Looks one person up by an address: what happened to them, in order, and where they are now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from core.access import Action, Person, may
from core.configuration.order import Order
from core.errors import Invalid
from core.masking import Masks, mask, sentence
from core.person import events, rules, standing, traces
from core.person.addresses import InLedgers, Linked, in_ledgers
from core.person.events import Event, What
from core.person.rules import Judged
from core.person.standing import Reply, Standing
from core.profiles.matching.emails import LONGEST, as_sent
from core.profiles.segments import numbered
from core.profiles.segments.words import words
from core.profiles.sources import Progress, silent
from core.store import Store, audit, connections, export_lists, jobs
from core.store import erasures as hashes
from core.store.audit import Deed
from core.store.runs import everything
from core.store.tables.runs import Run
from core.texts import _

NOTHING = Masks({})  # of which no value is seen


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a person: events in order of time, where they are, what was asked.

    `linked` are their other addresses. `unreadable` counts files of runs that can't be read,
    `removed` the runs whose files are no longer kept, so that less is known of these.
    """

    email: str
    events: tuple[Event, ...]
    now: tuple[Standing, ...]
    linked: tuple[Linked, ...] = ()
    asked: tuple[Reply, ...] | None = None
    rules: tuple[Judged, ...] = ()
    unreadable: int = 0
    removed: int = 0
    masked: bool = False
    key: str = field(default="", repr=False)  # what stands for them in the audit

    @property
    def emails(self) -> list[str]:
        """The address that was looked up, and their others."""
        return [self.email, *(one.email for one in self.linked)]


def look_up(
    store: Store, person: Person, address: str, progress: Progress = silent, ask: bool = False
) -> Found:
    """All that is known of them; with `ask` the destinations and the sources are asked as well.

    Who may not see values gets them masked. The audit has who looked, and no address. Raises
    Denied, Invalid for what is no address, StorageFailed, and what `progress` raises.
    """
    store.require(person, Action.look_up)
    key = hashes.mark_of_person(store, checked(address))
    with store.begin() as session:
        audit.record(session, person, Deed.looked_up, "person", key)
    return gathered(store, person, address, progress, ask)


def gathered(
    store: Store, person: Person, address: str, progress: Progress = silent, ask: bool = False
) -> Found:
    """The same for what notes in the audit itself what is made of it."""
    email = checked(address)
    key = hashes.mark_of_person(store, email)
    known = in_ledgers(store.settings, email, progress)
    found = replace(_found(store, person, email, known, progress), key=key)
    if ask:
        found = _with_replies(store, person, found, progress)
    return found if may(person, Action.see_addresses) else _masked(found)


def _with_replies(store: Store, person: Person, found: Found, progress: Progress) -> Found:
    """With what destinations and sources say now, as far as the person may ask them."""
    asked = tuple(standing.ask(store, person, found.emails, found.now))
    sees = may(person, Action.see_addresses)
    judged = rules.judge(store, person, found.emails, progress) if sees else []
    return replace(found, asked=asked, rules=tuple(judged))


def checked(address: str) -> str:
    """The address as it is sent. Raises Invalid for what is none."""
    email = as_sent(address)
    if "@" not in email or len(email) > LONGEST:
        raise Invalid(_("Type a full email address, such as ieva@example.lv."), "email")
    return email


def _found(store: Store, person: Person, email: str, known: InLedgers, progress: Progress) -> Found:
    with store.begin() as session:
        runs = everything(session, limit=None)
        now = standing.standings(session, store.settings.ledgers, known)
    emails = [email, *known.emails]
    traced = traces.find(store.settings, runs, emails, progress)
    having = {row["run"] for rows in traced.rows.values() for row in rows}
    seen = None if may(person, Action.see_addresses) else NOTHING
    with store.begin() as session:
        settled = [job for id in sorted(having) for job in jobs.of_run(session, id)]
        happened = _named(session, runs, events.events(runs, traced, settled), seen)
    happened = _with_former(happened, known.linked)
    removed = sum(bool(run.files_removed_at or run.rejects_removed_at) for run in runs)
    unreadable = len(traced.unreadable)
    whole = Found(email, tuple(happened), tuple(now), known.linked)
    return replace(whole, unreadable=unreadable, removed=removed)


def _named(
    session: Session, runs: Iterable[Run], found: Iterable[Event], seen: Masks | None
) -> list[Event]:
    """With the connection and the list of each, and what let people in or kept them out."""
    by_id = {run.id: run for run in runs}
    names = {row.id: row.name for row in connections.everything(session)}
    lists = export_lists.list_names(session)
    return [_of_run(event, by_id[event.run or 0], names, lists, seen) for event in found]


def _of_run(
    event: Event,
    run: Run,
    names: Mapping[int, str],
    lists: Mapping[str, str],
    seen: Masks | None,
) -> Event:
    order = run.order
    segments = {name: words(group, seen) for name, group in order.segments.items()}
    excluded = {name: words(group, seen) for name, group in order.exclude.items()}
    return replace(
        event,
        connection=names.get(order.connection_id or 0),
        list=lists.get(order.list_id, order.list_id) if order.list_id else None,
        segments=None if order.undo else segments,
        excluded=excluded if event.reason == "excluded" else None,
        by=None if order.undo else _by(event, order),
        number=None,
    )


def _by(event: Event, order: Order) -> Sequence[str] | None:
    """The segments that let them in, or that they were left out for.

    Empty where somebody was left out for another row with their address.
    """
    excluded = event.reason == "excluded"
    known = order.exclude if excluded else order.segments
    if event.number is not None:
        bits = event.number
        return tuple(numbered.named(bits, order.segments, order.exclude, excluded=excluded))
    alone = len(known) == 1 and event.what in (What.sent, What.member, What.rejected)
    return tuple(known) if alone else None


def _with_former(found: Sequence[Event], linked: Collection[Linked]) -> list[Event]:
    """Whose first event under an address follows one under another, in the same export."""
    last: dict[str, str] = {}
    named: list[Event] = []
    for event in found:
        before = last.get(event.export)
        sent = event.what is events.What.sent and event.answer is events.Answer.accepted
        moved = linked and sent and before and before != event.email
        named.append(replace(event, before=before) if moved else event)
        if sent:
            last[event.export] = event.email
    moved_from = {(one.run, one.before) for one in named if one.before}
    return [_under_former(one) if (one.run, one.email) in moved_from else one for one in named]


def _under_former(event: Event) -> Event:
    """Taken off under the address before, though the person is still a member."""
    if event.what is not events.What.removed:
        return event
    return replace(event, change=events.MOVED, segments=None)


def _masked(found: Found) -> Found:
    """For those who see no values: addresses, profiles, and what sentences quote."""
    return replace(
        found,
        email=mask(found.email),
        events=tuple(map(_masked_event, found.events)),
        now=tuple(
            replace(one, email=mask(one.email), words=_masked_words(one.words)) for one in found.now
        ),
        linked=tuple(
            replace(one, email=mask(one.email), via=mask(one.via)) for one in found.linked
        ),
        asked=found.asked
        and tuple(
            replace(one, email=mask(one.email), problem=_masked_words(one.problem))
            for one in found.asked
        ),
        masked=True,
    )


def _masked_event(event: Event) -> Event:
    return replace(
        event,
        email=mask(event.email),
        before=event.before and mask(event.before),
        words=_masked_words(event.words),
        body=event.body and NOTHING.row(event.body),
    )


def _masked_words(text: str | None) -> str | None:
    return text and sentence(text)


def as_data(found: Found) -> dict[str, Any]:
    """For JSON: `events`, `now`, and what else is known; what is empty is left out."""
    data = {name.name: _plain(getattr(found, name.name)) for name in fields(found)}
    for name in ("masked", "key", *(() if found.asked is not None else ("asked", "rules"))):
        del data[name]
    return data


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        each = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {name: one for name, one in each.items() if one not in (None, [], {})}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, StrEnum) else value
