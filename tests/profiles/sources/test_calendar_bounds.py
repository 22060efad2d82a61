"""Days and moments outside the years 1 to 9999, which some databases write for infinity."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core.errors import SourceFailed
from core.profiles.sources.facts import facts
from core.profiles.sources.remarks import remarks_on

BEYOND = [2**63 - 1, -(2**63) + 1, 253_402_300_800 * 10**6]
GOOD = datetime(2026, 1, 2, 3, tzinfo=UTC)


def frame() -> pl.DataFrame:
    first = int(GOOD.timestamp()) * 10**6
    moments = pl.Series([first, *BEYOND, None]).cast(pl.Datetime("us", "UTC"))
    days = pl.Series([20_000, 2**31 - 1, None, -(2**31) + 1, 1]).cast(pl.Date)
    return pl.DataFrame({"email": list("abcde"), "at": moments, "day": days})


@pytest.mark.parametrize("written", ["parquet", "without statistics", "arrow"])
def test_they_are_left_out_counted_and_told_with_the_first(desk, written: str):
    path = desk.folder / ("p.arrow" if written == "arrow" else "p.parquet")
    if written == "arrow":
        frame().write_ipc(path)
    else:
        frame().write_parquet(path, statistics=written == "parquet")
    source = desk.open(path.name)
    rows = facts(source).sample
    assert rows["at"].to_list() == [GOOD, None, None, None, None]
    assert rows["day"].to_list() == [date(2024, 10, 4), None, None, None, date(1970, 1, 2)]
    assert list(remarks_on(source)) == [
        "odd_value: 3 cells, row 2, “at”: “infinity”",
        "odd_value: 2 cells, row 2, “day”: “infinity”",
    ]


def test_rows_are_counted_over_all_files(desk):
    frame()[:1].write_parquet(desk.folder / "a.parquet")
    frame()[3:].write_parquet(desk.folder / "b.parquet")
    assert [(note.column, note.row, note.text) for note in desk.open("").notes()] == [
        ("at", 2, "10000-01-01 00:00:00"),
        ("day", 2, "-infinity"),
    ]


def test_of_nested_ones_the_file_is_refused_with_the_column(desk):
    nested = frame().select("email", tags=pl.concat_list("at"))
    nested.write_parquet(desk.folder / "p.parquet")
    with pytest.raises(SourceFailed, match=r"“tags” holds nested dates.*Export it with null"):
        desk.open("p.parquet")
    nested.head(1).write_parquet(desk.folder / "p.parquet")
    assert desk.open("p.parquet").notes() == ()
