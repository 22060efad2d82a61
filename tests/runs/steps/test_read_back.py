"""How a list has changed since the export's last run, other than by the runs themselves."""

from typing import Any

import httpx
import polars as pl
import pytest

from core.configuration.export import Mode
from core.store import Store, exports, runs
from core.store.tables.runs import Run
from tests.conftest import ADA, applied, people, second_export, written
from tests.runs.carried import carried, ran
from tests.runs.conftest import arrived, somebody_imports, somebody_takes_off


@pytest.fixture
def fifty(store: Store, klaviyo: str, tmp_path) -> Run:
    """Fifty people, sent once; “Second” would send them to the same list."""
    people(50).write_parquet(tmp_path / "many.parquet")
    more = second_export()
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, more))
    return ran(store)


def drift(run: Run) -> dict[str, Any]:
    assert run.read_back
    assert run.read_back.drift
    return run.read_back.drift.as_data()


def not_compared(run: Run) -> bool:
    """Whether the list wasn't compared with what it was after another run."""
    return "drift" not in (run.read_back_data or {})


def looked_for(klaviyo: str) -> int:
    """How often people were looked for on the list."""
    return asked_for(klaviyo, "/profiles", "filter=")


def counted(klaviyo: str) -> int:
    """How often its size was asked for."""
    return asked_for(klaviyo, "", "profile_count")


def asked_for(klaviyo: str, path: str, query: str) -> int:
    found = httpx.get(f"{klaviyo}/sandbox/requests").json()["recent"]
    wanted = f"/api/lists/Y6nRLr{path}"
    return sum(one["path"] == wanted and query in one["query"] for one in found)


def changed(store: Store, **values: object) -> None:
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        exports.change(session, ADA, row, exports.spec(session, row).model_copy(update=values))


def test_the_first_run_has_nothing_to_compare_with(fifty: Run):
    assert not_compared(fifty)


def test_what_others_did_to_the_list_since_the_last_run_is_told(
    store: Store, klaviyo: str, tmp_path, fifty: Run
):
    somebody_imports(klaviyo, 31)
    somebody_takes_off(klaviyo, "p7@example.com", "p8@example.com")
    people(50).with_columns(
        first_name=pl.when(pl.col("spent") == 100).then(pl.lit("Changed")).otherwise("first_name")
    ).write_parquet(tmp_path / "many.parquet")
    second = ran(store)
    assert drift(second) == {
        "since": fifty.id,
        "grown": 29,
        "other_runs": False,
        "late": False,
        "double_opt_in": False,
        "asked": 49,
        "gone": 2,
        "people": ["p7@example.com", "p8@example.com"],
    }
    assert arrived(second).on_list == 1
    assert drift(ran(store))["since"] == second.id


def test_where_nothing_was_sent_the_list_is_counted_once_and_the_next_run_compares_with_it(
    store: Store, klaviyo: str, fifty: Run
):
    somebody_takes_off(klaviyo, "p7@example.com")
    httpx.delete(f"{klaviyo}/sandbox/requests")
    second = ran(store)
    assert (second.sent, drift(second)["grown"], drift(second)["gone"]) == (0, -1, 1)
    assert counted(klaviyo) == 1
    somebody_imports(klaviyo, 2)
    third = ran(store)
    assert (drift(third)["since"], drift(third)["grown"]) == (second.id, 2)


def test_of_many_people_two_requests_look_for_a_sample(store: Store, klaviyo: str, tmp_path):
    people(250).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    ran(store)
    httpx.delete(f"{klaviyo}/sandbox/requests")
    assert drift(ran(store))["asked"] == 200
    assert looked_for(klaviyo) == 2


def test_another_export_of_ours_is_not_taken_for_another_way(store: Store, fifty: Run):
    ran(store, "Second")
    found = drift(ran(store))
    assert (found["since"], found["grown"], found["other_runs"]) == (fifty.id, 0, True)
    assert not drift(ran(store))["other_runs"]


def test_people_who_were_missing_may_have_joined_late(store: Store, fifty: Run):
    changed(store, list_id="DbL0pt")  # they join it once they confirm
    first = ran(store)
    second = ran(store)
    assert not_compared(first)
    found = drift(second)
    assert (found["asked"], found["gone"]) == (50, 50)
    assert (found["late"], found["double_opt_in"]) == (True, True)
    assert len(found["people"]) == 20


def test_who_was_sent_again_was_not_unchanged(store: Store, fifty: Run):
    assert drift(ran(store, send_all=True))["asked"] == 0


def test_of_a_split_the_size_before_its_first_part_is_compared(
    store: Store, klaviyo: str, tmp_path, fifty: Run
):
    somebody_imports(klaviyo, 3)
    people(55).write_parquet(tmp_path / "many.parquet")
    changed(store, limit=30, over_limit="split")
    first = ran(store)
    with store.begin() as session:
        parts = runs.siblings(session, first)
    last = carried(store, parts[-1])
    told = arrived(last)
    assert (last.part, told.before, told.after) == (2, 53, 58)
    found = drift(last)
    assert (found["since"], found["grown"], found["asked"]) == (fifty.id, 3, 50)
    assert not_compared(first)


def test_an_export_that_touches_no_list_asks_nothing(store: Store, klaviyo: str, fifty: Run):
    changed(store, mode=Mode.update)
    ran(store)
    httpx.delete(f"{klaviyo}/sandbox/requests")
    again = ran(store)
    assert again.unchanged == 50
    assert not_compared(again)
    assert looked_for(klaviyo) == 0
