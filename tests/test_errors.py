"""Sentences of errors, whatever they quote."""

import pytest

from core.errors import LONGEST, Invalid, Unknown


@pytest.mark.parametrize("quoted", ["a\0b", "a\ud800b", "a\x1bb"])
def test_what_a_database_or_a_terminal_refuses_is_not_quoted(quoted: str):
    assert str(Invalid(f"There is “{quoted}”.")) == "There is “a�b”."
    assert "a�b" in str(Unknown("field", quoted, ["email"]))


def test_a_sentence_that_quotes_a_whole_file_is_cut_and_says_so():
    assert len(str(Invalid("x" * 1_000_000))) == LONGEST
    assert str(Invalid("x" * 1_000_000)).endswith("x…")
    assert str(Invalid("Two\nlines\tstay")) == "Two\nlines\tstay"
