"""Parquet files read as one: what fits is widened, what doesn't is named, folders give columns."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import SourceFailed
from core.profiles.sources import ROW, Kind
from core.profiles.sources.remarks import remarks_on


def part(desk, name: str, **columns) -> None:
    path = desk.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(columns).write_parquet(path)


def series(dtype, *values) -> pl.Series:
    return pl.Series(values, dtype=dtype, strict=False)


NOON = datetime(2026, 1, 1, 12)


@pytest.mark.parametrize(
    ("one", "other", "read"),
    [
        (series(pl.Null, None), series(pl.String, "x"), [None, "x"]),
        (series(pl.Null, None), series(pl.Int64, 2), [None, 2]),
        (series(pl.Int32, 1), series(pl.Int64, 2**60), [1, 2**60]),
        (series(pl.UInt8, 1), series(pl.Int16, -2), [1, -2]),
        (series(pl.Float32, 0.5), series(pl.Float64, 0.25), [0.5, 0.25]),
        (series(pl.Categorical, "a"), series(pl.String, "b"), ["a", "b"]),
        (series(pl.Enum(["a"]), "a"), series(pl.Categorical, "b"), ["a", "b"]),
        (series(pl.Datetime("us"), NOON), series(pl.Datetime("ns"), NOON), [NOON, NOON]),
        (series(pl.Date, date(2026, 1, 1)), series(pl.Datetime("ms"), NOON), None),
        (series(pl.List(pl.Int32), [1]), series(pl.List(pl.Int64), [2]), [[1], [2]]),
        (series(pl.List(pl.Null), []), series(pl.List(pl.String), ["x"]), [[], ["x"]]),
    ],
)
def test_columns_that_fit_are_widened(desk, one, other, read):
    part(desk, "p1.parquet", it=one)
    part(desk, "p2.parquet", it=other)
    frame = desk.rows("")
    assert frame["it"].to_list() == (read or [datetime(2026, 1, 1), NOON])
    assert frame[ROW].to_list() == [1, 2]


def test_decimals_of_other_precision_keep_every_digit(desk):
    part(desk, "p1.parquet", it=series(pl.Decimal(7, 5), Decimal("1.23456")))
    part(desk, "p2.parquet", it=series(pl.Decimal(8, 2), Decimal("123456.78")))
    part(desk, "p3.parquet", it=series(pl.Int64, 7))
    source = desk.open("")
    rows = source.rows.frame().collect()["it"]
    assert rows.to_list() == [Decimal("1.23456"), Decimal("123456.78"), Decimal(7)]


def test_moments_of_several_zones_are_read_in_utc(desk):
    zoned = [series(pl.Datetime("us"), NOON).dt.replace_time_zone(z) for z in ("Asia/Tokyo", "UTC")]
    part(desk, "p1.parquet", it=zoned[0])
    part(desk, "p2.parquet", it=zoned[1])
    moments = desk.rows("")["it"].to_list()
    assert moments == [datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC)]


def test_whole_numbers_stay_whole_beside_what_pandas_wrote_for_missing_ones(desk):
    part(desk, "p1.parquet", id=[2**40, 7])
    part(desk, "p2.parquet", id=[8.0, None, float("nan")])
    frame = desk.rows("")
    assert frame.schema["id"] == pl.Int64
    assert frame["id"].to_list() == [2**40, 7, 8, None, None]


def test_whole_numbers_beside_fractions_are_numbers_unless_that_would_round_them(desk):
    part(desk, "p1.parquet", it=[1])
    part(desk, "p2.parquet", it=[2.5])
    assert desk.rows("")["it"].to_list() == [1.0, 2.5]
    part(desk, "p1.parquet", it=[2**53 + 1])
    with pytest.raises(SourceFailed, match=r"numbers \(Float64\) here, but numbers \(Int64\)"):
        desk.rows("")


def test_a_column_that_a_file_lacks_is_empty_there_and_their_order_may_differ(desk):
    part(desk, "p1.parquet", a=[1], b=["x"])
    part(desk, "p2.parquet", c=[True], b=["y"], a=[2])
    part(desk, "p3.parquet", b=["z"])
    frame = desk.rows("")
    rows = [(1, 1, "x", None), (2, 2, "y", True), (3, None, "z", None)]
    assert frame.columns == [ROW, "a", "b", "c"]
    assert frame.rows() == rows
    assert list(remarks_on(desk.open(""))) == [
        "p3.parquet has no column “a”, which other files have: it is empty there.",
        "p1.parquet has no column “c”, which other files have: it is empty there.",
    ]


def test_fields_of_nested_columns_are_widened_too(desk):
    part(desk, "p1.parquet", it=series(pl.Struct({"a": pl.Int32}), {"a": 1}))
    part(desk, "p2.parquet", it=[{"a": 2**40, "b": "x"}])
    assert desk.rows("")["it"].to_list() == [{"a": 1, "b": None}, {"a": 2**40, "b": "x"}]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (
            series(pl.Int64, 1),
            series(pl.String, "x"),
            r"text \(String\) here, but numbers \(Int64\)",
        ),
        (
            series(pl.Boolean, True),
            series(pl.Int64, 1),
            r"\(Int64\) here, but yes or no \(Boolean\)",
        ),
        (
            series(pl.Float64, 1),
            series(pl.Decimal(9, 2), "1"),
            r"\(Decimal.*\) here, .*\(Float64\)",
        ),
        (
            series(pl.List(pl.Int8), [1]),
            series(pl.Int8, 1),
            r"\(Int8\) here, but lists \(List\(Int8\)",
        ),
    ],
)
def test_columns_that_do_not_fit_are_named_with_both_types(desk, one, other, said):
    part(desk, "p0.parquet", it=[None])
    part(desk, "p1.parquet", it=one)
    part(desk, "p2.parquet", it=other)
    with pytest.raises(SourceFailed, match=rf"p2\.parquet doesn't fit p1\.parquet: “it” .*{said}"):
        desk.rows("")


def test_partitions_give_their_column(desk):
    for folder, a in (("zip=01001", 1), ("zip=a%20b", 2), ("zip=__HIVE_DEFAULT_PARTITION__", 3)):
        part(desk, f"{folder}/day=2026-01-0{a}/part-0.parquet", a=[a])
    frame = desk.rows("")
    assert frame.sort("a").select("a", "zip", "day").rows() == [
        (1, "01001", date(2026, 1, 1)),
        (2, "a b", date(2026, 1, 2)),
        (3, None, date(2026, 1, 3)),
    ]
    assert desk.rows("zip=*/*/*.parquet").rows() == frame.rows()
    assert desk.rows("zip=01001")["zip"].to_list() == ["01001"]


def test_partitions_named_by_whole_numbers_are_numbers(desk):
    part(desk, "year=2025/p.parquet", a=[1])
    part(desk, "year=2026/p.parquet", a=[2], year=[1999])
    assert desk.open("").schema()["year"] == Kind.number
    assert desk.rows("")["year"].to_list() == [2025, 1999]  # the file itself knows better


@pytest.mark.parametrize("stored", [True, False])
def test_uuids_are_text(desk, stored):
    known = uuid.UUID("12345678-9abc-def0-1234-56789abcdef0")
    ids = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([known.bytes, None], pa.binary(16)))
    raw = pa.array([b"x" * 16, None], pa.binary(16))
    table = pa.table({"id": ids, "raw": raw})
    pq.write_table(table, desk.folder / "p.parquet", store_schema=stored)
    source = desk.open("p.parquet")
    assert source.schema() == {"id": Kind.text, "raw": Kind.bytes}
    assert desk.rows("p.parquet")["id"].to_list() == [str(known), None]


def test_moments_of_96_bits_are_right_after_2262_too(desk):
    moments = [datetime(9999, 12, 31, 1, 2, 3), datetime(2024, 1, 1, 0, 0, 0, 123456), None]
    table = pa.table({"it": pa.array(moments, pa.timestamp("us"))})
    options = {"use_deprecated_int96_timestamps": True, "store_schema": False}
    pq.write_table(table, desk.folder / "p.parquet", **options)
    assert desk.rows("p.parquet")["it"].to_list() == moments


def with_logical_type(desk, name: str, column: str, group: bytes, logical: bytes) -> None:
    """Writes this logical type, which no writer here knows, behind a column in the footer."""
    path = desk.folder / name
    content = path.read_bytes()
    size = int.from_bytes(content[-8:-4], "little")
    footer = content[-8 - size : -8]
    head = bytes([0x18, len(column)]) + column.encode() + group
    assert footer.count(head + b"\0") == 1
    changed = footer.replace(head + b"\0", head + logical + b"\0")
    size = len(changed).to_bytes(4, "little")
    path.write_bytes(content[: -8 - len(footer)] + changed + size + b"PAR1")


def test_columns_of_types_that_nothing_reads_are_left_out_by_name(desk):
    variant = {"metadata": b"\1\0\0", "value": b"\0"}
    shape = b"\1\1\0\0\0" + b"\0" * 16
    table = pa.table({"email": ["a@x.lv"], "var": [variant], "shape": [shape]})
    pq.write_table(table, desk.folder / "p.parquet", store_schema=False)
    with_logical_type(desk, "p.parquet", "var", b"\x15\x04", b"\x5c\x0c\x20\x13\x01\0\0")
    with_logical_type(desk, "p.parquet", "shape", b"", b"\x6c\x0c\x22\0\0")
    source = desk.open("p.parquet")
    assert source.schema() == {"email": Kind.text}
    assert source.detected.left_out == {"var": "Variant", "shape": "Geometry"}
    assert desk.rows("p.parquet")["email"].to_list() == ["a@x.lv"]


def test_partitions_of_text_files_give_their_column_too(desk):
    for n, folder in enumerate(("zip=01001/day=2026-01-01", "zip=1002/day=2026-01-02")):
        desk.write(f"csv/{folder}/p.csv", f"n;m\n{n};x\n")
        desk.write(f"json/{folder}/p.json", f'[{{"n": {n}}}]')
    days = [date(2026, 1, 1), date(2026, 1, 2)]
    rows = [(1, 0, "01001", days[0]), (2, 1, "1002", days[1])]
    for form in ("csv", "json"):
        assert desk.rows(form).select(ROW, "n", "zip", "day").rows() == rows
    desk.write("own/zip=1/p.csv", "n;zip\n1;from the file\n")
    assert desk.rows("own")["zip"].to_list() == ["from the file"]
