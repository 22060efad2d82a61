"""What another sandbox holds, taken over by this one: its people, who is on its lists, its jobs."""

from pathlib import Path

from core.sandbox import start
from core.sandbox.state import State

FILE = "sandbox.db"
# Whoever is there already stays as they are, and joins the lists. Of jobs no payload is left.
TAKEN_OVER = (
    "INSERT OR IGNORE INTO list SELECT * FROM other.list",
    """INSERT OR IGNORE INTO profile(account, email, phone, external_id, created, updated, body,
        consent)
    SELECT account, email, phone, external_id, created, updated, body, consent
    FROM other.profile WHERE email IS NOT NULL ORDER BY n""",
    """INSERT OR IGNORE INTO member(list, n, joined)
    SELECT m.list, here.n, m.joined FROM other.member m JOIN other.profile there ON there.n = m.n
    JOIN profile here ON here.account = there.account AND here.email = there.email
    ORDER BY m.seq""",
    """INSERT OR IGNORE INTO job(id, account, list, fate, total, taken, failed, created, started,
        due, finished)
    SELECT id, account, list, fate, total, taken, failed, created, started, due, finished
    FROM other.job WHERE finished IS NOT NULL ORDER BY seq""",
    """INSERT INTO import_error(job, body) SELECT here.seq, e.body FROM other.import_error e
    JOIN other.job there ON there.seq = e.job JOIN job here ON here.id = there.id ORDER BY e.seq""",
)


def take_over(folder: Path, other: Path) -> None:
    """Everything that the sandbox of the folder `other` holds; it must be closed.

    The sandbox of `folder` may be running. Raises StorageFailed.
    """
    state = State(folder / FILE)
    try:
        with state.attached(other / FILE) as db:
            for statement in TAKEN_OVER:
                db.execute(statement)
    finally:
        state.close()


def clear(folder: Path, now: float) -> None:
    """Back to the lists and the few people that it begins with; `now` in seconds since 1970.

    The sandbox of the folder may be running. Raises StorageFailed.
    """
    state = State(folder / FILE)
    try:
        state.clear()
        with state.writing() as db:
            start.fill(db, now)
    finally:
        state.close()
