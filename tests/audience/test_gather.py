"""What reading changed in the cells of a source comes as warnings of a plan, with an example."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.audience.gather import Audience, gather
from core.configuration.export import Export
from core.configuration.order import Order
from core.configuration.source import Source, Table, whole
from core.errors import Unknown
from core.plan.freeze import freeze
from core.profiles.matching.summary import summary
from core.profiles.segments.rules import Group
from core.profiles.sources import WRITTEN
from core.profiles.sources.notes import with_notes
from core.settings import Settings

EVERYBODY = Group.model_validate({"all": [{"field": "email", "op": "is_not_empty"}]})
Gather = Callable[..., Audience]


@pytest.fixture
def gathered(tmp_path: Path) -> Gather:
    """The audience of an export over a CSV file with this text."""

    def gathered(text: str, match: dict[str, Any], **options: Any) -> Audience:
        path = tmp_path / "p.csv"
        path.write_text(text, encoding="utf-8")
        source = Source(**({"name": "P", "path": str(path)} | options))
        export = Export(
            name="E",
            connection="K",
            list_id="L1",
            segments=("S",),
            match={"email": "email", **match},
            phone_region="LV",
        )
        order = Order(export, source, {"S": EVERYBODY}, "Europe/Riga", confined=False)
        return gather(order, Settings(home=tmp_path / "home"), datetime.now(UTC))

    return gathered


def sent(found: Audience) -> list[dict[str, Any]]:
    bodies = summary(found.frame, found.matching, 10).sample
    return [{**body["attributes"]} for body in bodies]


def warned(found: Audience) -> dict[str, int]:
    return with_notes(summary(found.frame, found.matching).warnings, found.notes)


def test_words_for_nothing_are_not_sent_and_counted_in_the_columns_that_are_used(gathered):
    text = "email,first_name,city,points\na@x.lv,Anna,Riga,10\nb@x.lv,NULL,\\N,nan\nc@x.lv,-,-,20\n"
    found = gathered(text, {"first_name": "first_name", "properties": {"points": "points"}})
    assert [body.get("first_name") for body in sent(found)] == ["Anna", None, None]
    assert [body.get("properties") for body in sent(found)] == [
        {"points": 10},
        None,
        {"points": 20},
    ]
    assert warned(found) == {"empty_word": 3}
    first, second = found.notes
    assert (first.column, first.count, first.row, first.text) == ("first_name", 2, 2, "NULL")
    assert (second.column, second.count, second.row, second.text) == ("points", 1, 2, "nan")


def test_a_person_named_null_can_be_kept(gathered):
    text = "email,last_name,city\na@x.lv,Null,Riga\nb@x.lv,NULL,none\n"
    names = {"last_name": "last_name", "location": {"city": "city"}}
    kept = gathered(text, names, null_words=[])
    assert [body.get("last_name") for body in sent(kept)] == ["Null", "NULL"]
    assert warned(kept) == {}
    own = gathered(text, names, null_words=["none"])
    assert [body.get("location") for body in sent(own)] == [{"city": "Riga"}, None]
    assert warned(own) == {"empty_word": 1}


def test_ids_and_phone_numbers_are_sent_as_they_are_written(gathered):
    text = "email;id;zip\n" + "".join(f"p{n}@x.lv;{n + 1}.50;1.{n:03d},0\n" for n in range(3))
    match = {"external_id": "id", "location": {"zip": "zip"}, "properties": {"id": "id"}}
    found = gathered(text, match)
    assert sent(found)[0]["external_id"] == "1.50"
    assert sent(found)[0]["location"] == {"zip": "1.000,0"}
    assert sent(found)[0]["properties"] == {"id": 1.5}


def test_an_odd_id_among_numbers_is_an_id_and_no_odd_value(gathered):
    rows = "".join(f"p{n}@x.lv,{n}\n" for n in range(1200)) + "z@x.lv,Z-1\n"
    found = gathered("email,id\n" + rows, {"external_id": "id"})
    last = found.frame.filter(pl.col("email") == "z@x.lv").select(WRITTEN + "id").collect().item()
    assert (last, warned(found)) == ("Z-1", {})
    as_value = gathered("email,id\n" + rows, {"properties": {"id": "id"}})
    assert warned(as_value) == {"odd_value": 1}
    assert (as_value.notes[0].row, as_value.notes[0].text) == (1201, "Z-1")


def test_an_id_that_a_database_cannot_give_is_told(gathered, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "p.db")) as database, database:
        database.execute("create table people (email text, id integer)")
        database.execute("insert into people values ('a@x.lv', 7), ('z@x.lv', 'Z-1')")
    place = {"type": "database", "url": f"sqlite:///{tmp_path}/p.db", "table": "people"}
    found = gathered("", {"external_id": "id"}, path="", **place)
    assert [body.get("external_id") for body in sent(found)] == ["7", None]
    assert warned(found) == {"odd_value": 1}
    assert (found.notes[0].row, found.notes[0].text) == (2, "Z-1")


def test_why_the_number_moved_is_kept_of_a_database_with_joined_tables(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "p.db")) as database, database:
        database.execute("create table people (id text, email text)")
        database.execute("insert into people values ('1', 'a@x.lv'), ('2', 'b@x.lv')")
        database.execute("create table orders (person text, total real)")
        database.execute("insert into orders values ('1', 7.5)")
    place = {"type": "database", "url": f"sqlite:///{tmp_path}/p.db"}
    join = {"source": "O", "on": {"id": "person"}, "fields": [{"name": "spent", "sum": "total"}]}
    people = Source(name="P", table="people", joined=[join], **place)
    orders = Source(name="O", table="orders", **place)
    source = whole(people, {"O": Table(source=whole(orders, {}), confined=False)})
    rules = Group.model_validate({"all": [{"field": "spent", "op": "more_than", "value": 5}]})
    match = {"email": "email", "properties": {"spent": "spent"}}
    export = Export(name="E", connection="K", list_id="L1", segments=("S",), match=match)
    order = Order(export, source, {"S": rules}, "Europe/Riga", confined=False)
    settings, now = Settings(home=tmp_path / "home"), datetime(2026, 11, 28, tzinfo=UTC)
    found = gather(order, settings, now, summarises=True).summary
    assert found is not None
    assert (found.rows, found.columns["spent"].empty) == (2, 1)
    assert [(rule.segment, rule.let_in) for rule in found.rules] == [("S", 1)]


def test_ids_that_became_numbers_are_told_for_they_may_have_lost_their_zeros(gathered):
    gathered("email,id\na@x.lv,007\nb@x.lv,012\n", {"external_id": "id"})
    found = gathered("email,id\na@x.lv,7\nb@x.lv,12\n", {"external_id": "id"})
    (note,) = found.notes
    assert (note.kind, note.row, note.text) == ("changed_column", 1, "7")
    assert gathered("email,id\na@x.lv,A7\nb@x.lv,A12\n", {"external_id": "id"}).notes == ()


def test_rows_without_their_last_fields_are_counted_with_the_first(gathered):
    text = "email,name,city\na@x.lv,Anna,Riga\nb@x.lv,Ben\nc@x.lv\nd@x.lv,Di,Riga\n"
    found = gathered(text, {"first_name": "name"})
    assert warned(found) == {"short_row": 2}
    (note,) = found.notes
    assert (note.row, note.column, note.text) == (2, "city", "")


def test_a_run_counts_them_once_however_it_is_split(gathered, tmp_path):
    found = gathered("email,n\na@x.lv,NULL\nb@x.lv,2\nc@x.lv,3\n", {"properties": {"n": "n"}})
    frozen = freeze(
        found.frame, found.matching, tmp_path / "run", limit=2, over="split", notes=found.notes
    )
    assert [dict(part.warnings) for part in frozen.parts] == [{"empty_word": 1}, {}]


def test_what_a_spreadsheet_rounded_stays_text_and_is_counted(gathered):
    text = "email,code\na@x.lv,1.23457E+11\nb@x.lv,9.87654E+11\n"
    found = gathered(text, {"properties": {"code": "code"}})
    assert sent(found)[0]["properties"] == {"code": "1.23457E+11"}
    assert warned(found) == {"rounded_by_spreadsheet": 2}


@pytest.mark.parametrize(
    ("values", "kind", "both"),
    [
        (["1.234", "2.345"], "unclear_number", "1.234 (1234 / 1.234)"),
        (["01/02/2026", "3/4/2026"], "unclear_date", "01/02/2026 (2026-02-01 / 2026-01-02)"),
        (["1/2/2026 9:05", "3/4/2026"], "unclear_date", "1/2/2026 9:05 (2026-02-01 / 2026-01-02)"),
    ],
)
def test_what_has_two_readings_stays_text_and_is_counted(gathered, values, kind, both):
    text = "email;it\n" + "".join(f"p{n}@x.lv;{value}\n" for n, value in enumerate(values))
    found = gathered(text, {"properties": {"it": "it"}})
    assert sent(found)[0]["properties"] == {"it": values[0]}
    assert warned(found) == {kind: 2}
    assert [note.text for note in found.notes] == [both]
    said = {"decimal": ","} if kind == "unclear_number" else {"dates": "mdy"}
    assert warned(gathered(text, {"properties": {"it": "it"}}, **said)) == {}


def test_whole_numbers_are_sent_as_they_were_when_a_fraction_appears(gathered):
    rows = "".join(f"p{n}@x.lv,{n * 10}\n" for n in range(9))
    match = {"properties": {"n": "n"}}
    before = sent(gathered("email,n\n" + rows, match))
    after = sent(gathered("email,n\n" + rows + "z@x.lv,5.5\n", match))
    assert json.dumps(after[:9]) == json.dumps(before)
    assert after[9]["properties"] == {"n": 5.5}


def test_a_file_with_a_header_alone_is_an_audience_of_nobody_whatever_its_columns_hold(gathered):
    match = {"location": {"latitude": "lat"}, "properties": {"lat": "lat"}}
    found = gathered("email,lat\n", match)
    counted = summary(found.frame, found.matching)
    assert (counted.members, counted.valid, dict(found.counts.segments)) == (0, 0, {"S": 0})
    with pytest.raises(Unknown, match="There is no column “lat”"):
        gathered("email,city\n", match)


def test_a_column_that_holds_nothing_yet_may_be_matched_to_any_field(gathered):
    text = "email,lat,country,phone\na@x.lv,,,\nb@x.lv,NULL,,\n"
    found = gathered(text, {"location": {"latitude": "lat"}, "properties": {"lat": "lat"}})
    assert [body["email"] for body in sent(found)] == ["a@x.lv", "b@x.lv"]
    assert (found.kinds, warned(found)) == ({}, {"empty_word": 1})
