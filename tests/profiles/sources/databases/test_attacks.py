"""Databases and queries that are meant to do harm, or do it by mistake."""

import gc
import threading
from pathlib import Path

import narwhals as nw
import psycopg
import pyarrow as pa
import pytest

from core.errors import Invalid, SourceFailed, Stopped
from core.profiles.sources import Reading, open_source
from core.profiles.sources.databases import session
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.limits import Limits
from tests.profiles.sources.databases.conftest import Database, sqlite_at

SEQ = {"seq": pa.int64()}


@pytest.mark.parametrize(
    "query",
    [
        "select a.id, b.id from people a join people b on a.id = b.id",
        "select a.*, b.* from people a join people b on a.id = b.id",
        "select 1 as a, 2 as a",
    ],
)
def test_columns_of_one_name_are_refused_and_never_renamed(database: Database, query: str):
    with pytest.raises((Invalid, SourceFailed), match=r"Give each a name of its own \(AS\)"):
        database.open(query=query)


def test_names_that_differ_by_case_alone_are_refused_where_they_are_one(database: Database):
    query = 'select 1 as "a", 2 as "A"'
    if database.url.startswith("postgresql"):
        source = database.open(query=query)
        assert source.small(source.scan().select("a", "A")).row(0) == (1, 2)
        return
    with pytest.raises(
        (Invalid, SourceFailed), match=r"“a” and “A” differ by case alone|same name"
    ):
        database.open(query=query)


def test_columns_whose_names_only_look_like_those_of_duplicates_are_read(sqlite: Database):
    sqlite.execute('create table odd (id, "id:1")')
    assert list(sqlite.open(table="odd").schema()) == ["id", "id:1"]
    assert list(sqlite.open(query='select 1 as "b:1", 2 as "c:1"').schema()) == ["b:1", "c:1"]


@pytest.mark.parametrize("name", ["sqlite", "maria"])
def test_a_column_without_a_name_is_refused(name: str, request: pytest.FixtureRequest):
    database: Database = request.getfixturevalue(name)
    with pytest.raises((Invalid, SourceFailed), match=r"has no name|one has none"):
        database.open(query="select 1 as `` from people")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select from pg_class", "no column to read"),
        ('select 1 as "\x1frow"', "Segferry uses itself"),
        ("select 1 as segferry_own_n", "Segferry uses itself"),
    ],
)
def test_columns_that_cannot_be_told_apart_have_their_sentence(
    postgres: Database, query: str, said: str
):
    with pytest.raises(Invalid, match=said):
        postgres.open(query=query)


def test_no_name_of_a_column_and_no_text_of_a_rule_is_taken_for_the_table(database: Database):
    source = database.open(query="select email, 'LV' as \"segferry_source\" from people")
    wanted = source.scan().filter(nw.col("segferry_source") == "LV")
    assert source.fetched(wanted, ["email"]).collect().height == 5
    text = '"segferry_source"`segferry_source`'
    nobody = source.scan().filter(nw.col("email") == text)
    assert text in source.sql(nobody)
    assert source.fetched(nobody).collect().height == 0


def test_text_that_is_no_utf8_has_its_sentence(postgres: Database):
    name = f"{postgres.url.partition('?')[0].rpartition('/')[2]}_ascii"
    how = "encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'"
    postgres.execute(f"create database {name} {how}")
    url = postgres.url.replace(f"/{name.removesuffix('_ascii')}?", f"/{name}?")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table people (x text)")
        connection.execute("set client_encoding = 'SQL_ASCII'")
        connection.execute(r"insert into people values (convert_from('\xe9ff', 'SQL_ASCII'))")
    source = Database(url, postgres.execute, postgres.cache).open()
    with pytest.raises(SourceFailed, match="“x” has text that isn't UTF-8"):
        source.fetched(source.scan())
    postgres.execute(f"drop database {name} with (force)")


def read(database: Database, query: str) -> None:
    source = database.open(query=query)
    source.fetched(source.scan())


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("postgres", "email::integer", "invalid input syntax for type integer"),
        ("postgres", "('2026-02-3' || id)::date", "date/time field value out of range"),
        ("postgres", "to_date(email, 'YYYY')", "refused it: invalid value"),
        ("postgres", "('{' || email)::text[]", "refused it: malformed array literal"),
        ("duck", "email::integer", "Could not convert string … to INT32"),
        ("duck", "(chr(10) || chr(39) || email)::integer", "Could not convert string …"),
        ("duck", "strptime(email, '%Y')", "a function of the query refuses a value"),
        ("duck", "error(email)", "a function of the query refuses a value"),
        ("sqlite", "json_extract('{}', email)", "JSON path error"),
    ],
)
def test_a_failure_quotes_no_value_of_a_row(
    name: str, query: str, said: str, request: pytest.FixtureRequest
):
    database: Database = request.getfixturevalue(name)
    with pytest.raises(SourceFailed, match=said) as failed:
        read(database, f"select {query} as n from people")
    assert "@" not in str(failed.value).partition("): ")[2]
    assert "2026" not in str(failed.value)


def test_a_connection_that_mariadb_ends_is_said_to_be_ended(maria: Database):
    source = maria.open(query="select seq from seq_1_to_900000000")
    number = source._session._open._connection.thread_id()
    batches = source._session.batches(source.sql(source.scan().select("seq")), SEQ, Losses())
    next(batches)
    maria.execute(f"kill connection {number}")
    with pytest.raises(SourceFailed, match="ended the connection"):
        list(batches)
    with pytest.raises(SourceFailed, match="ended the connection"):
        source.small(source.scan().select(nw.len()))


def test_rows_that_nobody_wants_any_more_are_not_read_to_their_end(maria: Database):
    source = maria.open(query="select seq from seq_1_to_900000000", limits=Limits(rows=3))
    with pytest.raises(SourceFailed, match="at most 3 are read"):
        source.fetched(source.scan())
    del source
    gc.collect()  # where PyMySQL would begin to read


def test_a_value_that_is_no_text_is_not_quoted_either(tmp_path: Path):
    database = sqlite_at(tmp_path / "x.db", tmp_path)
    database.execute("create table people (name text)")
    database.execute("insert into people values (cast(x'416e6eff' as text))")
    source = database.open()
    with pytest.raises(SourceFailed, match="UTF-8 column 'name'") as failed:
        source.fetched(source.scan())
    assert "Ann" not in str(failed.value)


def test_two_sessions_of_one_file_of_duckdb_are_open_at_once(duck: Database):
    first, second = duck.open(), duck.open()
    assert first.small(first.scan().select(nw.len())).item() == 5
    assert second.small(second.scan().select(nw.len())).item() == 5


def test_a_source_that_fails_to_open_keeps_no_session(duck: Database):
    with pytest.raises(SourceFailed) as failed:
        duck.open(table="nothing")
    duck.execute("create table later (id integer)")  # nobody else may have the file open
    assert "nothing" in str(failed.value)


@pytest.mark.parametrize("function", ["load_extension", "fts3_tokenizer"])
def test_sqlite_calls_nothing_that_reaches_beyond_the_rows(sqlite: Database, function: str):
    with pytest.raises(SourceFailed, match="not authorized"):
        sqlite.open(query=f"select {function}('simple') as x")


def test_many_columns_without_a_type_are_looked_at_once(sqlite: Database):
    columns = ", ".join(f"{n} as c{n}" for n in range(1_000))
    asked: list[str] = []
    source = sqlite.open(query=f"select {columns}", limits=Limits(columns=1_000, seconds=30))
    driver = source._session._driver
    driver._connection.set_trace_callback(asked.append)
    driver.columns(f"(select {columns})")
    assert len(asked) < 10


def test_stopping_is_heard_while_batches_come_quickly(duck: Database):
    reading = threading.Event()

    def progress(_share: float, _doing: str) -> None:
        if reading.is_set():
            raise Stopped("Stopped.")

    source = duck.open(query="select range as n from range(30000000)", progress=progress)
    reading.set()
    with pytest.raises(Stopped):
        source.fetched(source.scan())


def test_the_bound_of_time_holds_while_batches_come_quickly(duck: Database):
    source = duck.open(query="select range from range(3000000000)", limits=Limits(seconds=0.3))
    with pytest.raises(SourceFailed, match=r"took more than 0\.3 seconds"):
        source.fetched(source.scan())


def test_a_server_that_answers_nothing_is_left_to_itself(
    tmp_path: Path, silent_server: int, monkeypatch
):
    monkeypatch.setattr(session, "PATIENCE", 0.1)
    url = f"postgresql://ann:s3cret@127.0.0.1:{silent_server}/x?connect_timeout=0"
    reading = Reading("P", "database", None, {"table": "t"}, limits=Limits(seconds=0.3), url=url)
    with pytest.raises(SourceFailed, match=r"took more than 0\.3 seconds"):
        open_source(reading, tmp_path)


def test_a_file_that_is_none_is_not_made(tmp_path: Path):
    path = tmp_path / "none.db"
    with pytest.raises(SourceFailed, match="There is no file"):
        sqlite_at(path, tmp_path).open()
    assert not path.exists()


def test_a_password_may_have_any_letters(tmp_path: Path):
    reading = Reading(
        "P", "database", None, {"table": "t"}, url="mysql://a:p%E2%82%AC@127.0.0.1:1/x"
    )
    with pytest.raises(SourceFailed, match="Nothing answers"):
        open_source(reading, tmp_path)
