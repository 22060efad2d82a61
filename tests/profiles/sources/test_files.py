"""Files, folders and globs; the cache; what goes wrong with files."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from polars.exceptions import ComputeError

from core.errors import Invalid, SourceFailed, StorageFailed, Unknown
from core.profiles.sources import ROW, Kind, Reading, open_source, state_of, translated
from core.profiles.sources.facts import facts
from core.profiles.sources.remarks import remarks_on
from core.profiles.sources.work import folder_for_work


def parquet(desk, name: str, **columns) -> None:
    pl.DataFrame(columns).write_parquet(desk.folder / name)


def test_an_unknown_type_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(Unknown, match="Did you mean “file”"):
        open_source(Reading("x", "files"), tmp_path)
    with pytest.raises(Invalid, match="no path"):
        open_source(Reading("x", "file"), tmp_path)


def test_a_folder_is_read_in_the_order_of_names_with_rows_numbered_through(desk):
    for name, n in (("b.csv", 2), ("a.csv", 1), ("c.csv", 3)):
        desk.write(name, f"n;s\n{n};x\n{n};y\n")
    desk.write("notes.md", "not a source")
    desk.write(".hidden.csv", "z\n1\n")
    frame = desk.rows("")
    assert frame["n"].to_list() == [1, 1, 2, 2, 3, 3]
    assert frame[ROW].to_list() == [1, 2, 3, 4, 5, 6]


def test_a_glob_of_parquet_files_is_one_source(desk):
    parquet(desk, "p2.parquet", a=[2], b=["y"])
    parquet(desk, "p1.parquet", a=[1], b=["x"])
    parquet(desk, "other.parquet", z=[9])
    assert desk.rows("p*.parquet").rows() == [(1, 1, "x"), (2, 2, "y")]


def test_a_file_whose_name_looks_like_a_glob_is_a_file(desk):
    parquet(desk, "p[1].parquet", a=[1])
    assert desk.rows("p[1].parquet").height == 1


def test_a_type_is_decided_over_all_files_of_a_folder(desk):
    desk.write("a.csv", "zip,n\n12345,x\n")
    desk.write("b.csv", "zip,n\n01234,x\n")
    assert desk.rows("")["zip"].to_list() == ["12345", "01234"]


def test_text_files_may_order_their_columns_differently(desk):
    desk.write("a.csv", "a;b\n1;x\n")
    desk.write("b.csv", "b,a\ny,2\n")
    assert desk.rows("").rows() == [(1, 1, "x"), (2, 2, "y")]


def test_a_column_that_a_text_file_lacks_is_empty_there_and_named(desk):
    desk.write("a.csv", "email;n\na@x.lv;1\n")
    desk.write("b.csv", "city,email\nRīga,b@x.lv\n")
    desk.write("c.csv", "email\tn\tvip\nc@x.lv\t3\ttrue\n")
    frame = desk.rows("")
    assert frame.columns[1:] == ["email", "n", "city", "vip"]
    assert [row[1:] for row in frame.rows()] == [
        ("a@x.lv", 1, None, None),
        ("b@x.lv", None, "Rīga", None),
        ("c@x.lv", 3, None, True),
    ]
    assert list(remarks_on(desk.open(""))) == [
        "b.csv has no column “n”, which other files have: it is empty there.",
        "a.csv has no column “city”, which other files have: it is empty there.",
        "a.csv has no column “vip”, which other files have: it is empty there.",
    ]


def test_files_that_differ_are_told(desk):
    desk.write("a.csv", "a;b\n1;x\n")
    desk.write("b.csv", "c;d\n1;x\n")
    with pytest.raises(SourceFailed, match=r"b\.csv has no column in common with a\.csv\. Give"):
        desk.rows("")
    desk.write("b.ndjson", '{"a": 1}\n')
    with pytest.raises(SourceFailed, match=r"mixes types of files: b\.ndjson isn't CSV"):
        desk.rows("*.*")
    parquet(desk, "p1.parquet", a=[1])
    parquet(desk, "p2.parquet", a=["x"])
    with pytest.raises(SourceFailed, match=r"p2\.parquet doesn't fit p1\.parquet: “a” has text"):
        desk.rows("*.parquet")


def test_missing_things_are_told(desk):
    (desk.folder / "sub").mkdir()
    for path, said in (
        ("nope.csv", r"nope\.csv is missing"),
        ("sub", "There is no Parquet, CSV, JSON, Excel or Arrow file at .*sub"),
        ("*.csv", r"There is no Parquet, CSV, JSON, Excel or Arrow file at .*\*\.csv"),
    ):
        with pytest.raises(SourceFailed, match=said):
            desk.rows(path)


@pytest.fixture
def stranger() -> Iterator[None]:
    """For a while not root, who may read everything."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield
    os.seteuid(was)


@pytest.fixture
def locked(desk) -> None:
    desk.write("p.csv", "a,b\n1,x\n").chmod(0)


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_refused_before_it_is_opened(desk, kind):
    path = desk.folder / "people.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(path))  # a whole path may be too long for a socket
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(SourceFailed, match=r"people\.csv is a pipe, a socket or a device"):
        desk.open(path)
    with pytest.raises(SourceFailed, match="There is no"):
        desk.open("*.csv")


def test_a_file_that_may_not_be_read_is_told(locked, stranger, desk):
    with pytest.raises(SourceFailed, match=r"p\.csv can't be opened: permission denied"):
        desk.rows("p.csv")


@pytest.mark.parametrize("content", [b"garbage, garbage, garbage", b"PAR1" + b"x" * 50, b"PAR1"])
def test_a_corrupt_parquet_file_is_told(desk, content):
    with pytest.raises(SourceFailed, match=r"p\.parquet can't be read"):
        desk.rows(desk.write("p.parquet", content))


def test_damage_inside_parquet_shows_as_a_sentence_on_collect(desk):
    parquet(desk, "p.parquet", a=list(range(1000)), b=["x"] * 1000)
    content = (desk.folder / "p.parquet").read_bytes()
    source = desk.open(desk.write("p.parquet", content[:8] + b"\0" * 200 + content[208:]))
    with (
        pytest.raises(SourceFailed, match=r"“Profiles” \(.*p\.parquet\) can't be read"),
        translated(source),
    ):
        source.scan().collect()


def test_parquet_without_rows_is_a_source_with_nobody(desk):
    parquet(desk, "p.parquet", a=pl.Series([], dtype=pl.Int64))
    assert desk.rows("p.parquet").schema == {ROW: pl.Int64, "a": pl.Int64}


def test_parquet_with_a_column_of_our_name_is_told(desk):
    parquet(desk, "q.parquet", **{ROW: [1]})
    with pytest.raises(SourceFailed, match="reserved for the row's number"):
        desk.rows("q.parquet")


def test_odd_types_of_parquet_become_plain(desk):
    pl.DataFrame(
        {
            "cat": pl.Series(["a", None], dtype=pl.Categorical),
            "dec": pl.Series([Decimal("1.5"), None]),
            "nul": pl.Series([None, None]),
            "zone": pl.Series([datetime(2026, 1, 1), None]).dt.replace_time_zone("Europe/Riga"),
            "arr": pl.Series([[1, 2], None], dtype=pl.Array(pl.Int64, 2)),
            "structs": pl.Series([[{"a": 1}], None]),
            "day": pl.Series([date(2026, 1, 1), None]),
            "bin": pl.Series([b"x", None]),
        }
    ).write_parquet(desk.folder / "p.parquet")
    source = desk.open("p.parquet")
    row = source.scan().to_native().collect().row(0, named=True)
    assert (row["cat"], row["dec"], row["arr"]) == ("a", 1.5, [1, 2])
    assert row["zone"] == datetime(2025, 12, 31, 22, tzinfo=UTC)
    kinds = [Kind.text, Kind.number, Kind.nothing, Kind.moment, Kind.list, Kind.other, Kind.date]
    assert list(source.schema().values()) == [*kinds, Kind.bytes]


def test_bytes_are_told_however_deep_they_lie(desk):
    deep = {"list": [[b"x"]], "array": pl.Series([[b"x"]], dtype=pl.Array(pl.Binary, 1))}
    parquet(desk, "p.parquet", **deep, struct=[{"a": b"x"}], structs=[[{"a": 1, "b": b"x"}]])
    assert set(desk.open("p.parquet").schema().values()) == {Kind.bytes}


def conversions(desk) -> list[str]:
    return sorted(path.name for path in desk.cache.iterdir())


def test_text_is_converted_once_per_change_and_the_old_conversion_goes(desk):
    told: list[tuple[float, str]] = []
    path = desk.write("p.csv", "a,b\n1,x\n")
    desk.open(path, lambda share, doing: told.append((share, doing)))
    assert told[-1] == (1.0, "Done")
    assert told == sorted(told, key=lambda step: step[0])
    first = conversions(desk)
    desk.open(path, lambda _share, _doing: pytest.fail("converted again"))
    desk.write("p.csv", "a,b\n1,x\n2,y\n")
    assert desk.rows(path)["a"].to_list() == [1, 2]
    assert len(conversions(desk)) == 1
    assert conversions(desk) != first


def test_conversions_side_by_side_all_succeed(desk):
    path = desk.write("p.csv", "a;b\n" + "1;x\n2;x\n" * 10_000)
    with ThreadPoolExecutor(4) as pool:
        heights = [job.result().height for job in [pool.submit(desk.rows, path) for _ in range(8)]]
    assert heights == [20_000] * 8
    assert len(conversions(desk)) == 1


def test_a_failed_conversion_leaves_nothing_behind(desk):
    with pytest.raises(SourceFailed):
        desk.text("a,b\n1,2\n3\n")
    assert conversions(desk) == []


def test_what_a_killed_conversion_left_is_cleared_after_a_day(desk):
    path = desk.write("p.csv", "a,b\n1,x\n")
    desk.open(path)
    prefix = conversions(desk)[0].partition("-")[0]
    old, new = desk.cache / f"{prefix}-old.work", desk.cache / f"{prefix}-new.work"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    desk.write("p.csv", "a,b\n1,x\n2,y\n")
    desk.open(path)
    assert not old.exists()
    assert new.exists()


def test_what_a_killed_conversion_left_half_written_is_cleared_at_once(desk):
    path = desk.write("p.csv", "a,b\n1,x\n")
    desk.open(path)
    left = desk.cache / "another-source.work"
    left.mkdir()
    (left / "made.parquet").write_text("half")
    with folder_for_work(desk.cache, "third-") as used:
        (used / "made.parquet").write_text("more to come")
        desk.write("p.csv", "a,b\n1,x\n2,y\n")
        desk.open(path)
        assert not left.exists()
        assert (used / "made.parquet").exists()


def test_a_file_written_during_its_conversion_is_told(desk):
    path = desk.write("p.csv", "a;b\n1;x\n")

    def meddle(share: float, doing: str) -> None:
        if doing == "Writing":
            desk.write("p.csv", "a;b\n1;x\n2;y\n")

    with pytest.raises(SourceFailed, match=r"p\.csv changed while it was being read"):
        desk.open(path, meddle)
    assert conversions(desk) == []


@pytest.mark.parametrize("name", ["p.csv", "p.parquet"])
def test_a_file_that_changes_after_it_was_opened_is_told_on_collect(desk, name):
    parquet(desk, "p.parquet", a=[1])
    desk.write("p.csv", "a,b\n1,x\n")
    source = desk.open(name)
    with pytest.raises(SourceFailed, match="changed while it was being read"), translated(source):
        desk.write(name, "something else altogether")
    (desk.folder / name).unlink()
    with pytest.raises(SourceFailed, match="is missing"), translated(source):
        source.scan().collect()


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), ComputeError("IO error: No space (os error 28)")],
)
def test_a_full_disk_is_not_blamed_on_the_source(error):
    with pytest.raises(StorageFailed, match="Free space"), translated("p.csv"):
        raise error


def test_a_cache_that_can_not_be_written_is_told(desk):
    desk.cache.write_text("a file where the folder should be")
    with pytest.raises(StorageFailed, match="can't be written"):
        desk.text("a,b\n1,x\n")


def test_facts_tell_a_source_at_a_glance(desk):
    path = desk.write("p.csv", "a;b\n1,5;x\n2;y\n")
    told = facts(desk.open(path), sample=1)
    assert (told.rows, told.files, told.size) == (2, 1, path.stat().st_size)
    assert told.sample.rows() == [(1.5, "x")]
    assert told.columns == {"a": Kind.number, "b": Kind.text}
    assert told.written == datetime.fromtimestamp(path.stat().st_mtime_ns / 1e9, UTC)
    assert told.detected.decimal == ","


def test_the_state_of_a_source_changes_with_its_files_and_nothing_is_read(desk):
    desk.write("a.csv", "")  # reading it would be refused
    reading = Reading("x", "file", desk.folder)
    before = state_of(reading)
    assert state_of(reading) == before
    desk.write("b.csv", "n\n2\n")
    assert state_of(reading) != before
    for file in desk.folder.iterdir():
        file.unlink()
    with pytest.raises(SourceFailed, match="There is no"):
        state_of(reading)
