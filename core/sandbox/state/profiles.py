"""SQL for profiles: found by their identifiers, read in pages, written many at a time."""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.sandbox.jsonapi import ENCODER
from core.sandbox.paging import Page, Wanted
from core.sandbox.state import Db

PREFIX = "01KSANDB0X"
ID = re.compile(rf"{PREFIX}([0-7][0-9A-F]{{15}})")
COLUMNS = "p.n, p.account, p.email, p.phone, p.external_id, p.created, p.updated, p.body, p.consent"
FIELDS = {
    "id": "p.n",
    "email": "p.email",
    "phone_number": "p.phone",
    "external_id": "p.external_id",
}
SORTS = ("id", "created", "email")


@dataclass(slots=True)
class Profile:
    """A person; `body` holds what identifies nobody, consent is None when never asked."""

    n: int
    account: str
    email: str | None
    phone: str | None
    external_id: str | None
    created: float
    updated: float
    body: dict[str, Any]
    consent: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        """The id that Klaviyo would have made: 26 characters."""
        return f"{PREFIX}{self.n:016X}"


def number_of(id: Any) -> int | None:
    """The number behind a profile's id; None if it can't be one."""
    match = ID.fullmatch(id) if isinstance(id, str) else None
    return int(match[1], 16) if match else None


def get(db: Db, account: str, n: int | None) -> Profile | None:
    """One profile of the account."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM profile p WHERE n = ? AND account = ?",  # noqa: S608
        (n, account),
    ).fetchone()
    return _profile(row) if row else None


def get_any(db: Db, n: int | None) -> Profile | None:
    """One profile of whichever account, for the page."""
    row = db.execute(f"SELECT {COLUMNS} FROM profile p WHERE n = ?", (n,)).fetchone()  # noqa: S608
    return _profile(row) if row else None


def identified(
    db: Db, account: str, *, field: str, values: Iterable[str | int | None]
) -> list[Profile]:
    """The profiles whose identifier (email, phone_number, external_id, id) is one of the values."""
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM profile p WHERE p.account = ?
        AND {FIELDS[field]} IN (SELECT value FROM json_each(?))""",  # noqa: S608
        (account, json.dumps([value for value in values if value is not None])),
    )
    return [_profile(row) for row in rows]


def some(
    db: Db, account: str, wanted: Wanted | None, sort: str, page: Page
) -> tuple[list[Profile], str | None]:
    """One page of the account's profiles, and the key of its last row if there are more."""
    column = "email" if sort.endswith("email") else "n"
    step, order = ("<", "DESC") if page.descending else (">", "ASC")
    after = page.after if column == "email" else page.number
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM profile p WHERE p.account = :account {_condition(wanted)}
        AND p.{column} IS NOT NULL AND (:after IS NULL OR p.{column} {step} :after)
        ORDER BY p.{column} {order} LIMIT :size + 1""",  # noqa: S608
        {
            "account": account,
            "values": _values(wanted),
            "after": after,
            "size": page.size,
        },
    ).fetchall()
    found = [_profile(row) for row in rows[: page.size]]
    return found, str(getattr(found[-1], column)) if len(rows) > page.size else None


def members(
    db: Db, list_id: str, wanted: Wanted | None, page: Page
) -> tuple[list[tuple[Profile, float]], str | None]:
    """One page of a list's members with the time they joined, in the order of joining."""
    step, order = ("<", "DESC") if page.descending else (">", "ASC")
    rows = db.execute(
        f"""SELECT {COLUMNS}, m.joined, m.seq FROM member m JOIN profile p ON p.n = m.n
        WHERE m.list = :list {_condition(wanted)} AND (:after IS NULL OR m.seq {step} :after)
        ORDER BY m.seq {order} LIMIT :size + 1""",  # noqa: S608
        {
            "list": list_id,
            "values": _values(wanted),
            "after": page.number,
            "size": page.size,
        },
    ).fetchall()
    found = [(_profile(row), row["joined"]) for row in rows[: page.size]]
    return found, str(rows[page.size - 1]["seq"]) if len(rows) > page.size else None


def last_number(db: Db) -> int:
    """The highest number ever given to a profile."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'profile'").fetchone()
    return int(row["seq"]) if row else 0


def write(db: Db, profiles: Iterable[Profile]) -> None:
    """Stores new and changed profiles."""
    db.executemany(
        """INSERT INTO profile VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(n) DO UPDATE SET
        email = excluded.email, phone = excluded.phone, external_id = excluded.external_id,
        updated = excluded.updated, body = excluded.body""",
        [
            (p.n, p.account, p.email, p.phone, p.external_id, p.created, p.updated,
             _json(p.body), _json(p.consent))
            for p in profiles
        ],
    )  # fmt: skip


def count(db: Db) -> int:
    """How many profiles there are, of all accounts."""
    number: int = db.execute("SELECT COUNT(*) FROM profile").fetchone()[0]
    return number


def active(db: Db, account: str) -> int:
    """How many have an email and are neither unsubscribed nor suppressed, which are billed."""
    number: int = db.execute(
        """SELECT COUNT(*) FROM profile WHERE account = ? AND email IS NOT NULL
        AND coalesce(consent ->> 'suppression', '') = ''
        AND coalesce(consent ->> 'consent', '') <> 'UNSUBSCRIBED'""",
        (account,),
    ).fetchone()[0]
    return number


def remove(db: Db, numbers: Sequence[int]) -> None:
    """Deletes profiles and takes them off every list."""
    rows = [(n,) for n in numbers]
    db.executemany("DELETE FROM member WHERE n = ?", rows)
    db.executemany("DELETE FROM profile WHERE n = ?", rows)


def _condition(wanted: Wanted | None) -> str:
    if wanted is None:
        return ""
    return f"AND {FIELDS[wanted.field]} IN (SELECT value FROM json_each(:values))"  # noqa: S608


def _values(wanted: Wanted | None) -> str | None:
    if wanted is None:
        return None
    if wanted.field == "id":
        return json.dumps([number_of(value) for value in wanted.values])
    fold = wanted.field == "email"
    return json.dumps([value.strip().lower() if fold else value for value in wanted.values])


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else ENCODER.encode(value)


def _profile(row: sqlite3.Row) -> Profile:
    n, account, email, phone, external_id, created, updated, body, consent = tuple(row)[:9]
    return Profile(
        n, account, email, phone, external_id, created, updated,
        body=json.loads(body), consent=json.loads(consent) if consent else None,
    )  # fmt: skip
