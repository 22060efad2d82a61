"""Tables and queries of real databases: what is read there, what travels, and what fails how."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from sqlite3 import OperationalError

import narwhals as nw
import polars as pl
import pytest

from core.errors import SourceFailed, Stopped
from core.profiles.sources import ROW, Kind, engine_of
from core.profiles.sources.databases import failures
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.limits import Limits
from tests.profiles.sources.databases.conftest import PEOPLE, Database, duckdb_at, sqlite_at


def test_the_fields_are_those_of_the_table(database: Database):
    assert dict(database.open().schema()) == {
        "id": Kind.number,
        "email": Kind.text,
        "country": Kind.text,
        "spent": Kind.number,
        "born": Kind.date,
    }


def test_only_rows_and_columns_that_are_wanted_travel(database: Database):
    source = database.open()
    frame = source.scan().filter(nw.col("country") == "LV")
    found = source.fetched(frame, ["email", "born"]).collect()
    assert found.columns == [ROW, "email", "born"]
    assert found[ROW].to_list() == [1, 2, 3, 4]
    assert sorted(found["born"]) == [date(1990, 1, day) for day in (1, 3, 4, 5)]
    kept = list(database.cache.rglob("*.parquet"))
    assert len(kept) == 1
    assert set(pl.read_parquet_schema(kept[0])) == {"email", "born"}


def test_what_was_fetched_goes_with_the_source(database: Database):
    source = database.open()
    source.fetched(source.scan()).collect()
    assert list(database.cache.iterdir())
    del source
    assert list(database.cache.iterdir()) == []


def test_a_query_is_read_as_a_table_is(database: Database):
    source = database.open(query="select email, 2 * id as twice from people where id > 3")
    assert dict(source.schema())["twice"] is Kind.number
    found = source.small(source.scan().select(nw.len().alias("n"), nw.col("twice").max()))
    assert found.to_dicts() == [{"n": 2, "twice": 10}]


def test_numbers_are_exact_and_nothing_is_nothing(database: Database):
    source = database.open()
    found = source.fetched(source.scan(), ["id", "spent"]).sort("id").collect()
    assert [str(one) for one in found["spent"]][:1] == ["10.25"]
    assert found["spent"].to_list()[1] is None


def test_columns_that_look_like_patterns_and_tables_with_odd_names_are_read(database: Database):
    database.execute('create table "My People" ("^a.*$" integer, "*" integer, "a""b" integer)')
    database.execute('insert into "My People" values (1, 2, 3)')
    source = database.open(table=next(name for name in database.tables() if "My People" in name))
    found = source.fetched(source.scan(), ["^a.*$", "*", 'a"b']).collect()
    assert found.row(0) == (1, 1, 2, 3)


def test_a_table_without_rows_has_fields_and_none_to_give(database: Database):
    database.execute("delete from people")
    source = database.open()
    assert source.fetched(source.scan(), ["email"]).collect().to_dicts() == []
    assert source.small(source.scan().select(nw.len())).item() == 0


def test_one_source_sees_one_state_whatever_is_written_meanwhile(postgres: Database):
    source = postgres.open()
    postgres.execute("insert into people values (9, 'z@x.lv', 'LV', 1, null)")
    postgres.execute("delete from people where id = 1")
    assert source.small(source.scan().select(nw.len())).item() == len(PEOPLE)
    assert postgres.open().small(source.scan().select(nw.len())).item() == len(PEOPLE)


def test_nothing_can_be_written_even_by_a_query(database: Database):
    source = database.open()
    with pytest.raises(SourceFailed):
        list(source._session.batches("create table evil (a integer)", {}, Losses()))
    with pytest.raises(SourceFailed):
        list(source._session.batches("delete from people", {}, Losses()))


def test_more_rows_than_are_allowed_are_refused(database: Database):
    source = database.open(limits=Limits(rows=3))
    with pytest.raises(SourceFailed, match="at most 3 are read"):
        source.fetched(source.scan())


def test_a_cell_of_more_than_is_allowed_is_refused(sqlite: Database):
    sqlite.execute("update people set country = printf('%.*c', 1100000, 'x')")
    source = sqlite.open(limits=Limits(cell=1))
    with pytest.raises(SourceFailed, match="a cell of “country” has 2 MB"):
        source.fetched(source.scan())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"table": "nobody"}, "The table isn't there"),
        ({"query": "select nothing from people"}, "A column isn't there|doesn't understand"),
    ],
)
def test_what_is_not_there_is_said(database: Database, options: dict, said: str):
    with pytest.raises(SourceFailed, match=said):
        database.open(**options)


def test_a_column_that_was_renamed_is_said(database: Database):
    frame = database.open().scan().select("country")
    database.execute("alter table people rename column country to land")
    with pytest.raises(SourceFailed, match="A column isn't there"):
        database.open().fetched(frame)


def test_a_file_that_is_missing_or_another_is_said(tmp_path: Path):
    for make in (sqlite_at, duckdb_at):
        with pytest.raises(SourceFailed, match="There is no file"):
            make(tmp_path / "none.db", tmp_path / "cache").open()
        (tmp_path / "text.db").write_text("hello " * 1000)
        with pytest.raises(SourceFailed, match="is no file of"):
            make(tmp_path / "text.db", tmp_path / "cache").open()


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("sqlite", "database is locked"),
        ("duckdb", 'IO Error: Could not set lock on file "x": Conflicting lock is held in PID 7'),
    ],
)
def test_a_file_that_another_program_writes_is_named_as_the_sources(engine: str, words: str):
    address = Address.parse(f"{engine}:////data/people.db")
    said = failures.sentence(OperationalError(words), address, 1.0)
    assert said.startswith("The source's file /data/people.db is locked: another program")
    assert "Try again once it has finished, or close it there" in said


def test_a_query_of_duckdb_reads_its_own_file_alone(duck: Database, tmp_path: Path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(SourceFailed):
        duck.open(query=f"select * from read_csv('{tmp_path}/secret.csv')")


def test_each_type_of_postgresql_is_something(postgres: Database):
    postgres.execute("create type mood as enum ('glad', 'sad')")
    postgres.execute(
        "create table odd (n numeric, big numeric(30,4), j jsonb, u uuid, m mood, i interval,"
        " b bytea, r int4range, bits bit(3), ip inet, t time, padded char(5), f real, tags text[],"
        " ids int[], at timestamptz, plain timestamp, day date, money money)"
    )
    postgres.execute(
        "insert into odd values (1.125, 12345678901234567890123456.1234, '{\"a\": 1}',"
        " '08233ff6-0e27-4fa0-88a7-e7aa6c66125e', 'glad', '1 day', 'x', '[1,2)', '101', '1.1.1.1',"
        " '10:30', 'ab', 0.1, '{a,NULL}', '{1,2}', '2026-03-29 01:30+03', '2026-03-29 01:30',"
        " 'infinity', 5)"
    )
    postgres.execute("insert into odd (n) values ('NaN')")
    source = postgres.open(table="odd")
    one, empty = source.fetched(source.scan()).collect().to_dicts()
    assert one["n"] == Decimal("1.125")
    assert one["big"] == Decimal("12345678901234567890123456.1234")
    assert (one["j"], one["m"], one["i"]) == ('{"a": 1}', "glad", "1 day")
    assert one["u"] == "08233ff6-0e27-4fa0-88a7-e7aa6c66125e"
    assert (one["r"], one["bits"], one["ip"], one["t"]) == (
        "[1,2)",
        "101",
        "1.1.1.1/32",
        "10:30:00",
    )
    assert (one["padded"], one["f"], one["b"]) == ("ab", 0.1, b"x")
    assert (one["tags"], one["ids"]) == (["a", None], [1, 2])
    assert one["at"] == datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    assert one["plain"] == datetime(2026, 3, 29, 1, 30)
    assert one["day"] is None
    assert empty["n"] is None
    foreign = {column.name for column in source.columns if column.foreign}
    assert foreign == {"j", "u", "m", "i", "r", "bits", "ip", "t", "money"}


def refused(database: Database, url: str) -> str:
    """What is said of a URL that can't be used."""
    other = Database(url, database.execute, database.cache)
    with pytest.raises(SourceFailed) as failed:
        other.open()
    return str(failed.value)


def test_each_failure_to_connect_has_its_sentence_without_a_secret(postgres: Database):
    secret = "s3cret-w%40rd"
    for url, said in (
        (f"postgresql://ann:{secret}@no-such-host.invalid/x", "No server of the name"),
        (f"postgresql://ann:{secret}@127.0.0.1:1/x", "Nothing answers at 127.0.0.1, port 1"),
        (postgres.url.replace("source_", "sauce_"), "There is no database “sauce_"),
        (postgres.url.replace("postgres:@", f"nobody:{secret}@"), "the user or the password"),
        (f"postgresql://ann:{secret}@127.0.0.1:1/x?sslmode=verify-full", "Nothing answers|TLS"),
    ):
        found = refused(postgres, url)
        assert any(part in found for part in said.split("|")), found
        assert "s3cret" not in found


def test_each_failure_of_mariadb_has_its_sentence(maria: Database):
    maria.execute("create or replace user reader identified by 's3cret'")
    at = maria.url.partition("@")[2]
    for url, said in (
        (f"mysql://reader:wr0ng@{at}", "the user or the password"),
        (f"mysql://reader:s3cret@{at}", "“reader” may not read it|There is no database|denied"),
        (f"mysql://root@{at.replace('source_', 'sauce_')}", "There is no database “sauce_"),
        ("mysql://reader:s3cret@127.0.0.1:1/x", "Nothing answers at 127.0.0.1, port 1"),
        ("mysql://reader:s3cret@no-such-host.invalid/x", "Nothing answers|No server of the name"),
    ):
        found = refused(maria, url)
        assert any(part in found for part in said.split("|")), found
        assert "s3cret" not in found
        assert "wr0ng" not in found


def test_a_server_of_mariadb_is_known_whatever_the_url_calls_it(maria: Database):
    maria.url = maria.url.replace("mariadb://", "mysql://")
    assert engine_of(maria.open().schema()) == "mariadb"


def test_each_type_of_mariadb_is_something(maria: Database):
    maria.execute(
        "create table odd (n decimal(20,4), u bigint unsigned, flag boolean, tiny tinyint,"
        " e enum('glad', 'sad'), b varbinary(3), j json, t time, y year, f float, at timestamp,"
        " plain datetime(6), day date, bits bit(3), padded char(5))"
    )
    maria.execute("set time_zone = '+02:00', sql_mode = 'ANSI_QUOTES'")
    maria.execute(
        "insert into odd values (1.125, 18446744073709551615, true, 5, 'glad', 'x', '{}',"
        " '10:30', 2026, 0.1, '2026-03-29 01:30', '2026-03-29 01:30', '0000-00-00', 5, 'ab')"
    )
    source = maria.open(table="odd")
    (one,) = source.fetched(source.scan()).collect().to_dicts()
    assert (one["n"], one["u"]) == (Decimal("1.1250"), Decimal(18446744073709551615))
    assert (one["flag"], one["tiny"], one["e"], one["y"]) == (True, 5, "glad", 2026)
    assert (one["b"], one["j"], one["t"], one["f"]) == (b"x", "{}", "10:30:00", 0.1)
    assert one["at"] == datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert (one["plain"], one["day"]) == (datetime(2026, 3, 29, 1, 30), None)
    assert one["padded"] == "ab"


def test_stopping_reaches_mariadb(maria: Database):
    asked = threading.Event()

    def report(_share: float, _doing: str) -> None:
        if asked.is_set():
            raise Stopped("Stopped.")

    source = maria.open(progress=report, query="select sleep(60) as it from people where id = 1")
    asked.set()
    with pytest.raises(Stopped):
        source.fetched(source.scan())
    busy = "select id from information_schema.processlist where info like '%sleep(60)%'"
    again = maria.open(query=f"{busy} and id <> connection_id()")
    assert again.small(again.scan().select(nw.len())).item() == 0


def test_a_table_that_may_not_be_read_names_the_role(postgres: Database):
    postgres.execute("drop role if exists segferry_reader")
    postgres.execute("create role segferry_reader login")
    found = refused(postgres, postgres.url.replace("postgres:@", "segferry_reader@"))
    assert "“segferry_reader” may not read it: permission denied for table people" in found
    assert "docs/sources.md" in found


def read(database: Database, query: str) -> None:
    """Reads it all, in half a second at most."""
    source = database.open(limits=Limits(seconds=0.5), query=query)
    source.fetched(source.scan())


def test_a_query_that_takes_too_long_is_stopped(postgres: Database, sqlite: Database):
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
    for database, query in (
        (postgres, "select pg_sleep(20)::text as it"),
        (sqlite, f"{endless} where i < 0"),
    ):
        with pytest.raises(SourceFailed, match=r"took more than 0\.5 seconds"):
            read(database, query)


def test_stopping_reaches_the_server(postgres: Database):
    asked = threading.Event()

    def report(_share: float, _doing: str) -> None:
        if asked.is_set():
            raise Stopped("Stopped.")

    source = postgres.open(progress=report, query="select pg_sleep(60)::text as it")
    asked.set()
    with pytest.raises(Stopped):
        source.fetched(source.scan())
    busy = postgres.open(
        query="select pid from pg_stat_activity where state = 'active' and query like '%sleep(60)%'"
        " and pid <> pg_backend_pid()"
    )
    assert busy.small(busy.scan().select(nw.len())).item() == 0


def test_after_a_failure_the_next_statement_works(postgres: Database):
    source = postgres.open()
    with pytest.raises(SourceFailed):
        list(source._session.batches("select 1/0", {}, Losses()))
    assert source.small(source.scan().select(nw.len())).item() == len(PEOPLE)


def test_its_tables_can_be_listed(database: Database):
    database.execute('create table "Odd Name" (a integer)')
    tables = [name for name in database.tables() if "Odd Name" in name or "people" in name]
    for table in tables[-2:]:
        database.open(table=table)
    assert any("Odd Name" in table for table in tables)


def test_a_value_of_another_type_than_its_column_is_empty_and_noted(sqlite: Database):
    sqlite.execute("insert into people values ('many', 'd@x.lv', 'LV', 'a lot', 'soon')")
    source = sqlite.open()
    found = source.fetched(source.scan().filter(nw.col("email") == "d@x.lv")).collect()
    assert found.row(0, named=True) == {
        ROW: 1,
        "id": None,
        "email": "d@x.lv",
        "country": "LV",
        "spent": None,
        "born": None,
    }
    assert [(note.kind, note.column, note.count, note.text) for note in source.notes()] == [
        ("odd_value", "id", 1, "many"),
        ("odd_value", "spent", 1, "a lot"),
        ("odd_value", "born", 1, "soon"),
    ]
