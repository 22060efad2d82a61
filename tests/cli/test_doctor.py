"""segferry doctor: what is in order, what isn't, and what to do about it."""

from dataclasses import replace
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.cli.doctor import examine
from core.runs.engine.sqlite import Versions
from core.settings import Settings
from tests.cli.conftest import Command


def checks(segferry: Command) -> dict[str, tuple[bool, str]]:
    """What was found, by name."""
    told = segferry("doctor", "--json").data
    assert set(told) == {"ok", "checks"}
    assert told["ok"] == all(check["ok"] for check in told["checks"])
    return {check["name"]: (check["ok"], check["detail"]) for check in told["checks"]}


def test_everything_is_in_order(newsletter: Command):
    left = newsletter("doctor")
    assert left.status == 0
    assert "PROBLEM" not in left.out
    found = checks(newsletter)
    assert set(found) >= {"data folder", "disk", "database and key", "connection “Klaviyo”"}
    assert found["source “Profiles”"] == (True, "12 rows")


def test_a_fresh_data_folder_is_in_order(segferry: Command):
    assert segferry("doctor").status == 0


def test_a_damaged_ledger_is_named_and_one_of_another_polars_is_counted(
    newsletter: Command, settings: Settings
):
    newsletter("run", "Newsletter")
    assert checks(newsletter)["ledgers"] == (True, "1 can be read")
    (path,) = settings.home.glob("ledger/*/*.parquet")
    rows = pl.read_parquet(path).drop("by_polars")
    rows.write_parquet(path, metadata={"hashed_by": "0.1"})
    assert checks(newsletter)["ledgers"][1].startswith(f"{rows.height} people are sent once more")
    path.write_bytes(b"PAR1 damaged")
    well, detail = checks(newsletter)["ledgers"]
    assert not well
    assert str(path) in detail


def test_a_key_that_klaviyo_refuses_is_a_problem(newsletter: Command, klaviyo: str):
    fault = {"kind": "status", "endpoint": "GET /api/accounts", "status": 401}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    left = newsletter("doctor")
    assert left.status == 1
    assert "PROBLEM" in left.out
    assert "key" in left.out


def test_a_source_that_has_gone_is_a_problem(newsletter: Command, profiles: Path):
    profiles.unlink()
    well, detail = checks(newsletter)["source “Profiles”"]
    assert not well
    assert str(profiles) in detail


def test_a_key_that_is_not_the_one_of_the_secrets_is_a_problem(
    newsletter: Command, settings: Settings
):
    (settings.home / "secret.key").unlink()
    well, detail = checks(newsletter)["connection “Klaviyo”"]
    assert not well
    assert "SEGFERRY_SECRET_KEY" in detail


def test_a_data_folder_that_can_not_be_written_is_a_problem(
    segferry: Command, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    file = settings.home.parent / "a file"
    file.write_text("")
    monkeypatch.setenv("SEGFERRY_HOME", str(file / "below"))
    left = segferry("doctor", "--json")
    assert left.status == 1
    found = {check["name"]: check["ok"] for check in left.data["checks"]}
    assert not found["data folder"]
    assert not found["database and key"]


def test_a_revision_that_klaviyo_retires_soon_is_a_problem(
    segferry: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SEGFERRY_KLAVIYO_REVISION", "2024-10-15")
    well, detail = checks(segferry)["revision of Klaviyo's API"]
    assert not well
    assert "2024-10-15" in detail


def test_a_sqlite_with_which_no_run_starts_is_a_problem(settings: Settings):
    found = {one.name: one for one in examine(settings, Versions((3, 12), (3, 40, 1)))}
    assert not found["SQLite"].ok
    assert found["SQLite"].detail.startswith("SQLite 3.40.1 of this Python 3.12 is too old")


def test_sqlite_is_no_matter_where_postgresql_is_used(settings: Settings):
    other = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    assert "SQLite" not in {one.name for one in examine(other, Versions((3, 12), (3, 40, 1)))}


def test_ledgers_are_looked_at_where_several_machines_share_them(tmp_path: Path):
    shared = tmp_path / "shared"
    damaged = shared / "ledger" / "klaviyo_A" / "L1.parquet"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("no ledger")
    url = "postgresql://nobody@127.0.0.1:1/none"
    given = Settings(home=tmp_path / "data", shared_files=str(shared), database_url=url)
    found = {one.name: one for one in examine(given)}
    assert not found["ledgers"].ok
    assert str(damaged) in found["ledgers"].detail
