"""A matched column of another kind than in the last run holds a run; a stray cell doesn't."""

from pathlib import Path

import pytest

from core.store import Store, runs
from core.store.tables.runs import RunStatus
from tests.conftest import applied, written
from tests.runs.carried import ran


@pytest.fixture
def points(store: Store, klaviyo: str, tmp_path: Path) -> Path:
    """A file of forty people with points, whom the first run put on the list."""
    path = tmp_path / "points.csv"
    write(path, {})
    applied(store, written(tmp_path, path, klaviyo))
    assert ran(store).status == RunStatus.succeeded
    return path


def write(path: Path, others: dict[int, str]) -> None:
    """The file, with other points than usual for some people."""
    rows = [f"{n:04},p{n}@example.com,Name {n},LV,{others.get(n, n * 10)}" for n in range(40)]
    path.write_text("customer_id,email,first_name,country,spent\n" + "\n".join(rows) + "\n")


@pytest.mark.parametrize(("cell", "warnings"), [("n/a", {"odd_value": 1}), ("5.5", {})])
def test_one_cell_changes_nobody_else(store: Store, points: Path, cell: str, warnings: dict):
    write(points, {39: cell})
    run = ran(store)
    assert (run.status, run.sent, run.unchanged) == (RunStatus.succeeded, 1, 39)
    assert run.warnings == warnings
    write(points, {})
    assert (ran(store).sent, ran(store).unchanged) == (1, 40)


def test_another_kind_holds_the_run_with_the_cell_that_made_it_so(store: Store, points: Path):
    write(points, {n: f"tier {n}" for n in range(10, 40)})
    run = ran(store)
    assert run.status == RunStatus.held
    assert run.warnings == {"changed_column": 30}
    said = "The column “spent” had numbers in the last run and now has text"
    assert f"{said} (row 11, “spent”: “tier 10”). 40 profiles would get the new values." in run.hold
    with store.begin() as session:
        assert runs.find(session, run.id).asking == 40


def test_a_day_without_values_hides_no_change(store: Store, points: Path):
    write(points, dict.fromkeys(range(40), ""))
    assert ran(store).status == RunStatus.succeeded
    write(points, {n: f"tier {n}" for n in range(40)})
    assert "had numbers in the last run and now has text" in ran(store).hold
