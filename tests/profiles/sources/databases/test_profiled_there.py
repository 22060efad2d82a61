"""The same people look the same in a file and in each database, which counts them itself."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.errors import SourceFailed
from core.profiles.profiled_there import profiled
from core.profiles.source_profile import profile
from core.profiles.sources import Reading, open_source
from core.profiles.summary import Summary
from tests.profiles.sources.databases.conftest import Database

TODAY = date(2026, 11, 28)
COLUMNS = {
    "id": "integer",
    "email": "varchar(80)",
    "country": "varchar(20)",
    "note": "varchar(20)",
    "member": "boolean",
    "spent": "decimal(12,2)",
    "score": "double precision",
    "visits": "integer",
    "bought": "date",
    "seen": "timestamp",
    "unknown": "varchar(20)",
    "large": "double precision",
}
COUNTRIES = ("LV", "lv", "EE", "Ünder", "", None)
DAY, MOMENT = date(2026, 1, 1), datetime(2026, 3, 1, 22, 30)


def person(n: int) -> tuple[Any, ...]:
    """One of the people: few values of some columns, each its own in others, strays among them."""
    return (
        5_000 + n,
        None if n % 7 == 0 else f"p{n}@example.com",
        COUNTRIES[n % 6],
        f"note {n}",
        (True, False, None)[n % 3],
        None if n % 10 == 0 else Decimal(n % 50) + Decimal("0.25"),
        1_000_000.5 if n == 17 else (n * 37 % 1000) / 8,
        n % 4,
        None if n % 5 == 0 else DAY + timedelta(days=n % 90),
        MOMENT + timedelta(hours=n),
        None,
        float(f"{n % 9}e300"),
    )


PEOPLE = [person(n) for n in range(600)]


def literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"'{value}'" if isinstance(value, str | date) else str(value)


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with those people."""
    columns = ", ".join(f"{name} {type}" for name, type in COLUMNS.items())
    if database.url.startswith("mariadb"):
        columns = columns.replace("timestamp", "datetime")
    rows = ", ".join(f"({', '.join(map(literal, row))})" for row in PEOPLE)
    database.execute(f"create table seen ({columns})")
    database.execute(f"insert into seen values {rows}")
    return database


def in_a_file(tmp_path: Path, *personal: str) -> Summary:
    path = tmp_path / "people.parquet"
    types = {"unknown": pl.String, "id": pl.Int64, "spent": pl.Decimal(12, 2)}
    frame = pl.DataFrame(PEOPLE, list(COLUMNS), schema_overrides=types, orient="row")
    frame.write_parquet(path)
    found = profile(
        open_source(Reading("P", "file", path), tmp_path / "files"), personal, TODAY, None
    )
    assert found is not None
    return found


def test_people_look_the_same_in_a_file_and_in_each_database(filled: Database, tmp_path: Path):
    wanted = in_a_file(tmp_path, "visits")
    found = profile(filled.open(table="seen"), ["visits"], TODAY, None)
    assert found is not None
    assert (found.rows, found.uncounted) == (wanted.rows, ())
    assert list(found.columns) == list(wanted.columns)
    for name, one in wanted.columns.items():
        there = found.columns[name]
        assert there.mean == pytest.approx(one.mean), name
        assert replace(there, mean=one.mean) == one, name


def test_columns_that_the_database_refuses_to_count_are_named(postgres: Database):
    postgres.execute(
        "create function counted(it integer) returns integer stable language plpgsql as "
        "$$ begin return case when current_query() like '%GROUP BY%' then 1 / (it - it) else it "
        "end; end $$"
    )
    postgres.execute("create view odd as select country, counted(id) as broken, email from people")
    names = ["country", "broken", "email"]
    found = profiled(postgres.open(table="odd"), names)
    assert found.uncounted == ("broken", "email")
    assert (found.rows, found.columns["broken"].most, found.columns["email"].empty) == (5, 5.0, 1)
    assert (found.columns["country"].distinct, found.columns["email"].distinct) == (2, 0)


def test_no_more_time_is_taken_than_is_given(database: Database):
    source = database.open()
    with pytest.raises(SourceFailed, match="so it was stopped"):
        profiled(source, list(source.schema()), seconds=-1)
    assert profiled(source, ["id"]).rows == 5


def test_few_statements_count_whatever_many_columns_there_are(sqlite: Database):
    sqlite.execute("create table wide (" + ", ".join(f"n{n} integer" for n in range(200)) + ")")
    sqlite.execute("insert into wide (n7) values (1), (2), (2)")
    source = sqlite.open(table="wide")
    found = profiled(source, list(source.schema()))
    assert (found.columns["n7"].distinct, found.columns["n8"].empty) == (2, 3)
