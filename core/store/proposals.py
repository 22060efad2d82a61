"""Changes of exports that wait for a second person."""

from sqlmodel import Session, col, select

from core.store.tables.exports import ProposalRow


def waiting(session: Session) -> list[ProposalRow]:
    """Those that nobody has decided about, oldest first."""
    query = select(ProposalRow).where(col(ProposalRow.decided_at).is_(None))
    return list(session.exec(query.order_by(col(ProposalRow.id))))


def look_up(session: Session, id: int) -> ProposalRow | None:
    """The proposal with this id."""
    return session.get(ProposalRow, id)
