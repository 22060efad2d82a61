"""Columns that a source lost: refused where somebody drops them, said where its data did."""

from collections.abc import Mapping, Set
from typing import Any

from sqlmodel import Session

from core.configuration.source import Source
from core.errors import Conflict
from core.profiles.sources import Schema
from core.store import sources
from core.store.column_users import ColumnUsers, column_users
from core.store.tables.data import SourceRow
from core.texts import _


def missing(session: Session, row: SourceRow) -> dict[str, ColumnUsers]:
    """Who uses columns that the source didn't have when it was read last."""
    if row.fields is None:
        return {}
    found = column_users(session, row.id)
    return {name: found[name] for name in sorted(found.keys() - row.fields.keys())}


def sentences(row: SourceRow, lost: Mapping[str, ColumnUsers]) -> list[str]:
    """That columns in use are gone, and who is affected."""
    text = _(
        "“{source}” no longer has the column “{name}”, which is used by: {users}. Bring it back, "
        "or take it out there."
    )
    return [
        text.format(source=row.name, name=name, users=users.listed) for name, users in lost.items()
    ]


def dropped(row: SourceRow, spec: Source, schema: Schema) -> set[str]:
    """The columns that the source loses because `spec` reads it otherwise.

    What its data lost by itself isn't among them: nobody decided that, see `missing`.
    """
    moved = spec.url is not None and spec.place != row.path
    if not moved and _reads(sources.spec(row)) == _reads(spec):
        return set()
    return set(row.fields or {}) - schema.keys()


def refuse_dropped(session: Session, row: SourceRow, gone: Set[str]) -> None:
    """Raises Conflict where one of the columns is in use."""
    found = column_users(session, row.id) if gone else {}
    for name in sorted(gone & found.keys()):
        text = _("The field “{name}” is used by: {users}. Take it out there first.")
        raise Conflict(text.format(name=name, users=found[name].listed))


def _reads(spec: Source) -> dict[str, Any]:
    """What decides which columns there are, without the URL of a database."""
    return spec.model_dump(exclude={"name", "key", "fresh_by"})
