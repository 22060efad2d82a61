"""What the types of databases are here: each of them something, and none is dropped."""

import pytest

from core.profiles.sources import Kind
from core.profiles.sources.databases.columns import column_of


@pytest.mark.parametrize(
    ("dialect", "written", "kind", "logical"),
    [
        ("postgres", "integer", Kind.number, "int64"),
        ("postgres", "numeric(10,2)", Kind.number, "decimal"),
        ("postgres", "real", Kind.number, "float32"),
        ("postgres", "character varying(80)", Kind.text, "string"),
        ("postgres", "boolean", Kind.boolean, "boolean"),
        ("postgres", "date", Kind.date, "date"),
        ("postgres", "timestamp without time zone", Kind.moment, "timestamp"),
        ("postgres", "timestamp with time zone", Kind.moment, "timestamp('UTC')"),
        ("postgres", "text[]", Kind.list, "array<string>"),
        ("postgres", "bytea", Kind.bytes, "binary"),
        ("duckdb", "UBIGINT", Kind.number, "decimal"),
        ("duckdb", "INTEGER[]", Kind.list, "array<int64>"),
        ("mysql", "bigint unsigned", Kind.number, "decimal"),
        ("mysql", "datetime", Kind.moment, "timestamp"),
        ("mysql", "timestamp", Kind.moment, "timestamp('UTC')"),
    ],
)
def test_a_type_is_of_a_kind(dialect: str, written: str, kind: Kind, logical: str):
    found = column_of("it", written, dialect)
    assert (found.kind, found.logical, found.foreign) == (kind, logical, False)


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        *(("postgres", one) for one in ("jsonb", "uuid", "mood", "interval", "int4range", "xml")),
        *(("postgres", one) for one in ("bit(3)", "inet", "money", "time without time zone")),
        *(("postgres", one) for one in ('"Mixed Enum"', "citext", "numeric(10,2)[]")),
        *(("duckdb", one) for one in ("STRUCT(a INTEGER)", "UUID", "MAP(VARCHAR, INTEGER)")),
        *(("duckdb", one) for one in ("ENUM('a', 'b')", "INTERVAL", "VARCHAR[][]")),
        *(("mysql", one) for one in ("json", "enum('a','b')", "set('a')", "point", "time")),
    ],
)
def test_what_has_no_kind_here_is_read_as_its_text(dialect: str, written: str):
    found = column_of("it", written, dialect)
    assert (found.kind, found.as_text, found.foreign) == (Kind.text, True, True)


def test_padded_text_loses_its_padding():
    found = column_of("it", "character(5)", "postgres")
    assert (found.kind, found.as_text, found.foreign) == (Kind.text, True, False)
