"""The lists that exports go to: their names, and who else wants people there."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.configuration.export import Mode
from core.store.tables.exports import ExportRow


def list_names(session: Session) -> dict[str, str]:
    """The names of lists that are known, by their ids."""
    query = sa.select(col(ExportRow.list_id), col(ExportRow.list_name))
    return {id: name for id, name in session.execute(query) if name}


def lists_of(session: Session, connection_id: int) -> frozenset[str]:
    """The ids of the lists that exports of a connection go to."""
    query = sa.select(col(ExportRow.list_id)).where(col(ExportRow.connection_id) == connection_id)
    return frozenset(id for id in session.scalars(query) if id)


def claimants(session: Session, list_id: str) -> frozenset[int]:
    """The exports that want people on a list of this id, also while they have no connection."""
    rows = session.exec(select(ExportRow).where(ExportRow.list_id == list_id))
    return frozenset(row.id for row in rows if row.spec.get("mode") != Mode.update)


def name_list(session: Session, export_id: int | None, list_id: str, list_name: str) -> None:
    """Keeps the list's name as it was told last, if the export still goes to that list."""
    row = session.get(ExportRow, export_id) if export_id else None
    if row and row.list_id == list_id:
        row.list_name = list_name
        session.add(row)
