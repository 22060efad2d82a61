"""SQL for lists, the flows they set off and who is on them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import choice
from string import ascii_letters, digits

from core.sandbox.paging import Page, Wanted
from core.sandbox.state import Db

ID_LETTERS = ascii_letters + digits
SORTS = ("id", "name", "created", "updated")


@dataclass(frozen=True, slots=True)
class List:
    """A list; times are seconds since 1970, opt_in is single_opt_in or double_opt_in."""

    id: str
    account: str
    name: str
    opt_in: str
    created: float
    updated: float


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that joining a list or segment sets off; status is live, draft or manual."""

    id: str
    list: str
    name: str
    status: str
    created: float


def fresh_id() -> str:
    """An id like Klaviyo's: six letters and digits."""
    return "".join(choice(ID_LETTERS) for _ in range(6))


def add(db: Db, lists: Iterable[List], flows: Iterable[Flow] = ()) -> None:
    """Stores new lists and flows."""
    rows = [(x.id, x.account, x.name, x.opt_in, x.created, x.updated) for x in lists]
    db.executemany("INSERT INTO list VALUES (?, ?, ?, ?, ?, ?)", rows)
    triggers = [(f.id, f.list, f.name, f.status, f.created) for f in flows]
    db.executemany("INSERT INTO flow VALUES (?, ?, ?, ?, ?)", triggers)


def get(db: Db, account: str, id: str) -> List | None:
    """One list of the account."""
    row = db.execute("SELECT * FROM list WHERE account = ? AND id = ?", (account, id)).fetchone()
    return List(*row) if row else None


def get_any(db: Db, id: str) -> List | None:
    """One list of whichever account."""
    row = db.execute("SELECT * FROM list WHERE id = ?", (id,)).fetchone()
    return List(*row) if row else None


def some(
    db: Db, account: str, wanted: Wanted | None, sort: str, page: Page
) -> tuple[list[List], str | None]:
    """One page of lists in the order of a field, and the key of its last row if there are more."""
    column = sort.removeprefix("-") or "created"
    field = wanted.field if wanted else "id"
    values = json.dumps(wanted.values) if wanted else None
    step, order = ("<", "DESC") if page.descending else (">", "ASC")
    rows = db.execute(
        f"""SELECT * FROM list WHERE account = :account
        AND (:values IS NULL OR {field} IN (SELECT value FROM json_each(:values)))
        AND (:after IS NULL OR ({column}, id) {step}
             (SELECT {column}, id FROM list WHERE id = :after))
        ORDER BY {column} {order}, id {order} LIMIT :size + 1""",  # noqa: S608
        {"account": account, "values": values, "after": page.after, "size": page.size},
    ).fetchall()
    found = [List(*row) for row in rows[: page.size]]
    return found, found[-1].id if len(rows) > page.size else None


def all_with_counts(db: Db) -> list[tuple[List, int]]:
    """Every list of every account with the number of its members, by account and name."""
    rows = db.execute(
        """SELECT *, (SELECT COUNT(*) FROM member WHERE list = list.id) AS members
        FROM list ORDER BY account DESC, created, id"""
    )
    return [(List(*row[:6]), row["members"]) for row in rows]


def none_yet(db: Db) -> bool:
    """Whether there is no list at all."""
    return db.execute("SELECT 1 FROM list LIMIT 1").fetchone() is None


def count(db: Db, id: str) -> int:
    """How many profiles are on the list."""
    number: int = db.execute("SELECT COUNT(*) FROM member WHERE list = ?", (id,)).fetchone()[0]
    return number


def flows_of(db: Db, lists: Sequence[str]) -> list[Flow]:
    """The flows that these lists or segments set off."""
    rows = db.execute(
        "SELECT * FROM flow WHERE list IN (SELECT value FROM json_each(?)) ORDER BY list, id",
        (json.dumps(lists),),
    )
    return [Flow(*row) for row in rows]


def join(db: Db, id: str, profiles: Iterable[int], now: float) -> None:
    """Puts profiles on the list; who is on it stays as he is."""
    db.executemany(
        "INSERT OR IGNORE INTO member(list, n, joined) VALUES (?, ?, ?)",
        [(id, n, now) for n in profiles],
    )


def leave(db: Db, id: str, profiles: Iterable[int]) -> None:
    """Takes profiles off the list."""
    db.executemany("DELETE FROM member WHERE list = ? AND n = ?", [(id, n) for n in profiles])


def delete(db: Db, id: str) -> None:
    """Deletes the list; profiles stay, and so do flows, which nobody sets off any more."""
    db.execute("DELETE FROM member WHERE list = ?", (id,))
    db.execute("DELETE FROM list WHERE id = ?", (id,))
