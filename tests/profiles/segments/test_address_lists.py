"""Rules with address lists: who is found, what is refused, what is written of a list."""

import time
from datetime import date

import narwhals as nw
import polars as pl
import pytest
from pydantic import ValidationError

from core.configuration.segment import Segment
from core.errors import Invalid, Unknown
from core.profiles.segments import lists_within
from core.profiles.segments.address_list import MOST, MOST_IN_DATABASES, AddressList
from core.profiles.segments.checks import check
from core.profiles.segments.counts import members
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.words import words
from core.profiles.sources import ROW, EngineSchema, Kind
from core.profiles.sources.databases import relations
from core.profiles.sources.databases.columns import column_of
from core.profiles.sources.databases.engines import ENGINES

RULE = {"field": "email", "op": "in_list", "value": "VIP"}
RULES = Group.model_validate({"all": [RULE]})
VIP = AddressList(name="VIP", count=2, digest="d1", addresses=("ann@x.lv", "bob@x.lv"))


def filled(rules: dict) -> Group:
    known = lists_within.resolved(Group.model_validate(rules), {"VIP": VIP})
    return lists_within.filled(known, lambda one: one.addresses or ())


def found(rules: Group, frame: pl.DataFrame) -> list[str | None]:
    lazy = nw.from_native(frame.with_row_index(ROW).lazy())
    inside = members(lazy, {"": rules}, {"email": Kind.text}, date(2026, 1, 1), "UTC")
    rows = inside.to_native().collect()
    assert rows.columns == [ROW, "email"]
    return rows["email"].to_list()


def test_an_address_is_found_however_it_is_written_and_who_has_none_never():
    emails = ["ann@x.lv", "\u3000BOB@x.LV\t", "bob@x.lvx", "\u200bAnn@x.lv\xa0", "", " ", None]
    frame = pl.DataFrame({"email": emails})
    assert found(filled({"all": [RULE]}), frame) == [emails[0], emails[1], emails[3]]
    assert found(filled({"none": [RULE]}), frame) == [emails[2], "", " ", None]


def test_a_list_without_addresses_finds_nobody():
    empty = lists_within.filled(
        lists_within.resolved(RULES, {"VIP": VIP.model_copy(update={"addresses": ()})}),
        lambda one: one.addresses or (),
    )
    assert found(empty, pl.DataFrame({"email": ["ann@x.lv", None]})) == []


def test_a_million_rows_and_the_longest_list_take_less_than_a_second():
    frame = pl.DataFrame({"email": [f"P{n}@example.com" for n in range(1_000_000)]})
    addresses = tuple(f"p{n * 7}@example.com" for n in range(MOST))
    known = AddressList(name="VIP", count=MOST, digest="", addresses=addresses)
    rules = lists_within.resolved(RULES, {"VIP": known})
    start = time.process_time()
    assert len(found(rules, frame)) == MOST
    assert time.process_time() - start < 5  # of the processor, for others share it


def statement(engine: str, addresses: tuple[str, ...]) -> str:
    known = AddressList(name="VIP", count=len(addresses), digest="", addresses=addresses)
    rules = lists_within.resolved(RULES, {"VIP": known})
    frame = relations.relation([column_of("email", "text", "postgres")])
    schema = EngineSchema({"email": Kind.text}, engine)
    inside = members(frame, {"": rules}, schema, date(2026, 1, 1), "UTC")
    return relations.sql(inside, {relations.PLACE: "people"}, ENGINES[engine])


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_the_statement_with_the_longest_list_of_a_database_is_written_at_once(engine: str):
    addresses = tuple(f"o'p{n}@example.com" for n in range(MOST_IN_DATABASES))
    statement(engine, addresses[:1])  # what writes it is imported only now
    start = time.process_time()
    written = statement(engine, addresses)
    assert time.process_time() - start < 0.5  # 2.5 with a node for each address
    assert "'o''p0@example.com', 'o''p1@example.com', " in written
    assert written.count("''p") == MOST_IN_DATABASES


def test_what_is_written_of_it_has_no_address():
    resolved = lists_within.resolved(RULES, {"VIP": VIP})
    data = resolved.as_data()
    assert data["all"][0]["value"] == {"name": "VIP", "count": 2, "digest": "d1"}
    assert Group.model_validate(data) == resolved
    assert "ann@x.lv" not in repr(resolved) + resolved.model_dump_json() + words(resolved)


def test_lists_with_the_same_name_and_other_addresses_make_other_rules():
    other = AddressList(name="VIP", count=2, digest="d2")
    first, second = (lists_within.resolved(RULES, {"VIP": one}) for one in (VIP, other))
    assert first != second
    assert first == lists_within.resolved(
        RULES, {"VIP": AddressList(name="VIP", count=2, digest="d1")}
    )


def test_it_reads_as_words():
    wanted = "email is in address list “VIP”"
    assert words(RULES) == words(lists_within.resolved(RULES, {"VIP": VIP})) == wanted


def test_a_list_that_is_not_there_is_named_with_the_nearest_one():
    with pytest.raises(Unknown, match=r"“VIP”.*“VIPs”"):
        lists_within.resolved(RULES, {"VIPs": VIP})


def test_a_list_nobody_has_read_is_never_taken_for_an_empty_one():
    with pytest.raises(Invalid, match="“VIP” has not been read"):
        found(RULES, pl.DataFrame({"email": ["ann@x.lv"]}))


@pytest.mark.parametrize("value", [None, "", 3, True, ["VIP"], {"percent": 10, "seed": "s"}])
def test_only_a_name_is_a_list(value: object):
    with pytest.raises(ValidationError, match="needs the name of an address list"):
        Rule.model_validate(RULE | {"value": value})


def test_people_write_its_name_only():
    with pytest.raises(ValidationError, match="an address list is its name"):
        Segment(name="s", source="p", rules=lists_within.resolved(RULES, {"VIP": VIP}))


def test_databases_get_so_many_addresses_and_no_more():
    schema = EngineSchema({"email": Kind.text}, "postgresql")
    for count in (MOST_IN_DATABASES, MOST_IN_DATABASES + 1):
        known = AddressList(name="VIP", count=count, digest="")
        rules = lists_within.resolved(RULES, {"VIP": known})
        check(rules, {"email": Kind.text}, "")
        if count == MOST_IN_DATABASES:
            check(rules, schema, "")
            continue
        with pytest.raises(Invalid, match="up to 10,000 addresses, and “VIP” has 10,001"):
            check(rules, schema, "")


def test_a_name_changes_wherever_it_is():
    rules = Group.model_validate(
        {"any": [RULE, {"none": [RULE]}, {"field": "a", "op": "is_empty"}]}
    )
    renamed = lists_within.renamed(rules, "VIP", "Best")
    assert lists_within.named(renamed) == {"Best"}
    assert lists_within.renamed(renamed, "Best", "VIP") == rules
