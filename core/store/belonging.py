"""Whether a database and a folder of shared files are of one installation.

Ledgers lie in the folder, and what they know was sent is not sent again. A database used with
another folder would send everybody once more, so each bears the number of its installation.
"""

import uuid
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from core.errors import StorageFailed
from core.files import replace_text
from core.settings import Settings
from core.store.database import transaction
from core.store.failures import place
from core.store.locks import MIGRATING, alone
from core.store.tables.runs import Run
from core.store.tables.schedules import Preference
from core.texts import _

MARK = "installation"  # the file in the folder, and the preference in the database


def check(engine: Engine, settings: Settings) -> None:
    """Marks both where either is new. Raises StorageFailed where they don't belong together."""
    file = settings.files / MARK
    here = _written(file)
    with transaction(engine) as session:
        row = session.get(Preference, MARK)
    if row and (to := row.value.get("moved to")):
        text = _("What was in {folder} has moved to {place}. Set SEGFERRY_DATABASE_URL to it.")
        raise StorageFailed(text.format(folder=settings.home, place=to))
    if here is None or row is None or here != row.value["id"]:
        with alone(engine, MIGRATING), transaction(engine) as session:
            _join(session, file, place(engine))


def _join(session: Session, file: Path, database: str) -> None:
    """What has been used says which number it is; a new one takes it over."""
    here, number = _written(file), known(session)
    if number and number != here and _has_runs(session):
        text = _(
            "The database in {database} has runs of an installation whose ledgers and files are "
            "not in {folder}: without them everybody would be sent again. Set SEGFERRY_FILES to "
            "the folder that has them, or SEGFERRY_HOME if it is the data folder."
        )
        raise StorageFailed(text.format(database=database, folder=file.parent))
    chosen = here or number or uuid.uuid4().hex
    if number != chosen:
        note_number(session, chosen)
    if here != chosen:
        replace_text(file, chosen)


def known(session: Session) -> str | None:
    """The number of the installation whose database it is; None before it has one."""
    row = session.get(Preference, MARK)
    return str(row.value["id"]) if row else None


def note_number(session: Session, number: str | None) -> None:
    """The database is that of the installation with this number."""
    session.merge(Preference(name=MARK, value={"id": number}))


def mark(session: Session, folder: Path) -> None:
    """The folder has the files of the installation whose database it is."""
    if number := known(session):
        replace_text(folder / MARK, number)


def note_moved(session: Session, place: str) -> None:
    """From now on nothing is done with this database any more: its rows are at that place."""
    session.merge(Preference(name=MARK, value={"id": known(session), "moved to": place}))


def _written(file: Path) -> str | None:
    with suppress(FileNotFoundError):
        return file.read_text(encoding="utf-8").strip() or None
    return None


def _has_runs(session: Session) -> bool:
    return session.scalar(sa.select(sa.literal(1)).select_from(Run).limit(1)) is not None
