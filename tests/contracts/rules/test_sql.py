"""Databases that no test asks: the SQL that they get, text in quotes cut where it is long."""

import re
from pathlib import Path

import pytest
import sqlglot

from tests.contracts.rules.engines import Database

LONG = 30  # characters
FOLDER = Path(__file__).parent / "sql"
ENGINES = ("mysql", "snowflake", "bigquery", "databricks", "trino")
RULES = [
    ("text", "starts_with", "L%_\\x'"),
    ("text", "ends_with", "V"),
    ("text", "contains", "V"),
    ("text", "is_one_of", ["LV", "Rīga"]),
    ("text", "matches", r"^(a|b)+\.\d?$"),
    ("tags", "contains", "a"),
    ("whole", "more_than", 1.5),
    ("whole", "less_than", 10**20),
    ("floating", "at_least", 0.1),
    ("short", "equals", 0.1),
    ("exact", "is_one_of", [0.1, 3]),
    ("flag", "is_false", None),
    ("day", "between", ["2026-01-01", "2026-03-29"]),
    ("told", "on", "2026-03-29"),
    ("real", "in_last_days", 90),
    ("real", "is_empty", None),
]


class Asked(Database):
    """A database that nobody asks."""

    def __init__(self, name):
        self.name = self.dialect = name
        super().__init__(request=None)

    def load(self):
        """There is nothing that would hold them."""


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sql_of_a_database_is_as_it_was(engine):
    asked, parts = Asked(engine), []
    lacking = ("tags",) if engine in ("mysql", "snowflake") else ()
    for field, op, value in RULES:
        if field not in lacking:
            sql = asked.sql([{"all": [{"field": field, "op": op, "value": value}]}])
            sqlglot.parse_one(sql, dialect=engine)
            parts.append(f"-- {field} {op} {value}\n{shortened(sql)}\n")
    file, found = FOLDER / f"{engine}.sql", "\n".join(parts)
    assert found == file.read_text(), f"look at it, then remove {file.name} and write it anew"


def shortened(sql):
    """Readable: long texts cut, letters beyond ASCII by their numbers, no names by chance."""
    texts = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
    short = texts.sub(lambda found: found[0] if len(found[0]) < LONG else "'…'", sql)
    named = re.sub(r"(arr_contains)_\w+", r"\1", short)
    return named.encode("ascii", "backslashreplace").decode()
