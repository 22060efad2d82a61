"""What tests do with the PostgreSQL that they share."""

import uuid

import psycopg
import sqlalchemy as sa

from core.store import Store

END_OTHERS = sa.text(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)


def new_database(server: str, options: str = "", name: str = "") -> str:
    """The address of a new database, with such options of its creation; empty without."""
    name = name or f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} {options}")
    return server.replace("/postgres?", f"/{name}?")


def end_other_sessions(store: Store) -> None:
    """Those of its database, as PostgreSQL does where it is restarted."""
    with store.begin() as session:
        session.execute(END_OTHERS)
