"""A database and the folder of its files are told apart from those of other installations."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Invalid, StorageFailed
from core.settings import Settings
from core.store import Store, open_store
from core.store.belonging import MARK
from core.store.tables.runs import Run
from core.store.tables.schedules import Preference


def number(store: Store) -> str:
    with store.begin() as session:
        row = session.get(Preference, MARK)
        assert row
        return str(row.value["id"])


def opened(settings: Settings) -> str:
    store = open_store(settings)
    try:
        return number(store)
    finally:
        store.close()


@pytest.fixture
def has_run(store: Store) -> Store:
    with store.begin() as session:
        session.add(
            Run(export="A", account="", list_id="a", trigger="cli", by="Ada", order_data={})
        )
    return store


def test_a_new_installation_has_one_number_in_its_database_and_in_its_folder(store: Store):
    assert (store.settings.files / MARK).read_text() == number(store)


def test_a_database_with_runs_is_refused_in_a_folder_without_their_ledgers(
    has_run: Store, tmp_path: Path
):
    elsewhere = replace(has_run.settings, home=tmp_path / "elsewhere")
    elsewhere.home.mkdir()
    has_run.close()
    shutil.copy(has_run.settings.home / "segferry.sqlite", elsewhere.home)
    with pytest.raises(StorageFailed, match="everybody would be sent again") as refused:
        open_store(elsewhere)
    assert str(elsewhere.home) in str(refused.value)
    assert not (elsewhere.home / MARK).exists()


def test_a_folder_that_moves_with_its_database_stays_what_it_was(has_run: Store, tmp_path: Path):
    before = number(has_run)
    has_run.close()
    moved = shutil.copytree(has_run.settings.home, tmp_path / "moved")
    assert opened(replace(has_run.settings, home=moved)) == before


def test_a_database_without_runs_takes_the_number_of_the_folder(store: Store, tmp_path: Path):
    store.close()
    (store.settings.files / MARK).write_text("a" * 32)
    assert opened(store.settings) == "a" * 32


def test_what_a_version_before_this_one_made_is_given_a_number(has_run: Store):
    with has_run.begin() as session:
        session.delete(session.get(Preference, MARK))
    (has_run.settings.files / MARK).unlink()
    has_run.close()
    given = opened(has_run.settings)
    assert (has_run.settings.files / MARK).read_text() == given


def test_files_of_several_machines_lie_in_their_own_folder(tmp_path: Path):
    shared = tmp_path / "shared"
    url = "postgresql://host/database"
    settings = Settings(home=tmp_path / "data", shared_files=str(shared), database_url=url)
    assert {settings.runs.parent, settings.ledgers.parent, settings.uploads.parent} == {shared}
    assert settings.cache.parent == settings.home
    with pytest.raises(Invalid, match="set SEGFERRY_DATABASE_URL as well"):
        replace(settings, database_url="")
