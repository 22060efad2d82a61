"""A condition in SQL is an item of a group like any other: kept as written, resolved on use."""

import pytest

from core.configuration.segment import Segment
from core.errors import Invalid, Unknown
from core.profiles.segments.checks import check
from core.profiles.segments.rules import Group
from core.profiles.segments.united import MOST_RULES, renamed, resolved, unnamed
from core.profiles.segments.words import words
from tests.profiles.segments.conftest import SCHEMA

SHORT = {"field": "text", "op": "is_one_of", "value": ["LV", "lv"]}
SQL = {"sql": "number > 0\n  and not flag"}
KNOWN = {"Short": Group.model_validate({"all": [SHORT]})}


def group(data: dict[str, object]) -> Group:
    return Group.model_validate(data)


@pytest.mark.parametrize(
    ("rules", "places"),
    [
        ({"all": [SQL]}, "25"),
        ({"any": [SQL, SHORT]}, "0125"),
        ({"all": [SHORT, {"none": [SQL]}]}, "01"),
        ({"any": [{"segment": "Short"}, {"all": [SQL]}]}, "0125"),
    ],
)
def test_it_stands_beside_rules_groups_and_segments(found, rules: dict, places: str):
    assert found(resolved(group(rules), KNOWN).as_data()) == places


def test_it_keeps_its_text_and_stands_with_the_rules_that_it_means():
    made = resolved(group({"all": [SHORT, SQL]}), {})
    assert group({"all": [SHORT, SQL]}).as_data() == {"all": [SHORT, SQL]}
    assert made.as_data()["all"][1] == SQL | {
        "all": [
            {"field": "number", "op": "more_than", "value": 0},
            {"none": [{"field": "flag", "op": "is_true"}]},
        ]
    }
    assert group(made.as_data()) == made == resolved(made, {})
    assert "sql" not in str(unnamed(made).as_data())


def test_words_say_what_it_means_before_and_after_it_is_resolved():
    rules = group({"any": [SHORT, SQL]})
    meant = "text is one of LV, lv or (number is more than 0 and not (flag is true))"
    assert words(rules) == words(resolved(rules, {})) == meant


def test_a_segment_within_is_renamed_and_the_text_stays():
    rules = group({"all": [{"segment": "Short"}, SQL]})
    assert renamed(rules, "Short", "Brief").as_data() == {"all": [{"segment": "Brief"}, SQL]}


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("flag\n  and texte = 'a'", Unknown, r"^S: Line 2, column 7: There is no field “texte”"),
        ("Text = 'a'", Unknown, r"^S: Line 1, column 1: .* Did you mean “text”\?"),
        ("text > 1", Invalid, r"column 1: The field “text” has text, so “is more than” can't"),
        ("number = 'a'", Invalid, r"column 1: .*Give a number, without quotes\."),
        ("flag or day = 'May'", Invalid, r"column 9: .*Give a day, as in 2026-12-31\."),
        ("text ~ '('", Invalid, r"column 1: The regular expression “\(” for “text” isn't valid"),
        ("number between 2 and 1", Invalid, "put the lower one first"),
        ("tags like '%a%'", Invalid, r"has lists, which can't be compared so.*= any\(column\)"),
        ("'a' = any(text)", Invalid, r"has text, which can't be compared so.*like '%text%'"),
    ],
)
def test_what_does_not_fit_the_source_is_named_with_its_place(text, error, sentence):
    made = resolved(group({"all": [SHORT, {"sql": text}]}), {})
    with pytest.raises(error, match=sentence):
        check(made, SCHEMA, "S")


def test_a_condition_that_meant_other_rules_once_is_checked_by_those_that_it_meant():
    kept = group({"all": [SHORT | {"field": "texte"}], "sql": "flag"})
    with pytest.raises(Unknown, match=r"^S: There is no field “texte”"):
        check(kept, SCHEMA, "S")


def test_more_rules_than_anyone_can_ask_are_refused():
    text = " or ".join(["flag"] * (MOST_RULES + 1))
    with pytest.raises(Invalid, match="more than 500 rules"):
        resolved(group({"all": [{"sql": text}]}), {})


@pytest.mark.parametrize(
    "data",
    [
        {"sql": ""},
        {"sql": "flag", "segment": "Short"},
        {"sql": "x" * 10_001},
        {"sql": 1},
        {"sql": "flag", "field": "a"},
    ],
)
def test_a_condition_is_a_text_and_nothing_beside_it(data: dict[str, object]):
    with pytest.raises(ValueError, match="validation error"):
        group({"all": [data]})


def test_a_segment_is_one_condition_or_has_it_within_but_not_with_its_rules():
    spec = Segment(name="S", source="P", rules=group({"sql": "flag"}))
    assert spec.rules.as_data() == {"all": [{"sql": "flag"}]}
    with pytest.raises(ValueError, match="“sql” stands alone"):
        Segment(name="S", source="P", rules=group({"sql": "flag", "all": [SHORT]}))
