"""What people have typed into forms and not saved: kept for whoever typed it, and nobody else.

A draft also knows what was saved when its form was opened, so that saving it never undoes what
somebody else has changed meanwhile.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Person
from core.errors import Conflict, Invalid, Outdated
from core.store import audit
from core.store.audit import Deed
from core.store.some import remove_some
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.people import DraftRow
from core.store.tables.schedules import Preference
from core.texts import _

MOST = 30  # of one person; of more the one that was changed first goes
PROPOSED = "proposed"  # in the data of a draft that an agent wrote and nobody has opened
LARGEST = 200_000  # bytes of one as JSON
TABLES: Mapping[str, Any] = {
    "export": ExportRow,
    "segment": SegmentRow,
    "source": SourceRow,
    "connection": ConnectionRow,
    "schedule": ExportRow,  # of one export, or with the id 0 of those that are chosen
    "refresh": None,  # of the installation, among its preferences, as the next
    "settings": None,
}
PREFERENCES = {"refresh": ("refresh",), "settings": ("guards", "retention")}
AUDITED = {"schedule": "export"}  # kinds that the audit calls by another name
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """Which form it is: a kind of TABLES, and the id there; 0 for a new one, -7 for a copy of 7."""

    kind: str
    id: int = 0


def find(session: Session, person: Person, form: Form) -> DraftRow | None:
    """The draft of this person, if there is one."""
    return session.get(DraftRow, (person.id or 0, form.kind, form.id))


def keep(session: Session, person: Person, form: Form, data: Data, base: Data) -> bool:
    """Keeps what was typed, in place of what was before; False when it is too large for that.

    `data` and `base` are what JSON can hold. Who has no account, keeps nothing.
    """
    if person.id is None or len(json.dumps(data)) + len(json.dumps(base)) > LARGEST:
        return False
    row = find(session, person, form)
    if row is None:
        row = DraftRow(account_id=person.id, kind=form.kind, thing_id=form.id, data={}, base={})
    row.data, row.base, row.changed_at = dict(data), dict(base), datetime.now(UTC)
    session.add(row)
    session.flush()
    _bound(session, person.id)
    return True


def propose(
    session: Session, person: Person, form: Form, name: str, data: Data, base: Data | None = None
) -> None:
    """Keeps what an agent of the person's wrote into the form, for them to open and save.

    Of a thing that is saved `data` are the fields that differ, `base` is what is saved, and `name`
    what it is called. It takes the place of what an agent wrote there before, never of what the
    person typed. Raises Conflict where that would be lost, Invalid where it is too large.
    """
    row = find(session, person, form)
    query = sa.select(sa.func.count()).where(col(DraftRow.account_id) == person.id)
    if row is not None and PROPOSED not in row.data:
        text = _("{who} has a draft of a new {kind} that isn't saved. Save or discard it first.")
        if form.id:
            text = _("{who} has a draft of “{name}” that isn't saved. Save or discard it first.")
        raise Conflict(text.format(who=person.name, kind=form.kind, name=name))
    if row is None and (session.scalar(query) or 0) >= MOST:
        text = _("{who} has {n} drafts that aren't saved. Save or discard some of them first.")
        raise Conflict(text.format(who=person.name, n=MOST))
    if not keep(session, person, form, {**data, PROPOSED: True}, base or {}):
        raise Invalid(_("This is too large for a draft."))
    what = _("change of “{name}”").format(name=name) if form.id else name
    audit.record(session, person, Deed.drafted, form.kind, what)


def proposed(session: Session, person: Person) -> list[DraftRow]:
    """What agents of this person drafted and nobody has opened and changed, the newest first."""
    query = select(DraftRow).where(DraftRow.account_id == (person.id or 0))
    rows = session.exec(query.order_by(col(DraftRow.changed_at).desc()))
    return [row for row in rows if PROPOSED in row.data]


def typed(row: DraftRow) -> dict[str, Any]:
    """What is to be in the form."""
    return {name: value for name, value in row.data.items() if name != PROPOSED}


def drop(session: Session, person: Person, form: Form) -> None:
    """Forgets it: it was saved or discarded."""
    mine = col(DraftRow.account_id) == (person.id or 0)
    session.execute(_of(form).where(mine))


def forget(session: Session, form: Form) -> None:
    """Forgets everybody's drafts of something that is removed, and of copies of it."""
    session.execute(_of(form))
    session.execute(_of(Form(form.kind, -form.id)))  # its id may be given to another thing


def begin_saving(session: Session, person: Person, form: Form) -> None:
    """First of all in the transaction that saves a form: its draft goes, and others wait."""
    drop(session, person, form)  # a write, so that nobody else writes to SQLite from here on
    session.execute(_saved(form).with_for_update())


def refuse_outdated(
    session: Session, form: Form, name: str, base: Data, now: Data, mine: Data
) -> None:
    """Raises Outdated when a field of `mine` was changed from `base` to `now` in the meantime.

    Not where it was changed to just what `mine` has. `name` is what the thing is called now.
    """
    if any(base.get(field) != now.get(field) != mine[field] for field in mine):
        last = audit.last_change(session, AUDITED.get(form.kind, form.kind), name)
        by = last.by if last else None
        text = _("{who} changed “{name}” since you opened it. Review it, then save.")
        message = text.format(who=by or _("Somebody"), name=name)
        raise Outdated(message, now, by, last.at if last else None)


def remove_old(session: Session, before: datetime, n: int) -> int:
    """Removes at most n that nobody has touched since then; how many."""
    key = sa.tuple_(col(DraftRow.account_id), col(DraftRow.kind), col(DraftRow.thing_id))
    keys = sa.select(col(DraftRow.account_id), col(DraftRow.kind), col(DraftRow.thing_id))
    past = keys.where(col(DraftRow.changed_at) < before).limit(n)
    return remove_some(session, DraftRow, key, past)


def _saved(form: Form) -> sa.Select[Any]:
    """The row that the form changes."""
    if (table := TABLES[form.kind]) is None:
        return sa.select(col(Preference.name)).where(
            col(Preference.name).in_(PREFERENCES[form.kind])
        )
    return sa.select(col(table.id)).where(col(table.id) == form.id)


def _of(form: Form) -> sa.Delete:
    return sa.delete(DraftRow).where(
        col(DraftRow.kind) == form.kind, col(DraftRow.thing_id) == form.id
    )


def _bound(session: Session, account_id: int) -> None:
    query = select(DraftRow).where(DraftRow.account_id == account_id)
    for row in session.exec(query.order_by(col(DraftRow.changed_at).desc()).offset(MOST)):
        session.delete(row)
