"""Spark Connect: what is read of a real server, where SPARK_HOME names one, and what is refused."""

import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import narwhals as nw
import pytest

from core.errors import Invalid, SourceFailed, Stopped
from core.profiles.sources import ROW, Kind, engine_of
from core.profiles.sources.databases.address import Address, address_of
from core.profiles.sources.databases.by_spark import RefusedBySpark, _first_sentence, _remote
from core.profiles.sources.databases.engines import ENGINES
from core.profiles.sources.databases.failures import sentence
from core.profiles.sources.databases.relations import checked_query
from tests import spark
from tests.profiles.sources.databases.conftest import Database, filled


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The URL of a Spark that is started for the tests."""
    folder = Path(tempfile.mkdtemp(prefix="segferry-spark-"))
    server = spark.Spark(folder)
    yield server.url
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cluster(server_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database of its own on that server."""
    from pyspark.sql.connect.session import SparkSession

    name = f"source_{uuid.uuid4().hex}"
    session = SparkSession.builder.remote(server_url).create()

    def execute(sql: str) -> None:
        session.sql(sql)

    execute("set spark.sql.storeAssignmentPolicy = legacy")  # takes dates as they are written
    execute(f"create database {name}")
    execute(f"use {name}")
    yield filled(Database(f"{server_url}/{name}", execute, tmp_path / "cache"))
    execute(f"drop database {name} cascade")
    session.stop()


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        ("sc://spark.example.com", "sc://spark.example.com:15002/"),
        (
            "sc://spark.example.com:15003/;use_ssl=true;token=a%2Fb",
            "sc://spark.example.com:15003/;token=a%2Fb;use_ssl=true",
        ),
        ("sc://ann:a%2Fb@spark.example.com/crm", "sc://spark.example.com:15002/;user_id=ann;token"),
        ("sc://[::1]/;user_id=ann", "sc://[::1]:15002/;user_id=ann"),
    ],
)
def test_the_url_is_that_of_spark_connect_or_written_as_others(url: str, remote: str):
    assert remote in _remote(Address.parse(url))


def test_a_form_makes_the_same_and_no_token_is_shown():
    made = address_of(ENGINES["spark"], "spark.example.com", 15003, "crm", "ann", "s3cret")
    assert made.shown == "sc://ann@spark.example.com:15003/crm"
    given = Address.parse("sc://spark.example.com:15003/;token=s3cret;use_ssl=true")
    assert given.shown == "sc://spark.example.com:15003/"
    for one in (made, given):
        assert "s3cret" not in repr(one) + one.without_secrets("the token s3cret")


@pytest.mark.parametrize("call", ["reflect", "JAVA_METHOD", "try_reflect"])
def test_a_query_that_runs_java_is_refused(call: str):
    text = f"select {call}('java.lang.System', 'getProperty', 'user.home') as a"
    for query in (text, f"with a as ({text}) select * from a"):
        with pytest.raises(Invalid, match="runs programs of the server"):
            checked_query(query, ENGINES["spark"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[A.B] Cannot cast 'ann@x.lv' to INT. SQLSTATE: 22018\n\nJVM", "Cannot cast '…' to INT."),
        ("\n[PARSE_SYNTAX_ERROR] Error. SQLSTATE: 42601 (line 1)\n== SQL ==\nselect", "Error."),
        ('<_Rendezvous\n\tdetails = "failed to connect"\n\tdebug = ""', "failed to connect"),
    ],
)
def test_of_an_error_neither_values_nor_the_query_are_said(words: str, said: str):
    assert _first_sentence(words) == said


def test_a_name_that_no_server_has_is_said():
    error = RefusedBySpark("DNS resolution failed for nowhere.invalid:15002", None)
    found = sentence(error, Address.parse("sc://nowhere.invalid"), 1)
    assert found.startswith("No server of the name “nowhere.invalid” is known")


def test_a_server_that_does_not_answer_is_said():
    pytest.importorskip("pyspark", reason="the extra spark isn't installed here")
    other = Database("sc://127.0.0.1:1/;token=s3cret", lambda _sql: None, Path())
    with pytest.raises(SourceFailed) as failed:
        other.tables()
    assert "Nothing answers at 127.0.0.1, port 1" in str(failed.value)
    assert "s3cret" not in str(failed.value)


def test_a_program_without_a_file_may_read_spark():
    pytest.importorskip("pyspark", reason="the extra spark isn't installed here")
    text = (
        "from core.profiles.sources.databases.address import Address\n"
        "from core.profiles.sources.databases.by_spark import RefusedBySpark, SparkDriver\n"
        "try: SparkDriver(Address.parse('sc://127.0.0.1:1'), 1)\n"
        "except RefusedBySpark: print('went on')"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == "went on\n"
    assert "SELECT" not in done.stderr.upper()


def test_only_rows_and_columns_that_are_wanted_travel_from_spark(cluster: Database):
    assert any(name.endswith("`.`people`") for name in cluster.tables())
    source = cluster.open()
    assert engine_of(source.schema()) == "spark"
    assert dict(source.schema())["born"] is Kind.date
    frame = source.scan().filter(nw.col("country") == "LV")
    found = source.fetched(frame, ["spent", "born"]).collect()
    assert found.columns == [ROW, "spent", "born"]
    assert sorted(found["spent"]) == [Decimal("5.00"), Decimal("10.25"), Decimal("30.50"), 400]
    assert source.small(source.scan().select(nw.len().alias("n"))).item() == 5


def test_each_type_of_spark_is_something(cluster: Database):
    cluster.execute(
        "create view odd as select cast(1.125 as decimal(20,4)) n, named_struct('a', 1) s,"
        " map('a', 1) m, interval 1 day i, X'78' b, array('a', null) tags, array(1, 2) ids,"
        " timestamp '2026-03-29 01:30:00+03:00' at, timestamp_ntz '2026-03-29 01:30:00' plain,"
        " 1Y tiny, cast(0.1 as float) f, 'Ab' collate UTF8_LCASE c, cast('x' as char(3)) padded,"
        " cast('NaN' as double) none, date '2026-03-29' day, true flag"
    )
    source = cluster.open(table="odd")
    (one,) = source.fetched(source.scan()).collect().to_dicts()
    assert (one["n"], one["b"], one["tiny"], one["f"]) == (Decimal("1.1250"), b"x", 1, 0.1)
    assert (one["tags"], one["ids"], one["c"], one["flag"]) == (["a", None], [1, 2], "Ab", True)
    assert one["at"] == datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    assert (one["plain"], one["day"]) == (datetime(2026, 3, 29, 1, 30), date(2026, 3, 29))
    foreign = {column.name: one[column.name] for column in source.columns if column.foreign}
    assert foreign == {"s": "{1}", "m": "{a -> 1}", "i": "INTERVAL '1' DAY"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"table": "nobody"}, "The table isn't there"),
        ({"query": "select nothing from people"}, "A column isn't there"),
        ({"table": "csv.`/etc/hostname`"}, "isn't there|refused"),
    ],
)
def test_what_is_not_there_or_a_file_of_the_server_is_said(
    cluster: Database, options: dict, said: str
):
    with pytest.raises(SourceFailed, match=said):
        cluster.open(**options)


def test_stopping_reaches_spark(cluster: Database, caplog: pytest.LogCaptureFixture):
    ends = threading.Event()

    def stop(_share: float, _doing: str) -> None:
        if ends.is_set():
            raise Stopped

    far = "select sum(a.id * b.id) as n from range(10000000) a join range(1000000) b on a.id > b.id"
    source = cluster.open(progress=stop, query=far)
    ends.set()
    with pytest.raises(Stopped), caplog.at_level(logging.WARNING):
        source.fetched(source.scan())
    assert "select" not in caplog.text
