"""Says what a change of an export will do to its list and the people on it, before it is saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration.export import Export, Mode
from core.destinations.register import DEFAULT, kind_of
from core.plan import ledger
from core.plan.ledger import PeopleAdded
from core.profiles.matching.fields import Target, targets
from core.store import Store, connections, exports, orders
from core.texts import _, many


@dataclass(frozen=True, slots=True)
class Change:
    """An export as it is and as it would be, and the people that its ledgers know of.

    `moved`: to another list or account, or between a list and profiles alone, so that another
    ledger counts; then `after` are those whom it brought there before.
    """

    old: Export
    new: Export
    before: PeopleAdded
    after: PeopleAdded
    moved: bool
    destination: str  # the title of the new one's


def consequences(store: Store, person: Person, export: str | int, new: Export) -> list[str]:
    """Plain sentences, each of one consequence; none when nothing happens to anybody.

    Raises Denied, Unknown, StorageFailed.
    """
    with store.begin() as session:
        row = exports.find(session, export)
        require(person, Action.manage_exports, exports.connection_of(session, row))
        old = exports.spec(session, row)
        places = [_ledger(session, store.settings.ledgers, spec) for spec in (old, new)]
        title = _title(session, new)
    before, after = (_people_added(place, row.id) for place in places)
    return list(sentences(Change(old, new, before, after, places[0] != places[1], title)))


def sentences(change: Change) -> Iterator[str]:
    """The sentences of a change, in the order of what it does to the list, to people, to data."""
    if change.moved:
        yield from _moved(change)
    else:
        yield from _otherwise(change)
        yield from _other_people(change)
    yield from _suppressed(change)
    yield from _other_data(change)


def _title(session: Session, spec: Export) -> str:
    """Of the destination; of the usual one for an export without a connection."""
    if spec.connection is None:
        return kind_of(DEFAULT).title
    return kind_of(connections.find(session, spec.connection).type).title


def _ledger(session: Session, ledgers: Path, spec: Export) -> Path | None:
    """Where its runs keep their ledger; None for an export without a connection."""
    if spec.connection is None:
        return None
    account = orders.account_key(connections.find(session, spec.connection))
    return ledger.ledger_path(ledgers, account, spec.joins)


def _people_added(place: Path | None, export_id: int) -> PeopleAdded:
    return ledger.people_added(place, export_id) if place else PeopleAdded(0, 0)


def _moved(change: Change) -> Iterator[str]:
    """Whom it leaves behind, and who comes to the new place."""
    yield from _left_behind(change)
    if change.new.joins:
        yield from _arriving(change, change.new.joins)
        return
    if change.old.joins:
        yield _("This export no longer puts anyone on a list: it only updates profiles.")
    if not change.after.here:
        yield _("The next run sends the profiles of everyone in the segments once more.")


def _left_behind(change: Change) -> Iterator[str]:
    n, old = change.before.here, change.old
    if n and old.joins:
        yield many(
            "{n} person that this export put on the list {list} stays on it: from now on "
            "this export takes nobody off it.",
            "{n} people that this export put on the list {list} stay on it: from now on "
            "this export takes nobody off it.",
            n,
            list=old.joins,
        )
    elif n and old.connection != change.new.connection:
        yield _("Profiles that were sent to the previous account stay there as they are.")


def _arriving(change: Change, list_id: str) -> Iterator[str]:
    text = _("The next run puts everyone in the segments on the list {list}.")
    yield text.format(list=list_id)
    if change.after.here:
        yield many(
            "{n} person that this export put there before counts as being on it.",
            "{n} people that this export put there before count as being on it.",
            change.after.here,
        )
    if change.new.mode is Mode.mirror and change.after.wanted:
        yield _leavers(change.after.wanted)


def _otherwise(change: Change) -> Iterator[str]:
    """What another mode does to the same list."""
    if change.new.mode == change.old.mode:
        return
    if change.new.mode is not Mode.mirror:
        yield _("Whoever leaves the segments stays on the list from now on.")
        return
    yield _("Whoever leaves the segments is taken off the list from the next run on.")
    if change.before.wanted:
        yield _leavers(change.before.wanted)
    if gone := change.before.here - change.before.wanted:
        yield many(
            "{n} person who had left the segments before the last run stays on it.",
            "{n} people who had left the segments before the last run stay on it.",
            gone,
        )


def _leavers(wanted: int) -> str:
    """Who is taken off a list that is mirrored."""
    return many(
        "{n} person is on the list by this export, and is taken off at the next run if not in the "
        "segments now, unless another export wants them or they were there before.",
        "{n} people are on the list by this export: those who are not in the segments now are "
        "taken off at the next run, unless another export wants them or they were there before. "
        "The preview shows how many.",
        wanted,
    )


def _other_people(change: Change) -> Iterator[str]:
    """What other segments do to who is on the list, and who isn't yet."""
    old, new = change.old, change.new
    if {*new.segments} - {*old.segments} or {*old.exclude} - {*new.exclude}:
        yield (
            _("People who are in the segments only now join the list at the next run.")
            if new.joins
            else _("People who are in the segments only now are sent at the next run.")
        )
    if not ({*old.segments} - {*new.segments} or {*new.exclude} - {*old.exclude}):
        return
    if new.mode is not Mode.mirror:
        yield _stay(change)
    elif old.mode is Mode.mirror and change.before.wanted:  # else another mode has said it
        yield _leavers(change.before.wanted)


def _suppressed(change: Change) -> Iterator[str]:
    new = change.new
    if new.leave_out_suppressed == change.old.leave_out_suppressed:
        return
    text = _("Profiles suppressed in {destination} are skipped from now on; they stay on the list.")
    if not new.leave_out_suppressed:
        text = _("Profiles suppressed in {destination} are sent like all others.")
    elif new.mode is Mode.mirror:
        text = _(
            "Profiles suppressed in {destination} are skipped from now on, and the next run "
            "takes those that this export put on the list off it."
        )
    yield text.format(destination=change.destination)


def _stay(change: Change) -> str:
    if change.new.joins:
        return _(
            "People who are in none of the segments now, or are left out, stay on the list and are "
            "not updated any more."
        )
    return _("People who are in none of the segments now, or are left out, are not updated.")


def _other_data(change: Change) -> Iterator[str]:
    """What is sent once more, and what stays at the destination as it was."""
    old, new, n = change.old, change.new, change.before.here
    if not n:
        return
    if old.match.email != new.match.email:
        yield from _other_addresses(change)
    elif not change.moved and _data(old) != _data(new):
        yield many(
            "{n} person is sent once more at the next run if this changes their profile.",
            "Up to {n} people are sent once more at the next run: all whose profile this changes. "
            "The preview shows how many.",
            n,
        )
    fed = {target.name for target in targets(new.match)}
    if gone := [_called(one) for one in targets(old.match) if one.name not in fed]:
        text = _("{destination} keeps the last values sent of: {fields}.")
        yield text.format(destination=change.destination, fields=", ".join(gone))


def _other_addresses(change: Change) -> Iterator[str]:
    yield _("Anyone with another address in the new column counts as a new person.")
    if change.new.match.external_id or change.new.match.phone_number:
        yield _(
            "If {destination} knows a profile by its external ID or phone number, it may "
            "change its address instead."
        ).format(destination=change.destination)
    elif change.new.joins and not change.moved:
        yield (
            _("The old addresses are taken off the list at the next run.")
            if change.new.mode is Mode.mirror
            else _("The old addresses stay on the list.")
        )


def _data(spec: Export) -> tuple[object, ...]:
    """All that makes a profile what it is."""
    return spec.match, spec.phone_region, set(spec.clear)


def _called(target: Target) -> str:
    """A field as people call it: first name, city; a property by its own name."""
    name = target.path[-1]
    return name if target.path[0] == "properties" else name.replace("_", " ")
