"""What of a text or a table are addresses, each once, and what is said of the rest."""

import time

import polars as pl
import pytest

from core.errors import Invalid
from core.profiles.given_addresses import from_table, from_text
from core.profiles.segments.address_list import MOST


def test_of_each_line_the_address_is_taken_as_it_is_sent_and_once():
    found = from_text("email\n Ann@X.lv \njoe@\n\n\u200bann@x.LV\u3000\nnobody\nbob@x.lv")
    assert found.addresses == ("ann@x.lv", "bob@x.lv")
    assert (found.double, found.wrong, found.examples) == (1, 2, ("joe@", "nobody"))
    assert found.sentence == (
        "2 addresses, 2 lines are no addresses (“joe@”, “nobody”), 1 is double."
    )


@pytest.mark.parametrize(
    "text", ["a@x.lv, b@x.lv", 'a@x.lv;"b@x.lv"', "Ann\ta@x.lv\r\nBob\tb@x.lv"]
)
def test_a_line_may_have_several_and_other_cells(text: str):
    found = from_text(text)
    assert (found.addresses, found.wrong, found.double) == (("a@x.lv", "b@x.lv"), 0, 0)


def test_nothing_is_repaired():
    found = from_text("a@x.lv\nAnn <ann@x.lv>\nmailto:bob@x.lv\nrīga@x.lv\nc@x.lv.")
    assert found.addresses == ("a@x.lv",)
    assert found.wrong == 4
    assert "(“Ann <ann@x.lv>”, “mailto:bob@x.lv”, “rīga@x.lv” …)" in found.sentence


@pytest.mark.parametrize("text", ["", "\n \n", "email", "nobody\nnothing", "joe@"])
def test_a_text_without_an_address_is_refused(text: str):
    with pytest.raises(Invalid, match="no address in it"):
        from_text(text)


def test_too_many_are_refused():
    with pytest.raises(Invalid, match="100,001 addresses, and a list has at most 100,000"):
        from_text("\n".join(f"p{n}@x.lv" for n in range(100_001)))


def test_of_a_table_the_column_with_most_addresses_is_taken_and_others_are_named():
    rows = {
        "column 1": ["name", "Ann", "Bob", None],
        "column 2": ["Email", "ANN@x.lv", "bob@x.lv", None],
        "column 3": ["second", None, "joe@x.lv, jim@x.lv", None],
    }
    found = from_table(pl.DataFrame(rows))
    assert (found.addresses, found.column) == (("ann@x.lv", "bob@x.lv"), "Email")
    assert found.wrong == 0
    assert found.remark == (
        "They are from the column “Email”; there are addresses in “second”, too."
    )


def test_a_table_may_have_no_names_of_columns():
    found = from_table(pl.DataFrame({"column 1": ["a@x.lv", "b@x.lv", "c@"]}))
    assert (found.addresses, found.wrong, found.remark) == (("a@x.lv", "b@x.lv"), 1, None)


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame({"a": ["x", None]})])
def test_a_table_without_an_address_is_refused(frame: pl.DataFrame):
    with pytest.raises(Invalid, match="no address in it"):
        from_table(frame)


def test_a_list_of_the_largest_size_is_found_in_a_second():
    text = "\n".join(f"person{n}@example.lv" for n in range(MOST))
    start = time.process_time()
    assert len(from_text(text).addresses) == MOST
    assert time.process_time() - start < 1  # 0.15 were seen
