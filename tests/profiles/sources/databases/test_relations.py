"""Rules as SQL of each engine, and queries that are refused because they do more than read."""

import subprocess
import sys

import narwhals as nw
import pytest

from core.errors import Invalid
from core.profiles.sources.databases import relations
from core.profiles.sources.databases.columns import column_of
from core.profiles.sources.databases.engines import ENGINES
from core.profiles.sources.databases.relations import Place

POSTGRESQL = ENGINES["postgresql"]
COLUMNS = [column_of("email", "text", "postgres"), column_of("meta", "jsonb", "postgres")]


def sql(place: Place) -> str:
    frame = relations.relation(COLUMNS).filter(nw.col("email") == "O'Neil").select("email", "meta")
    bases = {relations.PLACE: relations.base(place, COLUMNS, POSTGRESQL)}
    return relations.sql(frame, bases, POSTGRESQL)


def test_what_has_no_type_here_is_cast_to_text_in_the_database():
    assert " ".join(sql(Place(table="crm.people")).split()) == (
        'SELECT * FROM ( select "email", CAST("meta" AS TEXT) as "meta" '
        'from crm.people as segferry_given ) AS "t0" WHERE "t0"."email" = \'O\'\'Neil\''
    )


def test_a_query_stands_as_it_was_written_even_with_a_comment_at_its_end():
    query = "with a as (select 1) select * from a -- the end"
    assert f"(\n{query}\n)" in sql(Place(query=f"{query} ".strip()))
    assert relations.checked_query("select 1 ; ", POSTGRESQL) == "select 1"


@pytest.mark.parametrize(
    "query",
    [
        "delete from people",
        "select 1; drop table people",
        "select 1) t; drop table people; select (2",
        "with gone as (delete from people returning *) select * from gone",
        "select * into copy from people",
        "update people set email = ''",
        "create table x as select 1",
        "truncate people",
        "copy people to program 'sh'",
        "sel ect",
        "",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(query: str):
    with pytest.raises(Invalid) as refused:
        relations.checked_query(query, POSTGRESQL)
    assert refused.value.field == "query"


@pytest.mark.parametrize(
    ("table", "written"),
    [
        ("people", "people"),
        ("crm.people", "crm.people"),
        ('"My Schema"."People"', '"My Schema"."People"'),
        ("people; drop table x", '"people; drop table x"'),
        ("(select 1)", '"(select 1)"'),
    ],
)
def test_a_table_is_a_name_and_nothing_else(table: str, written: str):
    assert Place(table=table).sql(POSTGRESQL) == written


def test_a_name_of_more_parts_than_tables_have_is_refused():
    with pytest.raises(Invalid, match="no name of a table"):
        Place(table="a.b.c.d").sql(POSTGRESQL)


FIRST = """
from datetime import date
import narwhals as nw
from core.profiles.sources.databases import relations
from core.profiles.sources.databases.columns import column_of
from core.profiles.sources.databases.engines import ENGINES

engine, place = ENGINES["postgresql"], relations.Place("crm.people")
columns = [column_of("born", "date", "postgres")]
bases = {relations.PLACE: relations.base(place, columns, engine)}
frame = relations.relation(columns).filter(nw.col("born") >= date(1990, 1, 3))
print(relations.sql(frame, bases, engine))
"""


def test_a_program_that_has_read_no_database_before_writes_its_days_as_the_database_does():
    given = {"capture_output": True, "text": True, "check": True}
    written = subprocess.run([sys.executable, "-c", FIRST], **given).stdout
    assert "MAKE_DATE(1990, 1, 3)" in written
