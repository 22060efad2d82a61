"""Inner queries that only add columns of ours are taken into those that read them."""

import pytest
import sqlglot

from core.profiles.sources.databases.inlining import inlined

TEXT = "segferry_text(t0.city)"


def written(statement: str) -> str:
    return str(inlined(sqlglot.parse_one(statement, dialect="duckdb")).sql(dialect="duckdb"))


def test_a_column_of_ours_stands_where_it_is_compared() -> None:
    inner = f"SELECT t0.id, {TEXT} AS own FROM people AS t0"
    found = written(f"SELECT t1.id FROM ({inner}) AS t1 WHERE t1.own = 'Riga'")
    assert found == "SELECT t0.id FROM people AS t0 WHERE SEGFERRY_TEXT(t0.city) = 'Riga'"


def test_queries_within_queries_become_one() -> None:
    one = "SELECT t0.id, t0.city, 0 AS row FROM people AS t0"
    two = f"SELECT t1.id, t1.row, {TEXT.replace('t0', 't1')} AS own FROM ({one}) AS t1"
    found = written(f"SELECT t2.id, t2.row FROM ({two}) AS t2 WHERE t2.own = 'Riga'")
    expected = "SELECT t0.id, 0 AS \"row\" FROM people AS t0 WHERE SEGFERRY_TEXT(t0.city) = 'Riga'"
    assert found == expected


def test_all_columns_stay_all_columns_that_the_inner_query_gave() -> None:
    inner = f"SELECT t0.id, {TEXT} AS own FROM people AS t0"
    found = written(f"SELECT * FROM ({inner}) AS t1 WHERE t1.own = 'Riga'")
    assert found.startswith('SELECT t0.id, SEGFERRY_TEXT(t0.city) AS "own" FROM people AS t0')


def test_a_column_given_by_another_name_keeps_it() -> None:
    found = written("SELECT t1.a FROM (SELECT t0.b AS a FROM people AS t0) AS t1")
    assert found == 'SELECT t0.b AS "a" FROM people AS t0'


@pytest.mark.parametrize(
    "inner",
    [
        "SELECT t0.id FROM people AS t0 WHERE t0.id > 1",
        "SELECT t0.id FROM people AS t0 LIMIT 3",
        "SELECT DISTINCT t0.id FROM people AS t0",
        "SELECT MAX(t0.id) AS id FROM people AS t0",
        "SELECT t0.id FROM people AS t0 GROUP BY t0.id",
        "SELECT t0.id FROM people AS t0, orders AS t9",
        "SELECT t0.id + 1 AS id FROM people AS t0",
        "SELECT * FROM people AS t0",
        "SELECT t0.* FROM people AS t0",
    ],
)
def test_a_query_that_does_more_stays(inner: str) -> None:
    statement = f"SELECT t1.id FROM ({inner}) AS t1"
    assert written(statement) == statement


@pytest.mark.parametrize("star", ["t1.*", "* EXCLUDE (id)", "*, t1.id AS again"])
def test_a_query_of_nearly_all_columns_stays(star: str) -> None:
    statement = f"SELECT {star} FROM (SELECT t0.id, t0.city FROM people AS t0) AS t1"
    assert written(statement) == statement
