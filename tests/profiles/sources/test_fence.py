"""The folders that sources made in the browser may read, and every way around that is closed."""

import os
from pathlib import Path

import pytest

from core.errors import SourceFailed
from core.profiles.sources import Reading, open_source
from core.profiles.sources.fence import Fence

ROWS = "email\nilze@example.lv\n"


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """The allowed folder, with one file; a file of others lies beside it."""
    folder = tmp_path / "allowed"
    (folder / "deep").mkdir(parents=True)
    (folder / "mine.csv").write_text(ROWS)
    (tmp_path / "others.csv").write_text(ROWS)
    (tmp_path / "allowed2").mkdir()
    (tmp_path / "allowed2" / "others.csv").write_text(ROWS)
    return folder


def read(path: str | Path, fence: Fence, cache: Path) -> list[Path]:
    source = open_source(Reading("S", "file", Path(path), fence=fence), cache)
    return list(getattr(source, "files", ()))


@pytest.mark.parametrize("path", ["mine.csv", "*.csv", ".", "deep/../mine.csv", "**/mine.csv"])
def test_what_lies_inside_is_read(inside: Path, tmp_path: Path, path: str):
    assert read(f"{inside}/{path}", Fence((inside,)), tmp_path / "c") == [inside / "mine.csv"]


@pytest.mark.parametrize(
    "path",
    [
        "../others.csv",
        "deep/../../others.csv",
        "../*.csv",
        "*/../../*.csv",
        "../allowed2/others.csv",
        "../nowhere.csv",
        "..",
        "/etc/passwd",
    ],
)
def test_what_lies_outside_is_refused_with_the_folder_whether_it_is_there_or_not(
    inside: Path, tmp_path: Path, path: str
):
    with pytest.raises(SourceFailed, match="outside the folders") as caught:
        read(os.path.join(inside, path), Fence((inside,)), tmp_path / "c")
    assert str(inside) in str(caught.value)
    assert "SEGFERRY_SOURCE_FOLDERS" in str(caught.value)


@pytest.mark.parametrize(
    "path", ["link.csv", "*.csv", "folder/others.csv", "folder", "*/*.csv", ""]
)
def test_a_link_leads_nowhere_else(inside: Path, tmp_path: Path, path: str):
    (inside / "link.csv").symlink_to(tmp_path / "others.csv")
    (inside / "folder").symlink_to(tmp_path / "allowed2")
    with pytest.raises(SourceFailed, match="outside the folders"):
        read(inside / path, Fence((inside,)), tmp_path / "c")


def test_a_link_that_stays_inside_is_read_as_what_it_leads_to(inside: Path, tmp_path: Path):
    (inside / "link.csv").symlink_to(inside / "mine.csv")
    assert read(inside / "link.csv", Fence((inside,)), tmp_path / "c") == [inside / "mine.csv"]


def test_an_allowed_folder_may_itself_be_a_link(inside: Path, tmp_path: Path):
    (tmp_path / "named").symlink_to(inside)
    fence = Fence((tmp_path / "named",))
    assert read(tmp_path / "named" / "mine.csv", fence, tmp_path / "c") == [inside / "mine.csv"]


def test_a_closed_folder_stays_closed_within_an_allowed_one(inside: Path, tmp_path: Path):
    fence = Fence((tmp_path, inside / "deep"), closed=(inside,))
    (inside / "deep" / "upload.csv").write_text(ROWS)
    assert read(inside / "deep" / "upload.csv", fence, tmp_path / "c")
    assert read(tmp_path / "others.csv", fence, tmp_path / "c")
    for path in (inside / "mine.csv", inside / "*.csv", tmp_path / "*" / "mine.csv"):
        with pytest.raises(SourceFailed, match="outside the folders"):
            read(path, fence, tmp_path / "c")


def test_a_path_that_no_system_takes_is_told(inside: Path, tmp_path: Path):
    with pytest.raises(SourceFailed, match="no path that can be opened"):
        read(f"{inside}/a\0.csv", Fence((inside,)), tmp_path / "c")


def test_a_link_to_itself_is_told(inside: Path, tmp_path: Path):
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    with pytest.raises(SourceFailed):
        read(inside / "loop.csv", Fence((inside,)), tmp_path / "c")
