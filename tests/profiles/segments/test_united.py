"""Segments within segments: the rules that they stand for, circles, sizes, names, words."""

from typing import Any

import pytest

from core.errors import Invalid, Unknown
from core.profiles.segments.rules import Group
from core.profiles.segments.united import DEEPEST, MOST_RULES, renamed, replaced, resolved
from core.profiles.segments.words import words

SHORT = {"field": "text", "op": "is_one_of", "value": ["LV", "lv"]}
LARGE = {"field": "number", "op": "more_than", "value": 0}


def group(data: dict[str, Any]) -> Group:
    return Group.model_validate(data)


KNOWN = {"Short": group({"all": [SHORT]}), "Large": group({"any": [LARGE]})}


@pytest.mark.parametrize(
    ("rules", "places"),
    [
        ({"any": [{"segment": "Short"}, {"segment": "Large"}]}, "0125"),
        ({"all": [{"segment": "Short"}, {"segment": "Large"}]}, "0"),
        ({"all": [{"segment": "Short"}, {"none": [{"segment": "Large"}]}]}, "1"),
        ({"all": [{"segment": "Short"}, SHORT, {"any": [{"segment": "Large"}, LARGE]}]}, "0"),
    ],
    ids=["united", "intersected", "excepted", "beside rules"],
)
def test_segments_are_united_intersected_and_excepted(found, rules: dict, places: str):
    assert found(resolved(group(rules), KNOWN).as_data()) == places


def test_the_rules_of_a_segment_stand_with_its_name():
    made = resolved(group({"all": [{"segment": "Large"}]}), KNOWN)
    assert made.as_data() == {
        "all": [{"any": [{"field": "number", "op": "more_than", "value": 0}], "segment": "Large"}]
    }
    assert group(made.as_data()) == made
    assert made.segments() == {"Large"}
    assert resolved(made, {}) == made


def test_who_reads_rules_before_their_segments_are_known_is_stopped(found):
    with pytest.raises(StopIteration):
        found({"all": [SHORT, {"segment": "Large"}]})


def test_a_circle_is_named():
    known = {"A": group({"all": [{"segment": "B"}]}), "B": group({"none": [{"segment": "A"}]})}
    with pytest.raises(Invalid, match=r"in a circle.*“A” → “B” → “A”"):
        resolved(known["A"], known, "A")
    with pytest.raises(Invalid, match="“A” → “A”"):
        resolved(group({"any": [SHORT, {"segment": "A"}]}), known, "A")


def test_a_segment_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(Unknown, match=r"no segment “Shorts”\. Did you mean “Short”"):
        resolved(group({"all": [{"segment": "Shorts"}]}), KNOWN)


def test_segments_within_each_other_have_an_end():
    known = {f"{n}": group({"all": [{"segment": f"{n + 1}"}]}) for n in range(DEEPEST + 1)}
    known[f"{DEEPEST + 1}"] = KNOWN["Short"]
    with pytest.raises(Invalid, match=f"More than {DEEPEST} segments"):
        resolved(known["0"], known, "0")
    assert resolved(known["2"], known, "2").segments()


def test_twice_the_same_over_and_over_is_refused_at_once():
    known = {f"{n}": group({"all": [{"segment": f"{n + 1}"}] * 9}) for n in range(9)}
    known["9"] = KNOWN["Short"]
    with pytest.raises(Invalid, match=f"more than {MOST_RULES} rules"):
        resolved(known["0"], known, "0")


def test_other_rules_take_the_place_of_those_of_a_segment():
    made = resolved(group({"all": [SHORT, {"none": [{"segment": "Large"}]}]}), KNOWN)
    other = replaced(made, "Large", KNOWN["Short"])
    assert [rule.field for rule in other.rules()] == ["text", "text"]
    assert other.segments() == {"Large"}


def test_a_new_name_is_taken_over_wherever_it_stands():
    rules = group({"all": [SHORT, {"none": [{"segment": "Large"}, {"segment": "Short"}]}]})
    assert renamed(rules, "Large", "Big").segments() == {"Big", "Short"}


@pytest.mark.parametrize("known", [None, KNOWN])
def test_words_name_the_segment_and_not_its_rules(known: dict | None):
    rules = group({"all": [SHORT, {"none": [{"segment": "Large"}]}]})
    told = words(resolved(rules, known) if known else rules)
    assert told == "text is one of LV, lv and not (in the segment “Large”)"
