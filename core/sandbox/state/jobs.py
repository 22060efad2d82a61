"""SQL for import jobs, their payloads and errors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import choice
from typing import Any

from core.sandbox.paging import Page, Wanted
from core.sandbox.state import Db

KEPT = 7 * 24 * 3600
"""Seconds for which a job and its errors can be asked for (Klaviyo documentation)."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STATUSES = ("cancelled", "complete", "processing", "queued")
STATUS = """CASE WHEN finished IS NOT NULL AND fate = 'cancelled' THEN 'cancelled'
    WHEN finished IS NOT NULL THEN 'complete' WHEN :now < started THEN 'queued'
    ELSE 'processing' END"""
COLUMNS = f"""seq, id, account, list, fate, total, taken, failed, created, started, due, finished,
    {STATUS} AS status"""


@dataclass(frozen=True, slots=True)
class Job:
    """An import; `taken` counts rows dealt with, `failed` those among them with an error.

    Times are seconds since 1970; `fate` is complete, stuck, cancelled, or “short 3”, complete
    without its last three rows: how it is meant to end.
    """

    seq: int
    id: str
    account: str
    list: str | None
    fate: str
    total: int
    taken: int
    failed: int
    created: float
    started: float
    due: float
    finished: float | None
    status: str

    @property
    def lost(self) -> int:
        """How many of its rows are never dealt with."""
        fate, _space, rows = self.fate.partition(" ")
        return min(self.total, int(rows)) if fate == "short" else 0


def fresh_id(now: float) -> str:
    """An opaque id of 26 characters, like 01GSQPBF74KQ5YTDEPP41T1BZH."""
    stamp = int(now * 1000)
    head = "".join(ALPHABET[stamp >> shift & 31] for shift in range(45, -1, -5))
    return head + "".join(choice(ALPHABET) for _ in range(16))


def add(
    db: Db, *, account: str, list: str | None, fate: str, total: int, body: bytes, now: float,
    delay: float,
) -> str:  # fmt: skip
    """Stores a job that is due after `delay` seconds and its payload; gives its id."""
    id = fresh_id(now)
    row = (id, account, list, fate, total, now, now + delay / 3, now + delay)
    seq = db.execute(
        """INSERT INTO job(id, account, list, fate, total, created, started, due)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        row,
    ).lastrowid
    db.execute("INSERT INTO payload VALUES (?, ?)", (seq, body))
    return id


def get(db: Db, account: str, id: str, now: float) -> Job | None:
    """One job of the account, until it expires."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM job WHERE account = :account AND id = :id AND created > :oldest",  # noqa: S608
        {"account": account, "id": id, "oldest": now - KEPT, "now": now},
    ).fetchone()
    return Job(*row) if row else None


def some(
    db: Db, account: str, wanted: Wanted | None, page: Page, now: float
) -> tuple[list[Job], str | None]:
    """One page of jobs, the oldest first, and the key of its last row if there are more."""
    step, order = ("<", "DESC") if page.descending else (">", "ASC")
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM job WHERE account = :account AND created > :oldest
        AND (:values IS NULL OR {STATUS} IN (SELECT value FROM json_each(:values)))
        AND (:after IS NULL OR seq {step} :after) ORDER BY seq {order} LIMIT :size + 1""",  # noqa: S608
        {
            "account": account,
            "oldest": now - KEPT,
            "now": now,
            "values": json.dumps(wanted.values) if wanted else None,
            "after": page.number,
            "size": page.size,
        },
    ).fetchall()
    found = [Job(*row) for row in rows[: page.size]]
    return found, str(found[-1].seq) if len(rows) > page.size else None


def errors(db: Db, job: int, page: Page) -> tuple[list[dict[str, Any]], str | None]:
    """One page of a job's import errors, and the key of its last row if there are more."""
    rows = db.execute(
        "SELECT seq, body FROM import_error WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?",
        (job, page.number or 0, page.size + 1),
    ).fetchall()
    found = [json.loads(row["body"]) for row in rows[: page.size]]
    return found, str(rows[page.size - 1]["seq"]) if len(rows) > page.size else None


def next_open(db: Db, now: float) -> Job | None:
    """The job that is due first, or has been for longest; stuck ones are never due."""
    row = db.execute(
        f"""SELECT {COLUMNS} FROM job WHERE finished IS NULL AND fate <> 'stuck'
        ORDER BY due, seq LIMIT 1""",  # noqa: S608
        {"now": now},
    ).fetchone()
    return Job(*row) if row else None


def rows_due(db: Db, now: float) -> int:
    """How many profiles of jobs that are due are not imported yet."""
    query = """SELECT COALESCE(SUM(total - taken), 0) FROM job
        WHERE finished IS NULL AND fate <> 'stuck' AND due <= ?"""
    rows: int = db.execute(query, (now,)).fetchone()[0]
    return rows


def is_open(db: Db, id: str) -> bool:
    """Whether the job is there and not finished."""
    row = db.execute("SELECT 1 FROM job WHERE id = ? AND finished IS NULL", (id,)).fetchone()
    return row is not None


def payload(db: Db, job: int) -> bytes | None:
    """The body of the request that made the job; None once it is finished."""
    row = db.execute("SELECT body FROM payload WHERE job = ?", (job,)).fetchone()
    return row["body"] if row else None


def advance(db: Db, job: int, taken: int, failed: int, problems: Sequence[dict[str, Any]]) -> None:
    """Records that so many more rows are dealt with, how many of them failed, and the errors."""
    db.executemany(
        "INSERT INTO import_error(job, body) VALUES (?, ?)",
        [(job, json.dumps(problem, ensure_ascii=False)) for problem in problems],
    )
    db.execute(
        "UPDATE job SET taken = taken + ?, failed = failed + ? WHERE seq = ?",
        (taken, failed, job),
    )


def finish(db: Db, job: int, now: float) -> None:
    """Ends a job; its payload is no longer kept."""
    db.execute("UPDATE job SET finished = ? WHERE seq = ?", (now, job))
    db.execute("DELETE FROM payload WHERE job = ?", (job,))


def counts(db: Db, now: float) -> dict[str, int]:
    """How many jobs there are in each status."""
    rows = db.execute(f"SELECT {STATUS}, COUNT(*) FROM job GROUP BY 1", {"now": now})  # noqa: S608
    return dict(rows.fetchall())
