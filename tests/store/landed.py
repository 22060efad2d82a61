"""What databases of each landed migration look like, as SQL with a row in each table.

`python -m tests.store.landed` writes what a new migration lacks here; what is there stays.
"""

import hashlib
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config

from core.store.database import MIGRATIONS, connect

FOLDER = Path(__file__).with_name("schemas")
VERSIONS = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
MOMENT = "2026-11-01 05:00:00.000000"


def number(migration: Path) -> str:
    """Its number, 0001 and so on."""
    return migration.stem.partition("_")[0]


def digest(migration: Path) -> str:
    """What a landed migration keeps for ever: the SHA-256 of its file."""
    return hashlib.sha256(migration.read_bytes()).hexdigest()


def upgrade(file: Path, revision: str) -> None:
    """Takes the database to the revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = connect(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def tables(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """All rows of each table, as what stands in their columns."""
    connection.row_factory = sqlite3.Row
    found = connection.execute("select name from sqlite_master where type = 'table' order by name")
    names = [row["name"] for row in found if row["name"] != "alembic_version"]
    return {
        name: [dict(row) for row in connection.execute(f'select * from "{name}"')] for name in names
    }


def fill(connection: sqlite3.Connection) -> None:
    """A row in each table, which all belong together: each has the number 1."""
    connection.execute("pragma foreign_keys=off")
    for table in tables(connection):
        columns = connection.execute(f'pragma table_info("{table}")').fetchall()
        values = [_value(row["name"], row["type"].upper()) for row in columns]
        places = ", ".join("?" * len(values))
        connection.execute(f'insert into "{table}" values ({places})', values)


def _value(name: str, kind: str) -> object:
    if "JSON" in kind:
        return "{}"
    if "DATE" in kind or "TIME" in kind:
        return MOMENT
    numeric = ("INT", "FLOAT", "BOOL", "NUMERIC", "REAL")
    return 1 if any(word in kind for word in numeric) else f"the {name}"


def write(migration: Path, file: Path) -> None:
    """Writes the dump of an empty place for it, and the migration's hash above."""
    upgrade(file, number(migration))
    with sqlite3.connect(file) as connection:
        fill(connection)
        lines = "\n".join(connection.iterdump())
    connection.close()
    target = FOLDER / f"{migration.stem}.sql"
    target.write_text(f"-- {digest(migration)}\n{lines}\n")


def main() -> None:
    """Only what is missing: a dump that is there is what people have."""
    import tempfile

    for migration in VERSIONS:
        if not (FOLDER / f"{migration.stem}.sql").exists():
            with tempfile.TemporaryDirectory() as folder:
                write(migration, Path(folder) / "made.sqlite")


if __name__ == "__main__":
    main()
