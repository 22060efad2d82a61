"""One person looked up: what happened to them in order, and who may see what of it."""

import json
from pathlib import Path

import polars as pl
import pytest

from core.access import Person, Role
from core.errors import Denied, Invalid, Stopped
from core.person.events import Answer, Event, What
from core.person.look_up import as_data, look_up
from core.person.words import as_lines
from core.plan import frozen
from core.runs import rejects
from core.store import Store, audit, dump, requests, runs
from core.store.audit import Deed
from core.store.tables.runs import AGENT, Run
from tests.conftest import ADA, applied, people, with_segments, written
from tests.person.conftest import ANNA, FORMER
from tests.runs.carried import carried
from tests.runs.conftest import asked

VIEWER = Person("Vita", Role.viewer, 7)
SENT = (What.sent, Answer.accepted)
IN_ORDER = [
    (0, FORMER, *SENT, "added"),
    (1, FORMER, What.unchanged, None, None),
    (2, FORMER, *SENT, "updated"),
    (3, ANNA, *SENT, "added"),
    (3, FORMER, What.removed, None, "moved"),
    (4, ANNA, What.removed, None, None),
]


@pytest.mark.parametrize("address", [ANNA, f" {FORMER.upper()} "])
def test_what_happened_stands_in_order_under_either_address(
    store: Store, story: list[Run], address: str
):
    found = look_up(store, ADA, address)
    ids = [run.id for run in story]
    assert [
        (ids.index(one.run or 0), one.email, one.what, one.answer, one.change)
        for one in found.events
    ] == IN_ORDER
    third, moved = found.events[2], found.events[3]
    assert third.body
    assert third.body["attributes"]["first_name"] == "Anna Ķērpe"
    assert (third.connection, third.list, third.segments) == (
        "Klaviyo",
        "Newsletter",
        {"Everybody": "country is LV"},
    )
    assert third.job
    assert moved.before == FORMER
    assert {one.state for one in found.now} == {"left"}
    assert [one.email for one in found.linked] == [ANNA if address != ANNA else FORMER]
    assert any("under another address" in line for line in as_lines(found))


def test_the_destination_is_asked_where_they_are_now(store: Store, story: list[Run]):
    found = look_up(store, ADA, "p2@example.com", ask=True)
    assert found.asked
    (answer,) = found.asked
    assert answer.known
    assert answer.lists == ("Newsletter",)
    assert look_up(store, ADA, "p2@example.com").asked is None


def test_the_sources_say_which_rules_let_them_in(store: Store, story: list[Run]):
    found = look_up(store, ADA, "p2@example.com", ask=True).rules
    assert [(one.export, one.segment, one.excluded, one.inside) for one in found] == [
        ("Newsletter", "Everybody", False, True),
        ("Second", "Everybody", False, True),
        ("Second", "Few", True, False),
    ]
    assert found[-1].failing == ("customer_id is one of 9",)
    assert {one.inside for one in look_up(store, ADA, ANNA, ask=True).rules} == {None}


def test_who_was_left_out_or_refused_is_told_why(store: Store, klaviyo: str, tmp_path: Path):
    place = tmp_path / "many.parquet"
    email = {"p2@example.com": "refused1@example.com", "p3@example.com": " P5@Example.com "}
    email |= {"p1@example.com": "p5@example.com", "p4@example.com": "p6 @example.com"}
    people(4).with_columns(pl.col("email").replace(email)).write_parquet(place)
    file = written(tmp_path, place, klaviyo)
    file.write_text(file.read_text().replace("Newsletter", "Letters"))
    applied(store, file)
    carried(store, asked(store, "Letters"))
    refused = look_up(store, ADA, "refused1@example.com").events[0]
    assert (refused.what, refused.answer) == (What.sent, Answer.refused)
    assert "it bounced before" in (refused.words or "")
    left_out, sent = look_up(store, ADA, "p5@example.com").events
    assert (left_out.what, left_out.reason) == (What.rejected, "duplicate_email")
    assert sent.answer is Answer.accepted
    (invalid,) = look_up(store, ADA, "p6 @example.com").events
    assert invalid.reason == "invalid_email"


def test_a_viewer_sees_what_happened_and_no_values(store: Store, story: list[Run]):
    found = look_up(store, VIEWER, ANNA, ask=True)
    text = json.dumps(as_data(found), ensure_ascii=False) + "\n".join(as_lines(found))
    for value in (ANNA, FORMER, "Anna", "Ķērpe"):
        assert value not in text
    assert "a•••@example.com" in text
    assert len(found.events) == len(IN_ORDER)
    assert found.asked == ()  # which takes a connection that they may use


def test_the_audit_has_who_looked_and_not_for_whom(store: Store, story: list[Run]):
    look_up(store, VIEWER, ANNA)
    look_up(store, ADA, ANNA.upper())
    with store.begin() as session:
        rows = audit.entries(session, ADA, deed=Deed.looked_up)
    assert [row.by for row in rows] == ["Ada", "Vita"]
    assert len({row.what for row in rows}) == 1
    assert "example" not in rows[0].what


def test_nobody_looks_through_people_one_by_one(store: Store):
    with store.begin() as session:
        for _n in range(audit.MOST):
            audit.record(session, VIEWER, Deed.looked_up, "person", "#0")
    with pytest.raises(Denied, match="looked up in a minute"):
        look_up(store, VIEWER, "p@example.com")


def test_what_is_no_address_is_refused(store: Store):
    with pytest.raises(Invalid, match="full email address"):
        look_up(store, ADA, "anna")


def test_a_look_up_can_be_stopped(store: Store, story: list[Run]):
    def stop(_share: float, _doing: str) -> None:
        raise Stopped("enough")

    with pytest.raises(Stopped):
        look_up(store, ADA, ANNA, stop)


def test_a_damaged_file_hides_no_other(store: Store, story: list[Run]):
    folder = rejects.folder(store.settings, story[2])
    frozen.sent_path(folder, 1).write_bytes(b"PAR1 nothing")
    found = look_up(store, ADA, ANNA)
    assert found.unreadable == 1
    assert [one.what for one in found.events] == [one[2] for one in IN_ORDER]
    assert [bool(one.body) for one in found.events] == [True, False, False, True, False, False]


def test_who_left_the_segments_of_a_list_that_keeps_them_is_told_so(
    store: Store, klaviyo: str, tmp_path: Path
):
    place = tmp_path / "many.parquet"
    file = written(tmp_path, place, klaviyo)
    file.write_text(file.read_text().replace("Newsletter", "Letters"))
    people(2).write_parquet(place)
    applied(store, file)
    for some in (people(2), people(1), people(2), people(2)):
        some.write_parquet(place)
        carried(store, asked(store, "Letters"))
    found = [one for one in look_up(store, ADA, "p2@example.com").events if one.export == "Letters"]
    assert [(one.what, one.runs) for one in found] == [
        (What.sent, None),
        (What.no_member, None),
        (What.member, None),
        (What.unchanged, 1),
    ]


TWO = """
  - name: Big spenders
    source: Profiles
    rules:
      all: [{field: spent, op: at_least, value: 300}, {field: country, op: equals, value: LV}]
  - name: First
    source: Profiles
    rules: {all: [{field: customer_id, op: is_one_of, value: ["1", "4"]}]}
  - name: Fifth
    source: Profiles
    rules: {all: [{field: customer_id, op: is_one_of, value: ["5"]}]}
  - name: Sixth
    source: Profiles
    rules: {all: [{field: customer_id, op: is_one_of, value: ["6"]}]}
"""


@pytest.fixture
def several(store: Store, klaviyo: str, tmp_path: Path) -> Run:
    """A run of two segments, less two others."""
    place = tmp_path / "many.parquet"
    people(6).write_parquet(place)
    file = with_segments(written(tmp_path, place, klaviyo), TWO)
    text = file.read_text().replace(
        "[Everybody]", "[First, Big spenders]\n    exclude: [Sixth, Fifth]"
    )
    file.write_text(text.replace("Newsletter", "Letters"))
    applied(store, file)
    return carried(store, asked(store, "Letters"))


def of_letters(store: Store, address: str) -> list[Event]:
    return [one for one in look_up(store, ADA, address).events if one.export == "Letters"]


def test_of_several_segments_those_are_named_that_let_a_person_in(store: Store, several: Run):
    found = {n: of_letters(store, f"p{n}@example.com") for n in (1, 3, 4, 5)}
    assert {n: one.by for n, (one,) in found.items()} == {
        1: ("First",),
        3: ("Big spenders",),
        4: ("Big spenders", "First"),
        5: ("Fifth",),
    }
    assert as_data(look_up(store, ADA, "p1@example.com"))["events"][-1]["by"] == ["First"]
    lines = as_lines(look_up(store, ADA, "p1@example.com"))
    assert "    Let in by: First (customer_id is one of 1, 4)" in lines
    assert "    Left out by: Fifth (customer_id is one of 5)" in as_lines(
        look_up(store, ADA, "p5@example.com")
    )


def test_of_a_run_of_a_former_version_it_is_said_that_this_was_not_recorded(
    store: Store, several: Run
):
    for path in rejects.folder(store.settings, several).rglob("*.parquet"):
        frame = pl.read_parquet(path)
        frame.drop("segments", strict=False).write_parquet(path)
    (event,) = of_letters(store, "p1@example.com")
    assert event.what is What.sent
    assert event.by is None
    (line,) = [one for one in as_lines(look_up(store, ADA, "p1@example.com")) if "First" in one]
    assert line.endswith("Which one was not recorded before this version.")
    assert "Big spenders" in line


def test_who_is_a_member_again_is_so_by_the_segment_of_that_run(
    store: Store, several: Run, tmp_path: Path
):
    place = tmp_path / "many.parquet"
    mine = pl.col("customer_id") == "4"
    abroad = pl.when(mine).then(pl.lit("EE")).otherwise("country")
    for some in (people(6).filter(~mine), people(6).with_columns(country=abroad)):
        some.write_parquet(place)
        carried(store, asked(store, "Letters"))
    events = of_letters(store, "p4@example.com")
    assert [(one.what, one.by) for one in events] == [
        (What.sent, ("Big spenders", "First")),
        (What.no_member, None),
        (What.member, ("First",)),
    ]


def test_who_is_left_out_for_another_row_with_their_address_is_told_so(
    store: Store, klaviyo: str, tmp_path: Path
):
    place = tmp_path / "many.parquet"
    email = {"p4@example.com": "p6@example.com", "p3@example.com": "p2@example.com"}
    people(6).with_columns(pl.col("email").replace(email)).write_parquet(place)
    text = with_segments(written(tmp_path, place, klaviyo), TWO).read_text()
    text = text.replace("[Everybody]", "[First, Big spenders]\n    exclude: [Sixth, Fifth]")
    text = text.replace('["5"]', '["2"]').replace("Newsletter", "Letters")
    file = tmp_path / "segferry.yaml"
    file.write_text(text)
    applied(store, file)
    carried(store, asked(store, "Letters"))
    (left_out,) = of_letters(store, "p6@example.com")
    assert (left_out.reason, left_out.by) == ("excluded", ("Sixth",))
    (for_another,) = of_letters(store, "p2@example.com")
    assert (for_another.reason, for_another.by) == ("excluded", ())
    lines = "\n".join(as_lines(look_up(store, ADA, "p2@example.com")))
    assert "Another row with this address is in it." in lines


def test_who_is_in_a_run_that_is_held_waits_and_is_as_before_once_it_is_discarded(
    store: Store, klaviyo: str, tmp_path: Path
):
    place, seven = tmp_path / "many.parquet", people(7)
    file = written(tmp_path, place, klaviyo)
    file.write_text(file.read_text().replace("Newsletter", "Letters"))
    seven.write_parquet(place)
    applied(store, file)
    carried(store, asked(store, "Letters"))
    seven.with_columns(first_name=pl.lit("Zane")).write_parquet(place)
    run = carried(store, asked(store, "Letters", trigger=AGENT))
    assert run.status == "held"
    waiting = of_letters(store, "p7@example.com")[-1]
    assert (waiting.what, waiting.answer) == (What.sent, Answer.held)
    lines = as_lines(look_up(store, ADA, "p7@example.com"))
    assert any(line.endswith("Not sent yet: the run is held") for line in lines)
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, run.id))
    seven.write_parquet(place)
    carried(store, asked(store, "Letters"))
    found = [(one.what, one.answer) for one in of_letters(store, "p7@example.com")]
    assert found == [SENT, (What.sent, Answer.undelivered), (What.unchanged, None)]


FIRST = """
  - name: Five
    source: Profiles
    rules: {all: [{field: customer_id, op: is_one_of, value: ["1", "2", "3", "4", "5"]}]}
  - name: Lowest
    source: Profiles
    rules: {all: [{segment: Five}], top: {count: 2, by: spent, order: smallest, ties: email}}
  - name: Highest
    source: Profiles
    rules: {all: [], top: {count: 2, by: spent, ties: email}}
"""


def test_who_comes_first_is_found_among_everybody_and_others_are_told_their_place(
    store: Store, klaviyo: str, tmp_path: Path
):
    place = tmp_path / "many.parquet"
    people(9).write_parquet(place)
    file = with_segments(written(tmp_path, place, klaviyo), FIRST)
    file.write_text(file.read_text().replace("[Everybody]", "[Lowest]\n    exclude: [Highest]"))
    applied(store, file)
    run = carried(store, asked(store, "Newsletter"))
    assert (run.members, run.sent) == (2, 2)  # the highest of all are others than the highest of it
    judged = look_up(store, ADA, "p3@example.com", ask=True).rules
    assert [
        (one.segment, one.inside, one.failing) for one in judged if one.export == run.export
    ] == [
        ("Lowest", False, ("place 3 of 5 by spent, smallest first; the first 2 are in it",)),
        ("Highest", False, ("place 7 of 9 by spent, largest first; the first 2 are in it",)),
    ]
    assert "count: 2\n" in dump.text(store, ADA)
