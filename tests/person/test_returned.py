"""Who was erased and is back by a backup is noticed, and erased again in one step."""

import json
import logging
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli.doctor import _checked_erased, doctor
from core.person import erasing
from core.plan import journal
from core.runs.keeping import prune, returned
from core.store import Store, preferences
from core.store.tables.runs import Run
from tests.conftest import ADA, people
from tests.person.conftest import ANNA, FORMER
from tests.runs.carried import carried
from tests.runs.conftest import asked, bring


@pytest.fixture
def backup(store: Store, story: list[Run], tmp_path: Path) -> Path:
    """Ledgers and files of runs as they were before somebody was erased."""
    folder = tmp_path / "backup"
    for name in ("ledger", "runs"):
        shutil.copytree(store.settings.home / name, folder / name)
    erasing.carry(store, erasing.begin(store, ADA, [ANNA, FORMER]).id)
    return folder


def put_back(backup: Path, home: Path, name: str) -> None:
    """With the times that the files had."""
    shutil.copytree(backup / name, home / name, dirs_exist_ok=True)
    for file in (home / name).rglob("*.parquet"):
        os.utime(file, (1_700_000_000, 1_700_000_000))


def test_who_is_still_in_the_source_is_not_back_by_a_later_run(
    store: Store, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, people(3))
    carried(store, asked(store))
    erasing.carry(store, erasing.begin(store, ADA, ["p1@example.com"]).id)
    bring(store, klaviyo, tmp_path, people(4))
    assert carried(store, asked(store)).rejected == {"erased": 1}
    assert returned.find(store) == returned.Returned()


def test_a_ledger_that_is_put_back_is_noticed_by_the_day_and_by_doctor(
    store: Store, backup: Path, caplog: pytest.LogCaptureFixture
):
    home, now = store.settings.home, store.clock()
    with store.begin() as session:
        preferences.note_pruned(session, now - timedelta(days=2))
    put_back(backup, home, "ledger")
    found = returned.find(store, now - timedelta(minutes=5))
    assert found.files
    assert found.emails == {ANNA, FORMER}
    assert ANNA not in repr(found)
    with caplog.at_level(logging.WARNING):
        assert prune.prune_daily(store, now)
    assert "segferry doctor --erase-again" in caplog.text
    assert ANNA not in caplog.text
    check = _checked_erased(store)
    assert (check.ok, "ledger/" in check.detail) == (False, True)
    assert returned.find(store, now + timedelta(hours=1)).files == ()  # written before that


def test_they_are_erased_again_in_one_step(store: Store, backup: Path):
    home = store.settings.home
    put_back(backup, home, "runs")
    put_back(backup, home, "ledger")
    assert any(journal.SUFFIX in str(file) for file in returned.find(store).files)
    again = erasing.again(store, ADA)
    assert again is not None
    assert again.finished_at
    assert returned.find(store).files == ()
    assert erasing.again(store, ADA) is None


def test_nothing_is_read_where_nobody_was_erased(store: Store, story: list[Run]):
    assert returned.find(store).files == ()


def test_doctor_does_it(store: Store, backup: Path, monkeypatch: pytest.MonkeyPatch):
    put_back(backup, store.settings.home, "ledger")
    monkeypatch.setenv("SEGFERRY_HOME", str(store.settings.home))
    said = CliRunner().invoke(doctor, ["--json", "--erase-again"], standalone_mode=False)
    checks = {one["name"]: one for one in json.loads(said.output)["checks"]}
    assert checks["erased people"]["ok"]
    assert returned.find(store).files == ()
