"""A stable share: the same people wherever it is asked, about as many as it says, another seed."""

import hashlib
from datetime import date

import narwhals as nw
import polars as pl
import pytest
from pydantic import ValidationError

from core.errors import Invalid
from core.profiles.segments.checks import check
from core.profiles.segments.counts import members
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.shares import Share
from core.profiles.segments.words import words
from core.profiles.sources import ROW, Kind

PEOPLE = pl.DataFrame({"email": [f"p{n}@example.com" for n in range(2000)]})


def share(percent: float = 10, seed: str = "spring", field: str = "email") -> dict:
    return {"field": field, "op": "in_share", "value": {"percent": percent, "seed": seed}}


def found(rules: dict, frame: pl.DataFrame = PEOPLE) -> set[str | None]:
    lazy = nw.from_native(frame.with_row_index(ROW).lazy())
    group = Group.model_validate(rules)
    inside = members(lazy, {"": group}, {"email": Kind.text}, date(2026, 1, 1), "UTC")
    rows = inside.to_native().collect()
    assert rows.columns == [ROW, "email"]
    return set(rows["email"])


def number(text: str) -> int:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def test_it_is_as_docs_say():
    wanted = {email for email in PEOPLE["email"] if number(f"spring/{email}") / 2**32 < 0.1}
    assert found({"all": [share()]}) == wanted
    assert 150 < len(wanted) < 250


def test_a_larger_share_holds_the_smaller_one_and_none_is_its_complement():
    ten, thirty = found({"all": [share(10)]}), found({"all": [share(30)]})
    assert ten < thirty
    rest = found({"none": [share(30)]})
    assert not rest & thirty
    assert rest | thirty == set(PEOPLE["email"]) == found({"all": [share(100)]})


def test_another_seed_gives_others():
    both = found({"all": [share(50), share(50, "autumn")]})
    assert 400 < len(both) < 600


def test_who_has_nothing_in_the_field_is_in_no_share():
    frame = pl.DataFrame({"email": [None, "", "  ", "a@example.com"]})
    assert found({"all": [share(100)]}, frame) == {"a@example.com"}
    assert found({"none": [share(100)]}, frame) == {None, "", "  "}


@pytest.mark.parametrize(
    "value",
    [10, None, {"percent": 0, "seed": "s"}, {"percent": 101, "seed": "s"}, {"percent": 10}]
    + [{"percent": 10, "seed": seed} for seed in ("", "o'clock", "%s", "x" * 61, " x")],
)
def test_what_is_no_share_is_refused(value: object):
    with pytest.raises(ValidationError, match="share"):
        Rule.model_validate({"field": "email", "op": "in_share", "value": value})


def test_no_other_operator_takes_a_share():
    with pytest.raises(ValidationError):
        Rule.model_validate(share() | {"op": "equals"})


def test_only_texts_are_shared_out():
    with pytest.raises(Invalid, match="has numbers, so “is in a share of” can't compare it"):
        check(Group.model_validate({"all": [share()]}), {"email": Kind.number}, "x")


def test_it_reads_as_words():
    assert words(Group.model_validate({"all": [share(12.5)]})) == (
        "email is in a share of 12.5 % (“spring”)"
    )


def test_the_ends_are_exact():
    assert [Share(percent=p, seed="s").end for p in (100, 50, 0.0000001)] == [
        "g",
        "80000000",
        "00000005",
    ]
