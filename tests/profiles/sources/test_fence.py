"""The folders that sources made in the browser may read, and every way around that is closed."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from core.errors import SourceFailed
from core.profiles.sources import Reading, open_source
from core.profiles.sources.failures import translated
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
    with pytest.raises(SourceFailed, match="not a path that can be opened"):
        read(f"{inside}/a\0.csv", Fence((inside,)), tmp_path / "c")


def test_a_link_to_itself_is_told(inside: Path, tmp_path: Path):
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    with pytest.raises(SourceFailed):
        read(inside / "loop.csv", Fence((inside,)), tmp_path / "c")


def put_link(file: Path, target: Path) -> Callable[[], object]:
    """Puts a link in the place of a file or folder, as who may write there can; how to undo it."""
    aside = file.with_name("aside")
    file.rename(aside)
    file.symlink_to(target)
    return lambda: (file.unlink(), aside.rename(file))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A folder outside with files named as those inside."""
    folder = tmp_path / "secret"
    folder.mkdir()
    (folder / "p.csv.gz").write_bytes(gzip.compress(b"email\nsecret@example.lv\n"))
    pl.DataFrame({"email": ["secret@example.lv"]}).write_parquet(folder / "p.parquet")
    return folder


@pytest.mark.parametrize("swapped", ["deep", "deep/p.csv.gz"])
@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("busy", [True, False])
def test_a_link_put_in_place_during_a_conversion_is_not_followed(
    inside: Path, tmp_path: Path, secret: Path, swapped: str, back: bool, busy: bool
):
    path, undo = inside / "deep" / "p.csv.gz", []
    path.write_bytes(gzip.compress(ROWS.encode()))
    os.utime(path, ns=(1, 1)), os.utime(secret / path.name, ns=(1, 1))
    target = secret / path.name if swapped.endswith("gz") else secret

    def report(_share: float, doing: str) -> None:
        if doing.startswith("Reading"):  # it is opened next
            undo.append(put_link(inside / swapped, target))
        elif doing == "Writing" and back:
            undo.pop()()
            if busy:  # so that the folder's times say nothing any more
                (inside / "deep" / "new.csv").write_text(ROWS)

    with pytest.raises(SourceFailed, match=r"outside the folders|was replaced|changed while"):
        open_source(Reading("S", "file", path, fence=Fence((inside,))), tmp_path / "c", report)
    assert undo == [] or not back
    assert not list((tmp_path / "c").glob("*.parquet"))


@pytest.mark.parametrize("swapped", ["deep", "deep/p.parquet"])
@pytest.mark.parametrize("back", [True, False])
def test_a_link_put_in_place_of_a_parquet_file_that_is_scanned_is_not_followed(
    inside: Path, tmp_path: Path, secret: Path, swapped: str, back: bool
):
    path = inside / "deep" / "p.parquet"
    pl.DataFrame({"email": ["ilze@example.lv"]}).write_parquet(path)
    source = open_source(Reading("S", "file", path, fence=Fence((inside,))), tmp_path / "c")
    frame, found = source.scan().to_native(), []

    def collected() -> None:
        with translated(source):
            undo = put_link(inside / swapped, secret / path.name if swapped != "deep" else secret)
            found.append(frame.collect()["email"].item())
            if back:
                undo()

    with pytest.raises(SourceFailed, match=r"outside the folders|was replaced|changed while"):
        collected()
    assert found == ["secret@example.lv"]  # so it was followed, and nobody gets it


@pytest.mark.parametrize("linked", ["_delta_log", f"_delta_log/{0:020}.json"])
def test_the_log_of_a_delta_table_is_not_read_through_a_link(
    inside: Path, tmp_path: Path, linked: str
):
    for folder, column in ((inside, "email"), (tmp_path / "secret", "secret")):
        pl.DataFrame({column: ["ilze@example.lv"]}).write_delta(str(folder / "table"))
    put_link(inside / "table" / linked, tmp_path / "secret" / "table" / linked)
    for file in (tmp_path / "secret" / "table").glob("*.parquet"):
        file.rename(inside / "table" / file.name)
    with pytest.raises(SourceFailed, match="outside the folders"):
        read(inside / "table", Fence((inside,)), tmp_path / "c")


def test_an_error_that_would_cite_from_another_file_is_replaced(inside: Path, tmp_path: Path):
    path, outside = inside / "p.csv.gz", tmp_path / "p.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))
    outside.write_bytes(gzip.compress(b"email\n\xff\xfesecret\x81\n" + b"\0" * 99))

    def report(_share: float, doing: str) -> None:
        if doing.startswith("Reading"):
            put_link(path, outside)
            raise SourceFailed("secret")

    with pytest.raises(SourceFailed, match="outside the folders"):
        open_source(Reading("S", "file", path, fence=Fence((inside,))), tmp_path / "c", report)


def test_files_that_are_added_beside_change_nothing(inside: Path, tmp_path: Path):
    path = inside / "deep" / "p.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))

    def report(share: float, _doing: str) -> None:
        (inside / "deep" / f"new{share}.csv").write_text(ROWS)

    source = open_source(Reading("S", "file", path, fence=Fence((inside,))), tmp_path / "c", report)
    with translated(source):
        assert len(source.scan().to_native().collect()) == 1
