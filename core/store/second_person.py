"""Whether an export wants a second person, and who could be that."""

from sqlmodel import Session, col, select

from core.access import Action, Person, Role, from_command_line, may
from core.errors import Invalid
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.people import AccountRow
from core.texts import _

FEWEST = 2  # people without whom approval would lock everybody out


def is_needed(row: ExportRow) -> bool:
    """Whether a second person approves its changes, and what guards hold."""
    return bool(row.spec.get("approval"))


def approvers(session: Session, connection: ConnectionRow | None) -> list[str]:
    """The names of people who may change exports through this connection."""
    rows = session.exec(select(AccountRow).where(col(AccountRow.disabled_at).is_(None)))
    people = [Person(row.name, Role(row.role), row.id) for row in rows]
    return sorted(one.name for one in people if may(one, Action.manage_exports, connection))


def refuse_lone(session: Session, person: Person, connection: ConnectionRow | None) -> None:
    """Raises Invalid where nobody else could approve; the command line is never locked out."""
    if from_command_line(person) or len(approvers(session, connection)) >= FEWEST:
        return
    text = _(
        "Approval needs at least {n} people who may change this export: with fewer nobody could "
        "approve anything. Invite somebody, or share its connection, then switch it on."
    )
    raise Invalid(text.format(n=FEWEST), "approval")


def proposing(row: ExportRow) -> str:
    """What to do instead of changing it."""
    text = _("Changes of “{name}” need a second person. Propose this one in the export’s form.")
    return text.format(name=row.name)
