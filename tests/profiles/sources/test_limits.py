"""What a source may cost is bounded: rows, what packed files hold, disk for converted copies."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from core.errors import SourceFailed, StorageFailed
from core.profiles.sources import Reading, open_source
from core.profiles.sources.limits import Limits

LINES = "email,city\n" + "".join(f"p{n}@example.com,Riga\n" for n in range(5))
MUCH = b"email,city\n" + b"p@example.com,Riga\n" * 70_000  # 1.3 MB, packed 3 KB


def parquet(path: Path) -> Path:
    pl.read_csv(LINES.encode()).write_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def delimited(path: Path) -> Path:
    path.with_suffix(".csv").write_text(LINES)
    return path.with_suffix(".csv")


def lines_of_json(path: Path) -> Path:
    pl.read_csv(LINES.encode()).write_ndjson(path.with_suffix(".ndjson"))
    return path.with_suffix(".ndjson")


def gzipped(path: Path) -> Path:
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(MUCH))
    return path.with_suffix(".csv.gz")


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", MUCH)
    return path.with_suffix(".zip")


def packed_parquet(path: Path) -> Path:
    path.with_suffix(".parquet.gz").write_bytes(gzip.compress(b"PAR1" + bytes(2 << 20) + b"PAR1"))
    return path.with_suffix(".parquet.gz")


@pytest.mark.parametrize("made", [parquet, delimited, lines_of_json])
def test_a_source_with_more_rows_than_allowed_is_refused_with_both_numbers(
    tmp_path: Path, made: Callable[[Path], Path]
):
    path = made(tmp_path / "people")
    reading = Reading("People", "file", path, limits=Limits(rows=5))
    assert open_source(reading, tmp_path / "cache").scan()
    few = Reading("People", "file", path, limits=Limits(rows=4))
    with pytest.raises(SourceFailed, match=r"“People”.*5 rows; at most 4.*SEGFERRY_MAX_ROWS"):
        open_source(few, tmp_path / "cache")


@pytest.mark.parametrize("made", [parquet, delimited, lines_of_json])
def test_a_source_with_more_columns_than_allowed_is_refused_with_both_numbers(
    tmp_path: Path, made: Callable[[Path], Path]
):
    path = made(tmp_path / "people")
    assert open_source(Reading("P", "file", path, limits=Limits(columns=2)), tmp_path / "cache")
    few = Reading("P", "file", path, limits=Limits(columns=1))
    with pytest.raises(SourceFailed, match=r"2 columns; at most 1.*SEGFERRY_MAX_COLUMNS"):
        open_source(few, tmp_path / "other")


def test_the_text_that_is_kept_beside_decimals_is_no_column(tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text("email,a,b,c\np@example.com,0.50,1.25,2.75\nq@example.com,1.50,2.25,3.75\n")
    reading = Reading("People", "file", path, limits=Limits(columns=4))
    assert len(open_source(reading, tmp_path / "cache").schema()) == 4
    few = Reading("People", "file", path, limits=Limits(columns=3))
    with pytest.raises(SourceFailed, match=r"“People”.* 4 columns; at most 3"):
        open_source(few, tmp_path / "cache")
    with pytest.raises(SourceFailed, match=r"people\.csv has 4 columns; at most 3"):
        open_source(few, tmp_path / "other")


@pytest.mark.parametrize("made", [gzipped, zipped, packed_parquet])
def test_a_packed_file_that_holds_more_than_allowed_leaves_nothing_behind(
    tmp_path: Path, made: Callable[[Path], Path]
):
    reading = Reading("People", "file", made(tmp_path / "people"), limits=Limits(unpacked=1))
    with pytest.raises(SourceFailed, match=r"people\..*more than 1 MB.*SEGFERRY_MAX_UNPACKED"):
        open_source(reading, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_copies_of_all_sources_together_are_bounded_each_counted_once(tmp_path: Path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "another-one.parquet").write_bytes(bytes(1 << 20))
    path = delimited(tmp_path / "people")
    with pytest.raises(StorageFailed, match=r"people\.csv.* take 1 MB.*SEGFERRY_MAX_COPIES"):
        open_source(Reading("People", "file", path, limits=Limits(copies=1)), cache)
    for _again in range(2):
        path.write_text(LINES + f"new{_again}@example.com,Riga\n")
        open_source(Reading("People", "file", path, limits=Limits(copies=2)), cache)
    assert len(list(cache.glob("*.parquet"))) == 2
