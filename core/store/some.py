"""Removes some rows at a time, so that no transaction takes long."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session


def remove_some(session: Session, table: Any, key: Any, which: Any) -> int:
    """Removes the rows whose keys the query finds, which bounds them; how many."""
    done: Any = session.execute(sa.delete(table).where(key.in_(which)))
    return int(done.rowcount)
