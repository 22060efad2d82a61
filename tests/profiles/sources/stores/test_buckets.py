"""Files in buckets: found, fetched once per version, and read as local ones."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from core.errors import Outside, SourceFailed, StorageFailed
from core.profiles.sources import state_of, translated
from core.profiles.sources.facts import facts
from core.profiles.sources.limits import Limits
from core.profiles.sources.stores import source as store_source
from core.profiles.sources.stores.address import Address
from core.profiles.sources.stores.objects import Object, state_of_objects
from tests.workbooks import workbook

TEXT = "email,city\na@example.com,Köln\nb@example.com,Bonn\n"
PEOPLE = ["a@example.com", "b@example.com"]


@pytest.fixture
def always_asked(monkeypatch):
    """The store is asked each time whether it has a newer version."""
    monkeypatch.setattr(store_source, "ASK_EVERY", 0.0)


def parquet(**columns) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(columns).write_parquet(out)
    return out.getvalue()


def excel() -> bytes:
    rows = [["email", "city"], ["a@example.com", "Köln"], ["b@example.com", "Bonn"]]
    return workbook(People=rows)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("profiles.csv", TEXT)
    return out.getvalue()


def arrow() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"email": PEOPLE, "city": ["Köln", "Bonn"]}).write_ipc(out)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "p.csv": lambda: TEXT.encode("cp1252"),
    "p.csv.gz": lambda: gzip.compress(TEXT.encode()),
    "p.csv.zip": zipped,
    "p.ndjson": lambda: b'{"email":"a@example.com","city":"K\xc3\xb6ln"}\n'
                        b'{"email":"b@example.com","city":"Bonn"}\n',
    "p.parquet": lambda: parquet(email=PEOPLE, city=["Köln", "Bonn"]),
    "p.arrow": arrow,
    "p.xlsx": excel,
}  # fmt: skip


@pytest.mark.parametrize("key", FILES)
def test_every_format_is_read(bucket, key):
    bucket.put(key, FILES[key]())
    rows = bucket.rows(key)
    assert rows["email"].to_list() == PEOPLE
    assert rows["city"].to_list() == ["Köln", "Bonn"]


@pytest.mark.parametrize(
    "key",
    [
        "a b+c.csv",
        "ünï/100%.csv",
        "per%20cent.csv",
        "a*b?[c].csv",
        "a#b&c=d;e,f:g@h.csv",
        "back\\slash.csv",
        "~tilde.csv",
        "exports/day=2026-01-01/'quoted\".csv",
    ],
)
def test_odd_keys_are_taken_as_they_are(bucket, key):
    bucket.put(key, TEXT)
    assert bucket.rows(key)["email"].to_list() == PEOPLE


def test_a_folder_is_its_known_files_and_those_of_its_partitions(bucket):
    bucket.put("x/day=2026-01-02/b.parquet", parquet(email=["b@example.com"]))
    bucket.put("x/day=2026-01-01/a.parquet", parquet(email=["a@example.com"]))
    bucket.put("x/_SUCCESS", "")
    bucket.put("x/readme.md", "no table")
    bucket.put("x/other/c.parquet", parquet(email=["c@example.com"]))
    bucket.put("xy/d.parquet", parquet(email=["d@example.com"]))
    for path in ("x", "x/"):
        rows = bucket.rows(path)
        assert rows["email"].to_list() == PEOPLE
        assert [str(day) for day in rows["day"]] == ["2026-01-01", "2026-01-02"]


def test_the_whole_bucket_is_a_folder(bucket):
    bucket.put("a.csv", TEXT)
    assert bucket.rows(f"s3://{bucket.name}").height == 2


def test_a_glob_means_what_it_means_in_local_folders(bucket):
    for key in ("e/a.csv", "e/b.csv", "e/.c.csv", "e/f/d.csv", "g/e.csv"):
        bucket.put(key, f"email\n{key[-5]}@example.com\n")
    assert bucket.rows("e/*.csv")["email"].to_list() == PEOPLE
    deep = ["a@example.com", "b@example.com", "d@example.com"]
    assert sorted(bucket.rows("e/**/*.csv")["email"]) == deep
    assert bucket.rows("*/[de].csv")["email"].to_list() == ["e@example.com"]


def test_one_version_is_fetched_once(bucket, monkeypatch):
    bucket.put("p.csv", TEXT)
    first = bucket.open("p.csv")
    fetched = [(file, file.stat().st_ino) for file in bucket.fetched()]
    again = bucket.open("p.csv")
    assert [(file, file.stat().st_ino) for file in bucket.fetched()] == fetched
    assert first.files == again.files
    assert len(fetched) == 1


def test_another_version_takes_the_place_of_the_former(bucket):
    bucket.put("p.csv", TEXT)
    before = state_of(bucket.reading("p.csv"))
    bucket.open("p.csv")
    bucket.put("p.csv", TEXT.replace("Bonn", "Ulm!"))  # the same size, and perhaps second
    assert state_of(bucket.reading("p.csv")) != before
    assert bucket.rows("p.csv")["city"].to_list() == ["Köln", "Ulm!"]
    assert len(bucket.fetched()) == 1
    assert len(list(bucket.cache.glob("*.parquet"))) == 1


def test_the_state_reads_nothing(bucket):
    bucket.put("p.csv", TEXT)
    state = state_of(bucket.reading("p.csv"))
    assert not bucket.cache.exists()
    assert state.files[0][:2] == (f"s3://{bucket.name}/p.csv", len(TEXT.encode()))
    assert state.tags[0].strip('"')
    assert hash(state)


def test_a_change_after_opening_is_noticed(bucket, always_asked):
    bucket.put("p.csv", TEXT)
    source = bucket.open("p.csv")
    bucket.put("p.csv", TEXT + "c@example.com,Trier\n")
    with pytest.raises(SourceFailed, match="changed while it was being read"), translated(source):
        source.scan().to_native().collect()


def test_what_was_opened_is_one_version_whatever_happens_in_the_store(bucket):
    bucket.put("p.parquet", parquet(email=PEOPLE))
    source = bucket.open("p.parquet")
    bucket.put("p.parquet", parquet(email=["z@example.com"]))
    assert source.scan().to_native().collect()["email"].to_list() == PEOPLE


def test_a_tag_is_the_same_with_and_without_quotes():
    address = Address.parse("az://box/p.csv")
    listed, read = Object(address, 1, None, "0x8D"), Object(address, 1, None, '"0x8D"')
    assert listed.is_same(read)
    assert state_of_objects([listed]) == state_of_objects([read])
    assert not listed.is_same(Object(address, 1, None, '"0x8E"'))


def test_a_change_between_finding_and_fetching_is_refused(bucket, monkeypatch):
    bucket.put("p.csv", TEXT)
    reading = bucket.reading("p.csv")
    store = store_source._store(reading)
    objects = store.found()
    bucket.put("p.csv", TEXT + "c@example.com,Trier\n")
    with pytest.raises(SourceFailed, match=r"s3://.*/p\.csv changed while it was being read"):
        store_source._fetched(store, objects, reading, bucket.cache, lambda *_: None)
    assert list(bucket.cache.iterdir()) == []


def test_place_size_and_time_are_those_of_the_store(bucket):
    bucket.put("a.csv", TEXT)
    bucket.put("b.csv", TEXT)
    source = bucket.open("*.csv")
    found = facts(source)
    assert (found.files, found.size) == (2, 2 * len(TEXT.encode()))
    assert found.written is not None
    assert abs(found.written - datetime.now(UTC)) < timedelta(minutes=1)
    assert f"s3://{bucket.name}/*.csv" in source.label


def test_errors_name_the_file_in_the_store(bucket):
    bucket.put("p.parquet", b"PAR1 no more of it")
    bucket.put("q.csv", "")
    for key in ("p.parquet", "q.csv"):
        with pytest.raises(SourceFailed) as caught:
            bucket.open(key)
        assert f"s3://{bucket.name}/{key}" in str(caught.value)
        assert str(bucket.cache) not in str(caught.value)


def test_a_table_with_a_log_is_refused(bucket):
    bucket.put("t/part-0.parquet", parquet(email=PEOPLE))
    bucket.put("t/_delta_log/00000000000000000000.json", "{}")
    bucket.put("u/data/part-0.parquet", parquet(email=PEOPLE))
    bucket.put("u/metadata/v1.metadata.json", "{}")
    for path, kind in (("t", "Delta"), ("t/*.parquet", "Delta"), ("u/data/", "Iceberg")):
        with pytest.raises(SourceFailed, match=f"is a table of {kind}"):
            bucket.open(path)
    assert bucket.fetched() == []


def test_progress_goes_on_from_fetching_to_converting(bucket):
    bucket.put("p.csv", TEXT)
    seen: list[float] = []
    bucket.open("p.csv", lambda share, _doing: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_stopping_leaves_nothing(bucket):
    class Stopped(Exception):
        pass

    def stop(share: float, doing: str) -> None:
        if "Fetching" in doing:
            raise Stopped

    bucket.put("p.csv", TEXT)
    with pytest.raises(Stopped):
        bucket.open("p.csv", stop)
    assert list(bucket.cache.iterdir()) == []


def test_copies_have_a_bound(bucket):
    bucket.put("p.csv", "email\n" + "a@example.com\n" * 100_000)
    with pytest.raises(StorageFailed, match="SEGFERRY_MAX_COPIES"):
        bucket.open("p.csv", limits=Limits(copies=1))
    assert bucket.fetched() == []
    bucket.put("q.parquet", parquet(email=PEOPLE))
    bucket.put("r.parquet", parquet(email=PEOPLE))
    bucket.open("q.parquet", limits=Limits(copies=1))
    bucket.open("r.parquet", limits=Limits(copies=1), name="Others")
    assert len(bucket.fetched()) == 2


def test_a_cache_that_cant_be_written_is_told(bucket):
    bucket.put("p.csv", TEXT)
    bucket.cache.write_text("no folder")
    with pytest.raises(StorageFailed, match="can't be written"):
        bucket.open("p.csv")


def test_a_packed_file_has_its_bound(bucket):
    bucket.put("p.csv.gz", gzip.compress(b"email\n" + b"a@example.com\n" * 200_000))
    with pytest.raises(SourceFailed, match=r"s3://.*SEGFERRY_MAX_UNPACKED"):
        bucket.open("p.csv.gz", limits=Limits(unpacked=1))


def test_a_confined_source_stays_in_its_stores(bucket):
    bucket.put("in/p.csv", TEXT)
    bucket.put("inner/p.csv", TEXT)
    bucket.put("p.csv", TEXT)
    allowed = (f"s3://{bucket.name}/in/",)
    for path in ("in/p.csv", "in", "in/", "in/*.csv"):
        assert bucket.rows(path, stores=allowed).height == 2
    for path in ("p.csv", "inner/p.csv", "*/p.csv", "", f"gs://{bucket.name}/in/p.csv"):
        with pytest.raises(Outside, match="SEGFERRY_SOURCE_STORES"):
            bucket.open(path, stores=allowed)
    with pytest.raises(Outside):
        bucket.open("in/p.csv", stores=())
    with pytest.raises(Outside):
        state_of(bucket.reading("p.csv", stores=allowed))
