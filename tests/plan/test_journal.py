"""What the journal of a list keeps of each run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.plan import journal, previous
from core.plan.ledger import SCHEMA, State
from core.plan.record import Delivered, recorded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EMPTY = pl.DataFrame(schema=SCHEMA)
PEOPLE = {"email": pl.String, "hash": pl.UInt64, "person": pl.UInt64}


def people(**hashes: int) -> pl.DataFrame:
    rows = [(f"{name}@example.com", hash, None) for name, hash in hashes.items()]
    return pl.DataFrame(rows, PEOPLE, orient="row")


def after(ledger: pl.DataFrame, run: int, accepted: pl.DataFrame, *left: str) -> pl.DataFrame:
    """The ledger after a run of export 1; its members are those whom it sends."""
    return recorded(
        ledger,
        Delivered(
            export_id=1,
            run_id=run,
            at=NOON + timedelta(days=run),
            accepted=accepted,
            refused=people(),
            members=accepted,
            whole=False,
            left=pl.DataFrame({"email": [f"{name}@example.com" for name in left]}),
        ),
    )


def kept(ledger: Path, run: int, before: pl.DataFrame, now: pl.DataFrame, *off: str) -> None:
    journal.keep(ledger, entry(run), before, now, pl.Series(off, dtype=pl.String))


def entry(run: int) -> journal.Entry:
    at = NOON + timedelta(days=run)
    return journal.Entry(run, at, at, at)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger" / "klaviyo_A" / "Y6nRLr.parquet"


def rows(ledger: Path, run: int) -> list[tuple[object, ...]]:
    found = journal.read(ledger, run, entry(run).created_at)
    assert found is not None
    return sorted(found.select("email", "here", "before", "hash", "after", "taken").iter_rows())


def test_it_keeps_who_joined_changed_and_left_and_nobody_else(ledger: Path):
    first = after(EMPTY, 1, people(ada=1, bob=2, cyd=3))
    second = after(first, 2, people(ada=7, dan=4), "bob")
    kept(ledger, 1, EMPTY, first)
    kept(ledger, 2, first, second, "bob@example.com")
    assert [row[0] for row in rows(ledger, 1)] == [
        f"{n}@example.com" for n in ("ada", "bob", "cyd")
    ]
    assert rows(ledger, 2) == [
        ("ada@example.com", True, State.sent, 1, State.sent, False),
        ("bob@example.com", True, State.sent, 2, State.left, True),
        ("dan@example.com", False, None, None, State.sent, False),
    ]


def test_kept_again_after_a_crash_it_says_what_was_before_the_first_time(ledger: Path):
    first = after(EMPTY, 1, people(ada=1))
    kept(ledger, 1, EMPTY, first)
    again = after(first, 1, people(ada=1, bob=2))
    kept(ledger, 1, first, again)
    wanted = [(f"{n}@example.com", False, None, None, State.sent, False) for n in ("ada", "bob")]
    assert rows(ledger, 1) == wanted


def test_a_run_that_changed_nobody_leaves_no_file(ledger: Path):
    first = after(EMPTY, 1, people(ada=1))
    kept(ledger, 2, first, first)
    assert journal.read(ledger, 2, entry(2).created_at) is None
    assert journal.entries(ledger) == []


def test_another_run_with_the_same_number_is_not_taken_for_it(ledger: Path):
    kept(ledger, 1, EMPTY, after(EMPTY, 1, people(ada=1)))
    assert journal.read(ledger, 1, NOON) is None


def test_runs_come_in_the_order_in_which_they_were_recorded(ledger: Path):
    first = after(EMPTY, 9, people(ada=1))
    late = journal.Entry(9, NOON, NOON, NOON + timedelta(days=30))
    journal.keep(ledger, late, EMPTY, first, pl.Series(dtype=pl.String))
    kept(ledger, 10, first, after(first, 10, people(bob=1)))
    assert [one.run_id for one in journal.entries(ledger)] == [10, 9]
    both = journal.of_runs(ledger, journal.entries(ledger))
    assert both.select("email", "run").rows() == [("bob@example.com", 10), ("ada@example.com", 9)]


def test_what_is_old_is_removed_with_the_values_that_it_replaced(ledger: Path, tmp_path: Path):
    first = after(EMPTY, 1, people(ada=1))
    second = after(first, 2, people(ada=2))
    kept(ledger, 1, EMPTY, first)
    kept(ledger, 2, first, second)
    body = pl.DataFrame([("ada@example.com", 1, "{}", None)], previous.SCHEMA, orient="row")
    other = body.with_columns(hash=pl.lit(2, pl.UInt64), body=pl.lit("{2}"))
    previous.keep(ledger, 1, 1, body)
    previous.keep(ledger, 1, 2, other)
    assert previous.of_run(ledger, 2)["body"].to_list() == ["{}"]
    assert len(journal.files(tmp_path / "ledger")) == 4
    assert journal.remove_old(tmp_path / "ledger", entry(2).at) == 1
    assert [one.run_id for one in journal.entries(ledger)] == [2]
    journal.remove_runs(tmp_path / "ledger", {2})
    assert (journal.entries(ledger), previous.size(ledger, 2)) == ([], 0)
    assert previous.size_of_last(ledger, 1) > 0


def test_a_journal_is_brought_under_other_numbers(ledger: Path, tmp_path: Path):
    first = after(EMPTY, 1, people(ada=1))
    kept(ledger, 1, EMPTY, first)
    kept(ledger, 2, first, after(first, 2, people(ada=2)))
    here = tmp_path / "here" / "Y6nRLr.parquet"
    journal.bring(ledger, here, {1: 11, 2: 12})
    assert [one.run_id for one in journal.entries(here)] == [11, 12]
    found = journal.read(here, 12, entry(2).created_at)
    assert found is not None
    assert found["sent_by"].to_list() == [11]
