"""What a source may cost is bounded: rows, what packed files hold, disk for converted copies."""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from core.errors import SourceFailed, StorageFailed
from core.profiles.sources import Reading, open_source
from core.profiles.sources.limits import Limits
from tests.workbooks import workbook

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
    with pytest.raises(
        StorageFailed, match=r"people\.csv.* take 2 MB; at most 1 MB.*SEGFERRY_MAX_COPIES"
    ):
        open_source(Reading("People", "file", path, limits=Limits(copies=1)), cache)
    for _again in range(2):
        path.write_text(LINES + f"new{_again}@example.com,Riga\n")
        open_source(Reading("People", "file", path, limits=Limits(copies=2)), cache)
    assert len(list(cache.glob("*.parquet"))) == 2


BIG = "ā" * 600_000  # 1.2 MB


def of_csv(folder: Path) -> Path:
    path = folder / "people.csv"
    path.write_text(f"email,note\np@example.com,hi\nq@example.com,{BIG}\n")
    return path


def of_json(folder: Path) -> Path:
    path = folder / "people.ndjson"
    rows = [{"email": "p@example.com", "note": "hi"}, {"email": "q@example.com", "note": BIG}]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def of_excel(folder: Path) -> Path:
    path = folder / "people.xlsx"
    rows = [["email", "note"], ["p@example.com", "hi"], ["q@example.com", BIG]]
    path.write_bytes(workbook(People=rows))
    return path


def stored(folder: Path, values: pl.Series) -> Path:
    path = folder / "people.parquet"
    pl.DataFrame({"email": ["p@example.com", "q@example.com"], "note": values}).write_parquet(path)
    return path


def of_parquet(folder: Path) -> Path:
    return stored(folder, pl.Series(["hi", BIG]))


def of_lists(folder: Path) -> Path:
    return stored(folder, pl.Series([["hi"], ["ā" * 6] * 70_000]))


def of_objects(folder: Path) -> Path:
    return stored(folder, pl.Series([{"a": [{"b": text}]} for text in ("hi", BIG)]))


def of_numbers(folder: Path) -> Path:
    return stored(folder, pl.Series([[1], [7] * 150_000]))


def of_bytes(folder: Path) -> Path:
    return stored(folder, pl.Series([b"hi", BIG.encode()]))


@pytest.mark.parametrize(
    "made",
    [of_csv, of_json, of_excel, of_parquet, of_lists, of_objects, of_numbers, of_bytes],
)
def test_a_cell_that_is_larger_than_allowed_is_refused_with_its_place(
    tmp_path: Path, made: Callable[[Path], Path]
):
    path, cache = made(tmp_path), tmp_path / "cache"
    text = rf"{path}, row 2: “note” has 2 MB there; at most 1 MB are read.*SEGFERRY_MAX_CELL"
    with pytest.raises(SourceFailed, match=text):
        open_source(Reading("People", "file", path, limits=Limits(cell=1)), cache)
    assert not list(cache.glob("*"))
    assert open_source(Reading("People", "file", path, limits=Limits(cell=2)), cache).schema()


def test_lists_whose_footer_says_that_they_are_too_long_are_not_read(tmp_path: Path):
    path = tmp_path / "people.parquet"
    long = pl.select(email=pl.lit("p@example.com"), tags=pl.repeat(1, 300_000).implode())
    pl.concat([long, long]).write_parquet(path)
    assert path.stat().st_size < 5_000
    with pytest.raises(SourceFailed, match=r"a cell of “tags” has 3 MB; at most 2 MB are read"):
        open_source(Reading("People", "file", path, limits=Limits(cell=2)), tmp_path)


def test_a_large_cell_of_a_delimited_file_that_is_put_in_order_is_read(tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text(f'email,note\np@example.com,a "b" c\n\nq@example.com,{BIG}\n')
    reading = Reading("People", "file", path, limits=Limits(cell=2))
    assert open_source(reading, tmp_path / "cache").schema()
    path.write_text(f'email,note\np@example.com,a "b" c\n\nq@example.com,{BIG * 2}\n')
    with pytest.raises(SourceFailed, match=r"line 4: a cell has more than 1 MB.*SEGFERRY_MAX_CELL"):
        open_source(Reading("People", "file", path, limits=Limits(cell=1)), tmp_path / "cache")
