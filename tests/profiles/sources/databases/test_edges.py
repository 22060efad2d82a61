"""Values at the edges of each engine's types: each arrives as it is there, or a note says so."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from math import inf, nan
from typing import Any

import pytest

from core.profiles.segments.compared import compared
from core.profiles.segments.expressions import expression
from core.profiles.segments.rules import Group
from core.profiles.sources.notes import Noted
from tests.profiles.sources.databases.conftest import Database

ODD, CUT = Noted.odd_value, Noted.cut_value
Edge = tuple[Any, ...]  # type, value in SQL, what arrives; where that isn't all: kind, example
HUGE = "1" + 45 * "0"
LAST = datetime(9999, 12, 31, 23, 59, 59, 999999)

POSTGRESQL: Sequence[Edge] = [
    ("bigint", "-9223372036854775808", -(2**63)),
    ("numeric", HUGE, None, ODD, HUGE),
    ("numeric", f"-0.{45 * '1'}", Decimal(f"-0.{38 * '1'}"), CUT, f"-0.{45 * '1'}"),
    ("numeric", "'NaN'", None, ODD, "NaN"),
    ("numeric", "'-Infinity'", None, ODD, "-Infinity"),
    ("numeric(10,2)", "'NaN'", None, ODD, "NaN"),
    ("numeric(60,30)", "1234567890.5", Decimal("1234567890.5")),
    ("numeric(50,40)", "-9999999999.5", Decimal("-9999999999.5")),
    ("numeric(3,-2)", "12300", Decimal(12300)),
    ("numeric(3,5)", "0.00123", Decimal("0.00123")),
    ("double precision", "'NaN'", nan),
    ("double precision", "'-Infinity'", -inf),
    ("real", "0.1", 0.1),
    ("date", "'infinity'", None, ODD, "infinity"),
    ("date", "'-infinity'", None, ODD, "-infinity"),
    ("date", "'10000-01-01'", None, ODD, "10000-01-01"),
    ("date", "'0044-03-15 BC'", None, ODD, "0044-03-15 BC"),
    ("date", "'9999-12-31'", date.max),
    ("timestamp", "'infinity'", None, ODD, "infinity"),
    ("timestamp", "'-infinity'", None, ODD, "-infinity"),
    ("timestamp", "'290000-02-29 01:02:03.000004'", None, ODD, "290000-02-29 01:02:03.000004"),
    ("timestamp", "'9999-12-31 23:59:59.999999'", LAST),
    ("timestamptz", "'infinity'", None, ODD, "infinity"),
    ("timestamptz", "'0001-12-31 23:59:59+00 BC'", None, ODD, "0001-12-31 23:59:59 BC"),
    ("timestamptz", "'0001-01-01 00:00:00+00'", datetime(1, 1, 1, tzinfo=UTC)),
    ("interval", "'400 days 30:00:00'", "400 days 30:00:00"),
    ("time", "'24:00:00'", "24:00:00"),
    ("timetz", "'10:00:00+03'", "10:00:00+03"),
    ("bytea", r"'\x00ff'", b"\x00\xff"),
    ("text[]", "'{a,NULL,\"\"}'", ["a", None, ""]),
    ("bigint[]", "'{9223372036854775807}'", [2**63 - 1]),
    ("numeric[]", "'{1.5}'", "{1.5}"),
    ("amount", "1.25", Decimal("1.25")),
    ("pair", "'(1,a)'", "(1,a)"),
    ("mood", "'glad'", "glad"),
    ("oid", "4294967295", "4294967295"),
]
DUCKDB: Sequence[Edge] = [
    ("hugeint", f"{2**127 - 1}", None, ODD, f"{2**127 - 1}"),
    ("hugeint", f"-{10**38 - 1}", Decimal(1 - 10**38)),
    ("uhugeint", f"{2**128 - 1}", None, ODD, f"{2**128 - 1}"),
    ("ubigint", f"{2**64 - 1}", Decimal(2**64 - 1)),
    ("decimal(38,20)", "0.00000000000000000001", Decimal("1E-20")),
    ("bignum", f"'{HUGE}'", HUGE),
    ("date", "'infinity'", None, ODD, "infinity"),
    ("date", "'-infinity'", None, ODD, "-infinity"),
    ("date", "'290000-01-01'", None, ODD, "290000-01-01"),
    ("date", "'0044-03-15 (BC)'", None, ODD, "0044-03-15 BC"),
    ("timestamp", "'9999-12-31 23:59:59.999999'", LAST),
    ("timestamp", "'infinity'", None, ODD, "infinity"),
    ("timestamptz", "'-infinity'", None, ODD, "-infinity"),
    ("timestamp_s", "'infinity'", None, ODD, "infinity"),
    ("timestamp_s", "'290000-01-01'", None, ODD, "290000-01-01 00:00:00"),
    ("timestamp_ms", "'-infinity'", None, ODD, "-infinity"),
    ("timestamp_ns", "'infinity'", None, ODD, "infinity"),
    (
        *("timestamp_ns", "'2026-01-01 00:00:00.123456789'"),
        *(datetime(2026, 1, 1, 0, 0, 0, 123456), CUT, "2026-01-01 00:00:00.123456789"),
    ),
    ("timestamp_ns", "'2026-01-01 00:00:00.123456'", datetime(2026, 1, 1, 0, 0, 0, 123456)),
    ("time_ns", "'24:00:00.000000000'", "24:00:00"),
    ("interval", "'400 days 30:00:00'", "400 days 30:00:00"),
    ("varchar", "'a' || chr(0) || 'b'", "a\0b"),
    ("double", "'-inf'", -inf),
    ("float", "16777217", 16777216.0),
    ("integer[3]", "[1, null, 3]", [1, None, 3]),
    ("ubigint[]", f"[{2**64 - 1}]", f"[{2**64 - 1}]"),
    ("struct(a integer)", "{'a': 1}", "{'a': 1}"),
    ("union(n integer, s varchar)", "'a'", "a"),
    ("bit", "'101'", "101"),
]
MARIADB: Sequence[Edge] = [
    ("bigint unsigned", f"{2**64 - 1}", Decimal(2**64 - 1)),
    ("decimal(65,0)", HUGE, None, ODD, HUGE),
    ("decimal(65,30)", "1234567890.5", Decimal("1234567890.5")),
    ("decimal(65,38)", "1.5", Decimal("1.5")),
    ("float", "1234567", 1234567.0),
    ("float", "0.1", 0.1),
    ("double", "1/3e0", 1 / 3),
    ("boolean", "5", None, ODD, "5"),
    ("tinyint", "5", 5),
    ("bit(3)", "5", "101"),
    ("bit(64)", f"{2**64 - 1}", 64 * "1"),
    ("year", "0", 0),
    ("date", "'0000-00-00'", None, ODD, "0000-00-00"),
    ("date", "'2026-02-31'", None, ODD, "2026-02-31"),
    ("datetime", "'2026-00-15 10:00'", None, ODD, "2026-00-15 10:00:00"),
    ("datetime(6)", "'9999-12-31 23:59:59.999999'", LAST),
    ("time", "'-838:59:59'", "-838:59:59"),
    ("time(6)", "'100:00:00.5'", "100:00:00.500000"),
    ("varbinary(3)", "x'00ff'", b"\x00\xff"),
    ("varchar(5)", "concat('a', char(0), 'b')", "a\0b"),
    ("varchar(5) character set latin1", "'é'", "é"),
    ("set('a','b')", "'a,b'", "a,b"),
    ("point", "point(1, 2)", "POINT(1 2)"),
    ("uuid", "'08233ff6-0e27-4fa0-88a7-e7aa6c66125e'", "08233ff6-0e27-4fa0-88a7-e7aa6c66125e"),
    ("inet6", "'::1'", "::1"),
    ("int(5) zerofill", "42", 42),
]
SQLITE: Sequence[Edge] = [
    ("integer", "9223372036854775807", 2**63 - 1),
    ("integer", "9223372036854775808", None, ODD, "9.223372036854776e+18"),
    ("integer", "2.5", None, ODD, "2.5"),
    ("decimal(20,0)", "9007199254740993", 2.0**53, CUT, "9007199254740993"),
    ("numeric", "9007199254740992", 2.0**53),
    ("decimal(10,2)", "'1,5'", None, ODD, "1,5"),
    ("real", "-9e999", -inf),
    ("text", "x'41'", None, ODD, "x'41'"),
    ("text", "'a' || char(0) || 'b'", "a\0b"),
    ("blob", "x'00ff'", b"\x00\xff"),
    ("blob", "5", None, ODD, "5"),
    ("date", "'2026-01-02'", date(2026, 1, 2)),
    ("date", "'2026-01-02 00:00:00.000'", date(2026, 1, 2)),
    ("date", "'2026-01-02 10:00'", date(2026, 1, 2), CUT, "2026-01-02 10:00"),
    ("date", "'2026-01-02 at last'", date(2026, 1, 2), CUT, "2026-01-02 at last"),
    ("date", "'10000-01-01'", None, ODD, "10000-01-01"),
    ("date", "2460000.5", None, ODD, "2460000.5"),
    (
        *("datetime", "'2026-01-02 10:00:00.1234567'"),
        *(datetime(2026, 1, 2, 10, 0, 0, 123456), CUT, "2026-01-02 10:00:00.1234567"),
    ),
    ("datetime", "'2026-01-02 10:00:00.1234560'", datetime(2026, 1, 2, 10, 0, 0, 123456)),
    ("datetime", "'2026-01-02T10:00:00+03:00'", datetime(2026, 1, 2, 7)),
    ("datetime", "1700000000", None, ODD, "1700000000"),
    ("boolean", "'true'", None, ODD, "true"),
]
EDGES = {"postgres": POSTGRESQL, "duck": DUCKDB, "maria": MARIADB, "sqlite": SQLITE}
BEFORE = {
    "postgres": [
        "create domain amount as numeric(10,2)",
        "create type pair as (a int, b text)",
        "create type mood as enum ('glad')",
    ],
    "maria": ["set sql_mode = 'ANSI_QUOTES,ALLOW_INVALID_DATES'"],
}


@pytest.mark.parametrize("name", EDGES)
def test_each_value_arrives_as_it_is_or_is_noted(name: str, request: pytest.FixtureRequest):
    database: Database = request.getfixturevalue(name)
    edges = EDGES[name]
    for statement in BEFORE.get(name, ()):
        database.execute(statement)
    database.execute(
        f"create table edges ({', '.join(f'c{n} {edge[0]}' for n, edge in enumerate(edges))})"
    )
    database.execute(f"insert into edges values ({', '.join(edge[1] for edge in edges)})")
    source = database.open(table="edges")
    (found,) = source.fetched(source.scan(), list(source.schema())).collect().to_dicts()
    notes = {note.column: (note.kind, note.text) for note in source.notes()}
    assert len(found) == len(edges) + 1
    for n, (_type, _value, arrives, *noted) in enumerate(edges):
        it = found[f"c{n}"]
        assert it == arrives or repr(it) == repr(arrives) == "nan", (edges[n], it)
        kind, text = noted or (None, "")
        expected = (kind, text if len(text) <= 40 else text[:39] + "…") if kind else None
        assert notes.get(f"c{n}") == expected, edges[n]
    assert {note.count for note in source.notes()} == {1}


def test_notes_count_a_column_once_and_show_the_first_of_its_rows(duck: Database):
    duck.execute("create table days as select 'infinity'::date as day from range(25000)")
    duck.execute("update days set day = '2026-01-01' where rowid < 12000")
    source = duck.open(table="days")
    source.fetched(source.scan())
    source.fetched(source.scan())
    (note,) = source.notes()
    assert (note.count, note.row, note.text) == (13_000, 12_001, "infinity")


def test_numbers_among_texts_of_sqlite_are_their_text_for_rules_and_exports(sqlite: Database):
    sqlite.execute("create table mixed (it)")
    sqlite.execute("insert into mixed values ('a'), (5), (1.5)")
    source = sqlite.open(table="mixed")
    group = Group.model_validate(
        {"all": [{"field": "it", "op": "is_one_of", "value": ["5", "1.5"]}]}
    )
    frame, texts = compared(source.scan(), [group], source.schema())
    rows = frame.filter(expression(group, texts, date(2026, 1, 1), "UTC"))
    found = source.fetched(rows.select("it")).collect()
    assert found["it"].to_list() == ["5", "1.5"]
