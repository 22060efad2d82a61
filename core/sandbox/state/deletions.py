"""SQL for requests to delete a person; once one is done, whom it named is forgotten, too."""

from dataclasses import dataclass

from core.sandbox.state import Db


@dataclass(frozen=True, slots=True)
class Deletion:
    """A wish to delete everybody with this identifier."""

    seq: int
    account: str
    field: str
    value: str


def ask(db: Db, account: str, field: str, value: str, due: float) -> None:
    """Stores the wish to delete whoever has the identifier."""
    db.execute(
        "INSERT INTO deletion(account, field, value, due) VALUES (?, ?, ?, ?)",
        (account, field, value, due),
    )


def next_due(db: Db, now: float) -> Deletion | None:
    """A deletion that is due."""
    row = db.execute(
        """SELECT seq, account, field, value FROM deletion
        WHERE finished IS NULL AND due <= ? ORDER BY seq LIMIT 1""",
        (now,),
    ).fetchone()
    return Deletion(*row) if row else None


def finish(db: Db, seq: int, now: float) -> None:
    """Marks a deletion as done."""
    db.execute("UPDATE deletion SET finished = ?, value = '' WHERE seq = ?", (now, seq))


def counts(db: Db) -> dict[str, int]:
    """How many wait and how many are done."""
    row = db.execute("SELECT COUNT(*), COUNT(finished) FROM deletion").fetchone()
    return {"waiting": row[0] - row[1], "done": row[1]}
