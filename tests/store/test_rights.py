"""The data folder is closed to other users of the machine, however it was made."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from core.cli.doctor import examine
from core.runs.engine.host import Host
from core.server.server import Server
from core.settings import Settings
from core.store import open_store, rights


@pytest.fixture(autouse=True)
def _open_handed() -> Iterator[None]:
    """Started where everything that is made is for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder.parent).as_posix(): oct(S_IMODE(path.lstat().st_mode))
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink()
    }


def is_closed(folder: Path) -> bool:
    return {mode[-2:] for mode in modes(folder).values()} == {"00"}


def test_what_is_made_is_for_its_owner_whatever_the_umask(settings: Settings):
    store = open_store(settings)
    with Host(store):
        (settings.home / "runs" / "1").mkdir(parents=True)
        (settings.home / "runs" / "1" / "plan.json").write_text("{}")
    store.close()
    assert is_closed(settings.home), modes(settings.home)


def test_a_folder_that_was_there_with_loose_rights_is_closed_as_it_is_opened(settings: Settings):
    settings.home.mkdir(mode=0o777)
    open_store(settings).close()
    assert modes(settings.home)["data"] == "0o700"


@pytest.fixture
def loose(settings: Settings) -> Path:
    """What an earlier version left: profiles that everybody may read."""
    folder = settings.home / "runs" / "1"
    folder.mkdir(parents=True)
    (folder / "00001.parquet").write_text("ilze@example.lv")
    (settings.home / "segferry.sqlite").touch()
    return folder


def test_doctor_closes_what_is_open(settings: Settings, loose: Path):
    found = {one.name: one for one in examine(settings)}["file permissions"]
    assert found.ok
    assert "were open to others" in found.detail
    assert is_closed(settings.home), modes(settings.home)
    found = {one.name: one for one in examine(settings)}["file permissions"]
    assert (found.ok, found.detail) == (True, "closed to others on this machine")


def test_the_server_closes_what_is_open_and_says_so(settings: Settings, loose: Path):
    lines: list[str] = []
    store = open_store(settings)
    with Server.open(store, lines.append):
        assert is_closed(loose.parent)
    store.close()
    assert any("open to others are now closed" in line for line in lines)


def test_other_things_of_the_folders_owner_and_what_links_lead_to_stay_as_they_are(
    settings: Settings, loose: Path, tmp_path: Path
):
    outside, beside = tmp_path / "outside.csv", settings.home / "holiday.jpg"
    outside.touch()
    beside.touch()
    (loose / "link").symlink_to(outside)
    rights.mend(settings)
    assert [oct(S_IMODE(path.stat().st_mode)) for path in (outside, beside)] == ["0o666"] * 2


def test_a_data_folder_behind_a_link_is_closed_too(settings: Settings, tmp_path: Path):
    (tmp_path / "disk").mkdir(mode=0o777)
    settings.home.symlink_to(tmp_path / "disk")
    open_store(settings).close()
    assert modes(tmp_path / "disk")["disk"] == "0o700"
    assert rights.mend(settings)[1] == []


@pytest.mark.skipif(not Path("/proc/1").exists(), reason="every folder here may be closed")
def test_what_may_not_be_closed_is_named():
    """A folder of somebody else's, even where root asks."""
    place = Path("/proc/1")
    assert rights.mend(Settings(home=place)) == (0, [place])
