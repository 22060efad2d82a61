"""segferry undo and restore-list: the plan, the hold, its confirmation, the end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from core.parquet import read_parquet, replace_parquet
from core.settings import Settings
from core.store.preferences import REFRESH
from tests.cli.conftest import Command, Told, one_sentence
from tests.conftest import on_list, people, written
from tests.runs.conftest import members

pytestmark = pytest.mark.usefixtures("used")
ZONE = ZoneInfo(REFRESH.time_zone)  # of days, unless another is chosen
PREVIEWED = {
    *("export", "list_id", "segments", "members", "valid", "rejected", "duplicates", "warnings"),
    *("limit", "over_limit", "add", "update", "unchanged", "leave", "requests", "seconds"),
    *("sample", "left_alone", "left_alone_people", "cannot_undo"),
}


def ran(segferry: Command, folder: Path, url: str, frame: pl.DataFrame) -> Told:
    """A run of a mirror of these people."""
    frame.write_parquet(folder / "many.parquet")
    file = written(folder, folder / "many.parquet", url, "    mode: mirror")
    assert segferry("apply", file).status == 0
    return segferry("run", "Newsletter", "--json")


def yesterday(settings: Settings, run: int) -> str:
    """Makes the run one of the day before; that day."""
    before = datetime.now(UTC) - timedelta(days=1)
    (file,) = settings.home.glob(f"ledger/*/*.journal/{run}.parquet")
    rows, metadata = read_parquet(file)
    kept = {name: metadata[name] for name in ("created_at", "began", "hashed_by")}
    replace_parquet(file, rows, kept | {"at": before.isoformat()})
    return f"{before.astimezone(ZONE).date()}"


def test_a_run_is_shown_undone_held_confirmed_and_refused_a_second_time(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    run = ran(segferry, tmp_path, klaviyo, people(30)).data["run_id"]
    shown = segferry("undo", run, "--dry-run", "--json")
    assert (shown.status, shown.data["leave"], shown.data["left_alone"]) == (0, 30, {})
    assert set(shown.data) >= PREVIEWED
    assert "30  are taken off the list" in segferry("undo", run, "--dry-run").out
    assert on_list(klaviyo) == 30
    held = segferry("undo", run, "--json")
    assert (held.status, held.data["status"], on_list(klaviyo)) == (4, "held", 30)
    assert "Confirm 30 to run it anyway" in held.err
    done = segferry("undo", run, "--json", "--confirm", 30)
    assert (done.status, done.data["run_id"]) == (0, held.data["run_id"])
    numbers = (done.data["kind"], done.data["undo_of"], done.data["removed"])
    assert (numbers, on_list(klaviyo)) == (("undo", run, 30), 0)
    assert segferry("show", run, "--json").data["undone_by"] == held.data["run_id"]
    again = segferry("undo", run)
    assert again.status == 1
    assert one_sentence(again)
    assert f"was undone by run {held.data['run_id']}" in again.err
    assert segferry("preview", "Newsletter", "--json").data["add"] == 30


def test_a_list_goes_back_to_a_day_but_not_beyond_its_first(
    segferry: Command, settings: Settings, klaviyo: str, tmp_path: Path
):
    first = ran(segferry, tmp_path, klaviyo, people(20)).data["run_id"]
    day = yesterday(settings, first)
    ran(segferry, tmp_path, klaviyo, people(25)[3:])
    shown = segferry("restore-list", "Newsletter", "--day", day, "--dry-run", "--json").data
    assert (shown["leave"], shown["add"], shown["day"], shown["run"]) == (5, 3, day, None)
    done = segferry("restore-list", "Newsletter", "--day", day, "--json")
    numbers = (done.data["kind"], done.data["removed"], done.data["accepted"])
    assert (done.status, *numbers) == (0, "restore", 5, 3)
    assert members(klaviyo) == {f"p{n}@example.com" for n in range(1, 21)}
    assert segferry("preview", "Newsletter", "--json").data["leave"] == 3
    early = segferry("restore-list", "Newsletter", "--day", "2026-01-01")
    assert early.status == 2
    assert f"is known from {day} on" in early.err
    today = segferry("restore-list", "Newsletter", "--day", f"{datetime.now(ZONE).date()}")
    assert (today.status, "is not over yet" in today.err) == (2, True)
