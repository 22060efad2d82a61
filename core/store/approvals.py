"""Approval by a second person: changes of an export that wait, who decides, and who may confirm.

An export of which that is wanted keeps its settings, and runs with them, until somebody else than
who proposed a change has approved it. Whoever runs the command line may change it by a file, and
decide: they can change anything. They act as the operating system's user, who may be one of the
people in their browsers, and nobody knows which: so wherever one side was the command line (or
another program), the audit says that there was perhaps no second person.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from core.access import Action, Person, from_command_line, require
from core.configuration.export import Export
from core.errors import Conflict, Denied
from core.store import audit, exports, second_person
from core.store.audit import Deed
from core.store.database import moment
from core.store.tables.exports import ExportRow, ProposalRow
from core.store.tables.runs import AGENT, Run
from core.texts import _

Data = Mapping[str, Any]
PROGRAMS = frozenset({"cli", "api", AGENT})  # triggers of runs that no browser started


def waiting(session: Session) -> list[ProposalRow]:
    """Changes that nobody has decided about, oldest first."""
    query = select(ProposalRow).where(col(ProposalRow.decided_at).is_(None))
    return list(session.exec(query.order_by(col(ProposalRow.id))))


def of(session: Session, row: ExportRow) -> ProposalRow | None:
    """The change of this export that waits, if one does."""
    query = select(ProposalRow).where(
        ProposalRow.export_id == row.id, col(ProposalRow.decided_at).is_(None)
    )
    return session.exec(query).first()


def look_up(session: Session, id: int) -> ProposalRow | None:
    """The proposal with this id."""
    return session.get(ProposalRow, id)


def propose(
    session: Session, person: Person, row: ExportRow, spec: Export, list_name: str | None = None
) -> ProposalRow:
    """Keeps the change for somebody else to decide; it replaces one of the same person.

    What can't be saved is refused now. Raises Denied, Invalid, Unknown; Conflict while somebody
    else's waits, and where nothing differs.
    """
    exports.check_change(session, person, row, spec)
    base, wanted = _data(exports.spec(session, row)), _data(spec)
    if base == wanted and list_name in (None, row.list_name):
        raise Conflict(_("Nothing differs from what is saved, so there is nothing to propose."))
    if before := of(session, row):
        if not _is_own(before.by, before.account_id, person):
            text = _("A change by {who} waits for approval. Approve or reject it first.")
            raise Conflict(text.format(who=before.by))
        _decide(session, before, person, approved=False)
        session.flush()
    found = ProposalRow(
        export_id=row.id,
        spec=wanted,
        base=base,
        list_name=list_name,
        by=person.name,
        account_id=person.id,
        at=moment(session),
    )
    session.add(found)
    session.flush()
    audit.record(session, person, Deed.proposed, "export", row.name)
    return found


def approve(session: Session, person: Person, found: ProposalRow) -> None:
    """The export gets its new settings.

    Raises Denied for who proposed it, Invalid; Conflict where it is decided already, or what it
    changes was changed meanwhile.
    """
    row = exports.find(session, found.export_id)
    require(person, Action.manage_exports, exports.connection_of(session, row))
    _refuse_decided(found)
    if _is_own(found.by, found.account_id, person):
        text = _("{person} proposed this change, so somebody else has to approve it.")
        raise Denied(text.format(person=person.name), person)
    now = _data(exports.spec(session, row))
    changed = differing(found.base, found.spec)
    if any(now.get(name) != found.base.get(name) for name in changed):
        text = _("The export was changed since this was proposed. Reject it, and propose it again.")
        raise Conflict(text)
    spec = Export.model_validate(now | {name: found.spec[name] for name in changed})
    what = _("{name}, proposed by {who}").format(name=row.name, who=found.by)
    exports.change_approved(session, person, row, spec, found.list_name)
    _decide(session, found, person, approved=True)
    audit.record(session, person, Deed.approved, "change of export", what)
    if from_command_line(person):
        _note_unproven(session, person, what, _("approved on the command line"))


def reject(session: Session, person: Person, found: ProposalRow) -> None:
    """The export stays as it is; who proposed a change withdraws it so. Raises Denied, Conflict."""
    row = exports.find(session, found.export_id)
    require(person, Action.manage_exports, exports.connection_of(session, row))
    _refuse_decided(found)
    _decide(session, found, person, approved=False)
    what = _("{name}, proposed by {who}").format(name=row.name, who=found.by)
    audit.record(session, person, Deed.rejected, "change of export", what)


def differing(base: Data, spec: Data) -> list[str]:
    """The names of the fields that a proposal changes."""
    return [name for name in spec if spec[name] != base.get(name)]


def is_own(found: ProposalRow, person: Person) -> bool:
    """Whether this person proposed it, and so can't approve it."""
    return _is_own(found.by, found.account_id, person)


def refuse_own_confirmation(session: Session, person: Person, run: Run) -> None:
    """Raises Denied for who made a run of an export that wants a second person."""
    if confirmed_by_others(session, run) and run.by == person.name:
        text = _(
            "{person} started run {run}, and “{name}” needs a second person: somebody else has to "
            "confirm it."
        )
        raise Denied(text.format(person=person.name, run=run.id, name=run.export), person)


def note_confirmation(session: Session, person: Person, run: Run) -> None:
    """Says in the audit where who confirms a run that needs others may be who made it."""
    if not confirmed_by_others(session, run):
        return
    what = _("run {run} of {name}, started by {who}")
    what = what.format(run=run.id, name=run.export, who=run.by)
    if from_command_line(person):
        _note_unproven(session, person, what, _("confirmed on the command line"))
    elif run.trigger in PROGRAMS:
        _note_unproven(session, person, what, _("it was started outside the browser"))


def confirmed_by_others(session: Session, run: Run) -> bool:
    """Whether a hold of the run is for somebody else than who made it to decide."""
    row = session.get(ExportRow, run.export_id) if run.export_id else None
    return run.order.export.approval or bool(row and second_person.is_needed(row))


def _note_unproven(session: Session, person: Person, what: str, why: str) -> None:
    text = _("{what}, perhaps without a second person: {why}").format(what=what, why=why)
    audit.record(session, person, Deed.changed, "approval", text)


def _is_own(by: str, account_id: int | None, person: Person) -> bool:
    return by == person.name or (account_id is not None and account_id == person.id)


def _refuse_decided(found: ProposalRow) -> None:
    if found.decided_at is not None:
        text = _("{who} has already decided about this change.")
        raise Conflict(text.format(who=found.decided_by or _("Somebody")))


def _decide(session: Session, found: ProposalRow, person: Person, *, approved: bool) -> None:
    found.decided_by, found.decided_at = person.name, moment(session)
    found.approved = approved
    session.add(found)


def _data(spec: Export) -> dict[str, Any]:
    return spec.model_dump(mode="json")
