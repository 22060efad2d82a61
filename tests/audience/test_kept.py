"""What is kept for sources goes with them: uploads, arrivals and converted copies."""

import os
import time
from pathlib import Path

import pytest

from core.audience import kept, looks
from core.configuration.source import Source
from core.server.server import Server
from core.store import Store, sources
from tests.conftest import ADA

CSV = b"email;n\na@x.lv;1\n"


def upload(store: Store, name: str = "people.csv") -> Path:
    store.settings.uploads.mkdir(exist_ok=True)
    path = kept.place_for(store.settings, 7, name)
    path.write_bytes(CSV)
    return path


def save(store: Store, path: Path, name: str = "People") -> None:
    spec = Source(name=name, path=str(path))
    found = looks.look(store, ADA, spec)
    with store.begin() as session:
        sources.add(session, ADA, spec, found.schema)


def remove(store: Store, name: str = "People") -> None:
    with store.begin() as session:
        sources.remove(session, ADA, sources.find(session, name))


def age(*files: Path, seconds: float = kept.DAY + 60) -> None:
    for file in files:
        os.utime(file, (time.time() - seconds,) * 2)


def copies(store: Store) -> list[Path]:
    return list(store.settings.cache.glob("*.parquet"))


def test_a_removed_source_takes_its_upload_and_its_copy_with_it(store: Store):
    path, other = upload(store), upload(store, "other.csv")
    save(store, path)
    save(store, other, "Other")
    assert len(copies(store)) == 2
    remove(store)
    kept.drop(store, path, "People")
    assert list(store.settings.uploads.iterdir()) == [other]
    assert len(copies(store)) == 1


def test_nothing_goes_that_a_source_needs_and_nothing_that_is_no_upload(
    store: Store, tmp_path: Path
):
    path, outside = upload(store), tmp_path / "mine.csv"
    outside.write_bytes(CSV)
    by_hand = store.settings.uploads / "by hand.csv"
    by_hand.write_bytes(CSV)
    save(store, path)
    save(store, path, "Again")
    remove(store)
    for file in (path, outside, by_hand):
        kept.drop(store, file, "Again")
    assert len(copies(store)) == 2
    assert all(file.exists() for file in (path, outside, by_hand))


@pytest.mark.parametrize("named", ["{file}", "{folder}", "{folder}/*.csv", "{home}/**/*.csv"])
def test_a_sweep_leaves_what_a_source_names_however_it_does(store: Store, named: str):
    file = upload(store)
    folder, home = store.settings.uploads, store.settings.home
    save(store, Path(named.format(file=file, folder=folder, home=home)))
    age(file, *copies(store))
    kept.sweep(store)
    assert file.exists()
    assert len(copies(store)) == 1


def test_a_sweep_removes_what_nothing_has_named_for_a_day(store: Store):
    old, new = upload(store), upload(store)
    arrivals = kept.arrivals(store.settings, 7)
    arrivals.mkdir(parents=True)
    stale, draft, fresh = (arrivals / name for name in ("stale", "draft.part", "fresh"))
    for file in (stale, draft, fresh):
        file.write_bytes(CSV)
    looks.look(store, ADA, Source(name="Never saved", path=str(new)))
    by_hand = store.settings.uploads / "by hand.csv"
    by_hand.write_bytes(CSV)
    work = store.settings.cache / "0123456789abcdef-killed.work"
    work.mkdir()
    age(old, stale, draft, by_hand, work, *copies(store))
    kept.sweep(store)
    assert [file.exists() for file in (old, stale, draft, work)] == [False] * 4
    assert [file.exists() for file in (new, fresh, by_hand)] == [True] * 3
    assert copies(store) == []


def test_the_uploads_of_a_person_are_counted_those_that_arrive_included(store: Store):
    upload(store)
    arrivals = kept.arrivals(store.settings, 7)
    arrivals.mkdir(parents=True)
    (arrivals / "x.part").write_bytes(b"12345")
    assert kept.used(store.settings, 7) == (2, len(CSV) + 5)
    assert kept.used(store.settings, 8) == (0, 0)


def test_a_server_sweeps_at_its_start(store: Store):
    old = upload(store)
    age(old)
    with Server(store, lambda _line: None, has_pages=True):
        assert not old.exists()
