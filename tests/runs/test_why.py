"""Why a run has more or fewer people than the one before, from what both saw of their source."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from core.alerts import watch
from core.configuration.source import Source, open_source
from core.profiles import summary
from core.profiles.rule_summary import TopSummary
from core.profiles.segments import counts
from core.profiles.segments.rules import Group
from core.profiles.segments.top import Top
from core.profiles.summary import Summary
from core.runs import moved_borders, why
from core.runs.holds import holds
from core.settings import Settings
from core.store import Store, alerts, details
from core.store.database import now
from core.store.tables.runs import RunStatus
from tests.conftest import applied, written
from tests.runs.carried import ran
from tests.runs.test_history import run

TODAY = date(2026, 11, 28)
RULES = Group.model_validate(
    {
        "all": [
            {"field": "country", "op": "equals", "value": "LV"},
            {
                "any": [
                    {"field": "spent", "op": "more_than", "value": 100},
                    {"field": "email", "op": "contains", "value": "boss"},
                ]
            },
        ]
    }
)


def crowd(n: int, lv: float = 0.5, empty: float = 0.0) -> pl.DataFrame:
    """So many people: a share in Latvia, and of all a share without a country, from the front."""
    countries = ["LV" if i < lv * n else "EE" for i in range(n)]
    return pl.DataFrame(
        {
            "email": [f"person{i}@example.lv" for i in range(n)],
            "customer_id": [f"C{i}" for i in range(n)],
            "first_name": [f"Name {i % 7}" for i in range(n)],
            "country": [None if i < empty * n else one for i, one in enumerate(countries)],
            "spent": [i * 10 for i in range(n)],
            "seen_at": [date(2026, 11, 1 + i % 20) for i in range(n)],
            "birth_date": [date(1980, 1, 1 + i % 28) for i in range(n)],
        }
    )


def summed(folder: Path, people: pl.DataFrame, rules: Group = RULES) -> Summary:
    """The summary of a source of these people, its counts compared with those of segments."""
    file = folder / "crowd.parquet"
    people.write_parquet(file)
    spec, settings = Source(name="P", path=str(file)), Settings(home=folder / "data")
    source = open_source(spec, settings, confined=False, day=TODAY)
    used = ("country", "spent", "email", "seen_at", "birth_date")
    found, seen = summary.summarised(source, {"S": rules}, used, TODAY, "UTC")
    assert found == counts.counts(source, {"S": rules}, TODAY, "UTC")
    assert Summary.read(json.loads(json.dumps(seen.as_data()))) == seen
    return seen


def test_a_source_is_summed_up_without_anything_that_tells_of_one_person(tmp_path: Path):
    seen = summed(tmp_path, crowd(40, empty=0.1))
    assert seen.rows == 40
    country = seen.columns["country"]
    assert (country.empty, country.top) == (4, {"EE": 20, "LV": 16})
    assert (seen.columns["seen_at"].least, seen.columns["seen_at"].most) == (
        "2026-11-01",
        "2026-11-20",
    )
    assert seen.columns["birth_date"].most is None
    assert seen.columns["spent"].most is None  # whole numbers of which each is one person's
    text = json.dumps(seen.as_data(), ensure_ascii=False)
    assert "person" not in text
    assert "boss" not in text
    assert seen.columns["email"].distinct in range(36, 45)


def test_of_each_rule_is_known_whom_it_alone_keeps_out_and_lets_in(tmp_path: Path):
    first, second, third = summed(tmp_path, crowd(40, lv=0.5)).rules
    # In Latvia are numbers 0 to 19, and above 100 are those from 11 on.
    assert (first.passes, first.kept_out, first.let_in) == (20, 20, 9)
    assert (second.passes, second.kept_out, second.let_in) == (29, 11, 9)
    assert (third.passes, third.kept_out, third.let_in) == (0, 11, 0)
    assert third.words == "email contains …"


def test_no_rule_is_said_to_decide_who_comes_first(tmp_path: Path):
    spent = RULES.model_copy(update={"top": Top(count=5, by="spent", ties="email")})
    rules = Group(all=(spent, *RULES.items))
    *first, country, _spent, _boss = summed(tmp_path, crowd(40), rules).rules
    assert [(one.passes, one.kept_out, one.let_in) for one in first] == [
        (20, 0, 0),
        (29, 0, 0),
        (0, 0, 0),
    ]
    assert (country.passes, country.kept_out, country.let_in) == (20, 0, 5)


def told(before: Summary, now: Summary, was: int, is_now: int) -> why.Why:
    return why.compared(before, now, [run(members=was)], [run(members=is_now)])


def test_the_strongest_cause_comes_first_and_in_one_sentence(tmp_path: Path):
    whole, holes = crowd(4000), crowd(4000, empty=0.41)
    found = told(summed(tmp_path, whole), summed(tmp_path, holes), 1989, 360)
    assert found.sentence == "“country” is empty for 41 % (was 0 %): 1,629 left by it."
    assert [one.column for one in found.causes] == ["country"]
    assert found.moved == ("“country” is empty for 41 % (was 0 %)",)
    assert told(summed(tmp_path, holes), summed(tmp_path, whole), 360, 1989).sentence == (
        "“country” is empty for 0 % (was 41 %): 1,629 came by it."
    )


def test_a_source_that_lost_its_rows_is_the_cause_and_not_its_rules(tmp_path: Path):
    found = told(summed(tmp_path, crowd(4000)), summed(tmp_path, crowd(12)), 1989, 0)
    assert found.causes[0].told.startswith("The source has 12 rows (was 4,000): about 1,983 left")
    assert len(found.causes) == 1
    assert found.size.startswith("The source has 12 rows; in run ")


def test_where_nothing_moved_nothing_is_said(tmp_path: Path):
    same = summed(tmp_path, crowd(4000))
    found = told(same, same, 1989, 1989)
    assert (found.sentence, found.causes) == (None, ())
    assert found.moved == ()
    later = told(same, replace(same, day="2026-11-29"), 1989, 1989)
    assert later.moved == ("“seen_at” has no later date than 20 Nov 2026, as before",)


def test_a_value_that_became_rare_is_named(tmp_path: Path):
    found = told(
        summed(tmp_path, crowd(4000, lv=0.5)), summed(tmp_path, crowd(4000, lv=0.1)), 1989, 389
    )
    assert found.sentence == "“country” is “LV” for 10 % (was 50 %): 1,600 left by it."


def test_who_is_rejected_more_often_is_a_cause_too(tmp_path: Path):
    same = summed(tmp_path, crowd(400))
    more = why.compared(
        same,
        same,
        [run(members=200)],
        [run(members=200, rejected={"missing_email": 50})],
    )
    assert [one.told for one in more.causes] == ["No email: 50 more profiles are rejected."]


def spending(ahead: int) -> pl.DataFrame:
    """People of whom those in Latvia spend most, but for so many of the others."""
    spent = [99_999.5 if i >= 4000 - ahead else (4000 - i) * 10 + 0.5 for i in range(4000)]
    return crowd(4000).with_columns(spent=pl.Series(spent))


FIRST = Group.model_validate({"all": [], "top": {"count": 100, "by": "spent", "ties": "email"}})
PASSED = (
    "The border of the first 100 by spent moved from 39,010.5 to 39,310.5, and whoever left was"
)


def test_who_was_passed_left_by_a_border_that_moved(tmp_path: Path):
    latvians = Group(all=(RULES.items[0], FIRST))
    before, now = (summed(tmp_path, spending(n), latvians) for n in (0, 30))
    assert told(before, now, 100, 70).sentence == f"{PASSED} passed by others: 30 left by it."
    assert told(now, before, 70, 100).sentence == (
        "The border of the first 100 by spent moved from 39,310.5 to 39,010.5, and whoever came "
        "passed others or has fewer before them: 30 came by it."
    )


def test_a_border_that_moved_is_said_where_the_number_is_the_same(tmp_path: Path):
    before, now = (summed(tmp_path, spending(n), FIRST) for n in (0, 30))
    found = told(before, now, 100, 100)
    assert (found.causes, found.moved[0]) == ((), f"{PASSED} passed by others")
    assert not list(moved_borders.pairs(before, now, changed=["S"]))


SOME = TopSummary("S", "spent", 100, "largest", 150, 310.0, 100, 50, 100)
FEW = replace(SOME, people=80, border=None, passes=80)
SMALLEST = replace(SOME, order="smallest", border="2026-02-01")


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        (FEW, SOME, "The first 100 by spent end at 310 now; before, everybody with a value was in"),
        (
            SOME,
            FEW,
            "The first 100 by spent are everybody with a value now; before, they ended at 310",
        ),
        (
            SMALLEST,
            replace(SMALLEST, border="2026-01-15"),
            "1 Feb 2026 to 15 Jan 2026, and",
        ),
        (SMALLEST, replace(SMALLEST, border="2026-02-03"), "3 Feb 2026, and whoever came"),
        (SOME, replace(SOME, border=310.01), None),
        (SOME, replace(SOME, border=None), None),  # somebody is out, by a value that isn't kept
        (SOME, SOME, None),
        (FEW, FEW, None),
    ],
)
def test_each_way_in_which_a_border_moves_has_its_sentence(
    was: TopSummary, is_now: TopSummary, said: str | None
):
    found = moved_borders.words(was, is_now)
    assert found is None if said is None else said in str(found)


def test_no_border_is_kept_that_may_tell_of_one_person(tmp_path: Path):
    [top] = summed(tmp_path, crowd(400), FIRST).tops  # whole numbers, each of them one person's
    assert (top.people, top.passes, top.border) == (400, 100, None)


def test_a_run_that_is_held_says_why_with_numbers(store: Store, tmp_path: Path, klaviyo: str):
    file = tmp_path / "crowd.parquet"
    crowd(60).write_parquet(file)
    applied(store, written(tmp_path, file, klaviyo))
    first = ran(store)
    assert first.status == RunStatus.succeeded, first.error
    watch.look(store, now())
    crowd(60, empty=0.45).write_parquet(file)
    held = ran(store)
    assert held.status == RunStatus.held, held.error
    sentence = "“country” is empty for 45 % (was 0 %): 27 left by it."
    assert sentence in holds(held)[0].why
    assert held.hold.startswith("The segments have 3 people now; the last run found 30.")
    assert why.sentence(store, held) == sentence
    with store.begin() as session:
        assert details.before(session, held).id == first.id
        assert details.source(session, first)["rows"] == 60
    assert why.of(store, first) is None
    watch.look(store, now())
    with store.begin() as session:
        [alert] = alerts.newest(session)
    assert (alert.reason, alert.text.count(sentence)) == ("held", 1)


def test_what_a_database_did_not_count_in_time_is_no_change(tmp_path: Path):
    before = summed(tmp_path, crowd(400))
    country = replace(before.columns["country"], top={}, distinct=0)
    now = replace(before, columns={**before.columns, "country": country}, uncounted=("country",))
    assert told(before, now, 200, 200).moved == ()
    assert "country" in str(told(before, replace(now, uncounted=()), 200, 200).moved)
