"""Characters that nobody sees: taken out by one rule, and texts made comparable."""

import sys
import unicodedata

import polars as pl
import pytest

from core.profiles.cleaning import cleaned, comparable, comparable_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("nu\x00l", "nul"),
        ("be\x07ll\x1b", "bell"),
        ("del\x7f\x85", "del"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("left\u200eright\u202e", "leftright"),
        ("so\u00adft", "soft"),
        ("no\u00a0break\u202fat\u2007all", "no break at all"),
        ("a\u200db\u200cc", "abc"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),  # a family is one emoji
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 2,  # Persian needs them, too
        ("two\nlines\tand a tab\r\n",) * 2,
        ("Zu\u0308rich \u201cL\u012bga\u201d \u20ac",) * 2,
        ("", ""),
        (None, None),
    ],
)
def test_what_nobody_sees_is_taken_out(text, clean):
    texts = pl.Series("it", ["plain", text], dtype=pl.String)
    assert cleaned(texts).to_list() == ["plain", clean]


def test_clean_texts_are_handed_on_as_they_are():
    texts = pl.Series(
        ["Anna", "B\u0113rzi\u0146\u0161", "\u201cL\u012bga\u201d \u20ac", "a\nb", None]
    )
    assert cleaned(texts) is texts


def test_texts_within_lists_and_objects_are_cleaned_too():
    rows = [{"a": ["x\x00", None], "b": {"c": "y\u200b", "n": 1}}, None, {"a": [], "b": None}]
    values = pl.Series(rows)
    assert cleaned(values).dtype == values.dtype
    assert cleaned(values).to_list()[0] == {"a": ["x", None], "b": {"c": "y", "n": 1}}
    assert cleaned(values)[1] is None or cleaned(values)[1] == rows[1]


@pytest.mark.parametrize(
    "letter", "\t ~\x7f\x80\x9f\xa0\xa1\xad\xbf\xc0\xff\u02ff\u0300\u0340\u0374\u07ff"
)
def test_a_look_at_single_bytes_changes_no_answer(letter):
    """A text beside one that is to be composed is looked at by its characters."""
    assert comparable(pl.Series([letter]))[0] == comparable(pl.Series([letter, "u\u0308"]))[0]


def test_every_letter_is_comparable_however_it_is_composed():
    every = [chr(n) for n in range(0xA1, sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    apart = [char for char in every if unicodedata.decomposition(char)[:1] not in ("", "<")]
    found = comparable(pl.Series(apart)).to_list()
    assert found == [unicodedata.normalize("NFC", char) for char in apart]
    assert comparable_text("Zu\u0308rich\u200b") == "Z\u00fcrich"
