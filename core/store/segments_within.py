"""Segments and address lists within segments: rules with those they name, and who names one."""

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

from sqlmodel import Session, col, select

from core.profiles.segments import lists_within, united
from core.profiles.segments.rules import Group
from core.store import addresses, assign
from core.store.tables.data import SegmentRow

UNCOUNTED = {"members": None, "total": None, "counted_at": None, "problem": None}


def whole(session: Session, row: SegmentRow) -> Group:
    """The rules of a saved segment with those of the segments in it. Raises Invalid."""
    return resolved(session, Group.model_validate(row.rules), row.source_id, row.name)


def resolved(session: Session, rules: Group, source_id: int, own: str | None = None) -> Group:
    """Rules with those of the segments that they name, which are of the same source.

    And with what is known of the address lists in them. `own` is the name of the segment that they
    are of. Raises Unknown, Invalid.
    """
    if not united.is_resolved(rules):
        known = {row.name: Group.model_validate(row.rules) for row in _of(session, source_id)}
        rules = united.resolved(rules, known | ({own: rules} if own else {}), own)
    if lists_within.named(rules):
        rules = lists_within.resolved(rules, addresses.known(session))
    return rules


def offered(session: Session, source_id: int, own: int | None) -> dict[str, Group]:
    """The segments that one of this source can be made from, with all their rules, by name.

    `own` is the id of the one that is worked on: those that are made from it are left out.
    """
    rows = _of(session, source_id)
    mine = next((row for row in rows if row.id == own), None)
    left_out = {row.id for row in (_outer(rows, mine.name) if mine else ())} | {own}
    return {row.name: whole(session, row) for row in rows if row.id not in left_out}


def outer(session: Session, row: SegmentRow) -> list[SegmentRow]:
    """The segments that are made from this one, also by way of others, by name."""
    return _outer(_of(session, row.source_id), row.name)


def uncount(session: Session, row: SegmentRow) -> None:
    """Its numbers, and those of the segments made from it, are no longer true."""
    for one in (row, *outer(session, row)):
        assign(one, UNCOUNTED)
        session.add(one)


def users(rows: Iterable[SegmentRow]) -> dict[int, dict[int, str]]:
    """Of all segments: those that name one in their rules, their names by their ids, by its id."""
    rows = list(rows)
    ids, found = {row.name: row.id for row in rows}, {row.id: dict[int, str]() for row in rows}
    for row in rows:
        for name in names(row):
            if name in ids:
                found[ids[name]][row.id] = row.name
    return found


def outermost_first(rows: Iterable[SegmentRow]) -> list[SegmentRow]:
    """Each before those that it is made from."""
    known = {row.name: row for row in rows}
    order = TopologicalSorter({name: sorted(names(row)) for name, row in known.items()})
    return [known[name] for name in reversed([*order.static_order()]) if name in known]


def names(row: SegmentRow) -> set[str]:
    """The segments that its rules name."""
    return Group.model_validate(row.rules).segments()


def rename(session: Session, row: SegmentRow, new: str) -> None:
    """Another name in the rules that name the segment."""
    for user in _of(session, row.source_id):
        if row.name in names(user):
            rules = united.renamed(Group.model_validate(user.rules), row.name, new)
            user.rules = rules.as_data()
            session.add(user)


def _of(session: Session, source_id: int) -> list[SegmentRow]:
    query = select(SegmentRow).where(col(SegmentRow.source_id) == source_id)
    return list(session.exec(query.order_by(col(SegmentRow.name))))


def _outer(rows: Iterable[SegmentRow], name: str) -> list[SegmentRow]:
    made: Mapping[str, set[str]] = {row.name: names(row) for row in rows}
    reached, added = {name}, {name}
    while added:
        added = {one for one, inner in made.items() if inner & added} - reached
        reached |= added
    return [row for row in rows if row.name in reached - {name}]
