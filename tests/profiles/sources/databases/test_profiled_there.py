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
from core.profiles.segments.rules import Group
from core.profiles.source_profile import profile
from core.profiles.sources import Reading, Source, open_source
from core.profiles.summary import summarised
from core.profiles.summary_there import summarised_there
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


def file_of(tmp_path: Path) -> Source:
    path = tmp_path / "people.parquet"
    types = {"unknown": pl.String, "id": pl.Int64, "spent": pl.Decimal(12, 2)}
    frame = pl.DataFrame(PEOPLE, list(COLUMNS), schema_overrides=types, orient="row")
    frame.write_parquet(path)
    return open_source(Reading("P", "file", path), tmp_path / "files")


def test_people_look_the_same_in_a_file_and_in_each_database(filled: Database, tmp_path: Path):
    wanted = profile(file_of(tmp_path), ["visits"], TODAY, None)
    found = profile(filled.open(table="seen"), ["visits"], TODAY, None)
    assert found is not None
    assert wanted is not None
    assert (found.rows, found.uncounted) == (wanted.rows, ())
    assert list(found.columns) == list(wanted.columns)
    for name, one in wanted.columns.items():
        there = found.columns[name]
        assert there.mean == pytest.approx(one.mean), name
        assert replace(there, mean=one.mean) == one, name


RULES = {
    "all": [
        {"field": "country", "op": "is_one_of", "value": ["LV", "lv"]},
        {"field": "visits", "op": "more_than", "value": 0},
        {
            "any": [
                {"field": "member", "op": "is_true"},
                {"field": "spent", "op": "less_than", "value": 20},
            ]
        },
    ]
}
OTHERS = {"none": [{"field": "email", "op": "contains", "value": "7"}]}
SPENT = {"count": 2, "by": "spent", "ties": "email"}
FIRST = {"all": [], "top": SPENT}
AND_LAST = {"all": [{**OTHERS, "top": {**SPENT, "order": "smallest"}}, OTHERS]}
SEGMENTS = {"S": RULES, "T": OTHERS, "First": FIRST, "Last": AND_LAST}


def test_a_run_sums_up_the_same_of_a_file_and_of_each_database(filled: Database, tmp_path: Path):
    segments = {name: Group.model_validate(one) for name, one in SEGMENTS.items()}
    used = ["country", "visits", "email", "nobody", "spent"]
    file = summarised(file_of(tmp_path), segments, used, TODAY, "UTC")
    found = summarised_there(filled.open(table="seen"), segments, used, TODAY, "UTC")
    assert found == file
    assert len(found[1].rules) == 7
    assert any(rule.kept_out and rule.let_in for rule in found[1].rules)
    assert [one.passes for one in found[1].tops] == [2, 2]


def test_of_rows_that_differ_in_too_many_rules_only_segments_are_counted(filled: Database):
    given = {"S": Group.model_validate(RULES)}, ["country"], TODAY, "UTC"
    counted, found = summarised_there(filled.open(table="seen"), *given, most=2)
    assert found.rules == ()
    assert counted == summarised_there(filled.open(table="seen"), *given)[0]
    assert 0 < counted.segments["S"] < counted.rows == len(PEOPLE)


def test_a_source_without_segments_or_rows_is_summed_up(sqlite: Database):
    counted, found = summarised_there(sqlite.open(), {}, ["country"], TODAY, "UTC")
    assert (counted.rows, counted.members, found.columns["country"].distinct) == (5, 0, 2)
    sqlite.execute("delete from people")
    lv = {"S": Group.model_validate({"all": [{"field": "country", "op": "equals", "value": "LV"}]})}
    counted, found = summarised_there(sqlite.open(), lv, ["country"], TODAY, "UTC")
    assert (counted.rows, counted.segments, found.rows) == (0, {"S": 0}, 0)


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
    sqlite.execute("create table wide (" + ", ".join(f"n{n} integer" for n in range(66)) + ")")
    sqlite.execute("insert into wide (n7) values (1), (2), (2)")
    source = sqlite.open(table="wide")
    found = profiled(source, list(source.schema()))
    assert (found.columns["n7"].distinct, found.columns["n8"].empty) == (2, 3)
