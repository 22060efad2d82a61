"""Tables whose log says which files count: Delta is read by it, the others are refused by name."""

import json

import deltalake
import polars as pl
import pytest

from core.errors import Outside, SourceFailed
from core.profiles.sources import ROW, Reading, open_source, state_of, translated
from core.profiles.sources.fence import Fence


@pytest.fixture
def table(desk) -> deltalake.DeltaTable:
    """Anna, Ben and Cilla, of whom Ben was deleted; all files are still there."""
    path = desk.folder / "customers"
    people = pl.DataFrame({"email": ["anna@x.lv", "ben@x.lv"], "spent": [1.0, 2.0]})
    deltalake.write_deltalake(path, people)
    third = pl.DataFrame({"email": ["cilla@x.lv"], "spent": [3.0]})
    deltalake.write_deltalake(path, third, mode="append")
    table = deltalake.DeltaTable(path)
    table.delete("email = 'ben@x.lv'")
    table.update({"spent": "99.0"}, predicate="email = 'anna@x.lv'")
    return deltalake.DeltaTable(path)


def test_a_delta_table_is_read_by_its_log(desk, table):
    source = desk.open("customers")
    frame = source.scan().to_native().collect().sort("email")
    assert frame.select("email", "spent").rows() == [("anna@x.lv", 99.0), ("cilla@x.lv", 3.0)]
    assert sorted(frame[ROW]) == [1, 2]
    assert len(source.files) == 2
    assert len(list((desk.folder / "customers").glob("*.parquet"))) == 4


def test_partitions_and_later_columns_of_a_delta_table_are_read(desk):
    path = desk.folder / "t"
    first = pl.DataFrame({"a": [1], "zip": ["01001"]})
    deltalake.write_deltalake(path, first, partition_by=["zip"])
    second = pl.DataFrame(
        {"a": [2], "zip": [None], "b": ["x"]}, schema_overrides={"zip": pl.String}
    )
    deltalake.write_deltalake(path, second, mode="append", schema_mode="merge")
    frame = desk.rows("t").sort("a").select("a", "zip", "b")
    assert frame.rows() == [(1, "01001", None), (2, None, "x")]


def test_a_delta_table_counts_as_changed_by_its_log_and_is_read_in_one_version(desk, table):
    reading = Reading("x", "file", desk.folder / "customers")
    before, source = state_of(reading), desk.open("customers")
    assert state_of(reading) == before
    table.delete("email = 'cilla@x.lv'")
    assert state_of(reading) != before
    with translated(source):
        assert source.scan().to_native().collect().height == 2
    assert desk.rows("customers").height == 1


@pytest.mark.parametrize("path", ["customers/*.parquet", "**/*.parquet"])
def test_files_of_a_delta_table_are_not_read_past_its_log(desk, table, path):
    with pytest.raises(SourceFailed, match=r"customers is a Delta table: .*Give this folder"):
        desk.rows(path)
    file = table.file_uris()[0]
    with pytest.raises(SourceFailed, match="is a Delta table"):
        desk.rows(file)


def test_what_polars_can_not_read_of_a_delta_table_is_told(desk, table):
    log = desk.folder / "customers" / "_delta_log"
    protocol = {"minReaderVersion": 3, "minWriterVersion": 7}
    features = {"readerFeatures": ["columnMapping"], "writerFeatures": ["columnMapping"]}
    line = json.dumps({"protocol": {**protocol, **features}})
    (log / f"{4:020}.json").write_text(line + "\n")
    with pytest.raises(SourceFailed, match=r"customers can't be read: .*columnMapping"):
        desk.rows("customers")
    (log / f"{5:020}.json").write_text("not JSON\n")
    with pytest.raises(SourceFailed, match="customers can't be read"):
        desk.rows("customers")


def test_a_delta_table_leads_nowhere_outside_the_allowed_folders(desk, table, tmp_path):
    inside = Fence((desk.folder / "customers",))
    reading = Reading("x", "file", desk.folder / "customers", None, inside)
    assert len(open_source(reading, desk.cache).files) == 2
    elsewhere = Reading("x", "file", desk.folder / "customers", None, Fence((tmp_path / "other",)))
    with pytest.raises(Outside):
        open_source(elsewhere, desk.cache)
    file = desk.folder / "customers" / table.file_uris()[0]
    file.rename(tmp_path / "secret.parquet")
    file.symlink_to(tmp_path / "secret.parquet")
    with pytest.raises(Outside, match=r"\.parquet is outside"):
        open_source(reading, desk.cache)


@pytest.mark.parametrize(
    ("log", "data", "kind"),
    [
        ("metadata/v1.metadata.json", "data", "Iceberg"),
        (".hoodie/hoodie.properties", "", "Hudi"),
        (".hoodie/hoodie.properties", "country=LV", "Hudi"),
        ("_spark_metadata/0", "", "Spark Streaming"),
    ],
)
def test_other_tables_with_a_log_are_refused_by_name(desk, log, data, kind):
    desk.write(f"t/{log}", "{}")
    desk.write(f"t/{data}/part-0.csv", "a\n1\n")
    for path in ("t", f"t/{data}", f"t/{data}/*.csv"):
        with pytest.raises(SourceFailed, match=rf"/t is a table of {kind}: its log .* Export it"):
            desk.rows(path)
