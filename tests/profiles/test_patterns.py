"""Regular expressions mean in every engine what they mean in polars, or are refused by name."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from core.profiles.patterns import PCRE, POSTGRESQL, PYTHON, RE2, translated

TEXTS = ["", "a", "ab\n", "\nab", "Straße", "kK\u212a", "ǅ", "1२", "a]b", "[x]", "a\\b", "é", "😀"]


@pytest.mark.parametrize(
    ("pattern", "postgresql", "pcre"),
    [
        ("^a.c$", r"\Aa[^\u000a]c\Z", r"\Aa[^\x{a}]c\z"),
        ("(?i)k|x", r"[Kk\u212a]|[Xx]", r"[Kk\x{212a}]|[Xx]"),
        ("(a(?i)b|c)d", "(?:a[Bb]|[Cc])d", "(?:a[Bb]|[Cc])d"),
        (r"(?P<n>[]a]+?)\.", r"(?:(?:[\u005da])+)\u002e", r"(?:(?:[\x{5d}a])+)\x{2e}"),
        (r"[a-z&&[^b-y]]{2,3}", "(?:[az]){2,3}", "(?:[az]){2,3}"),
        (r"\x{1F600}\u0061\x41", r"\U0001f600aA", r"\x{1f600}aA"),
        ("(?s).", r"[\u0001-\U0010ffff]", r"[\x{0}-\x{10ffff}]"),
    ],
)
def test_a_pattern_is_written_with_the_numbers_of_characters(pattern, postgresql, pcre):
    assert translated(pattern, POSTGRESQL, "PostgreSQL") == postgresql
    assert translated(pattern, PCRE, "MariaDB") == pcre


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        (r"\bRiga", r"“\b”"),
        ("(?m)^a", "(?m)"),
        ("(?x) a", "(?x)"),
        ("a{300}", "a{300}"),
        ("(?:a{20}){20}", "(?:a{20}){20}"),
        ("^*", r"“^*”"),
        (r"[^\s\S]", r"[^\s\S]"),
    ],
)
def test_what_an_engine_has_no_words_for_is_named(pattern, what):
    with pytest.raises(
        Invalid, match=re.escape("can't be used: PostgreSQL has nothing")
    ) as refused:
        translated(pattern, POSTGRESQL, "PostgreSQL")
    assert what in str(refused.value)


def test_repetitions_that_may_take_for_ever_are_refused_where_an_engine_tries_them_all():
    assert translated("(a+b)*", RE2, "DuckDB") == "(?:(?:(?:a)+b))*"
    for dialect in (PCRE, PYTHON):
        with pytest.raises(Invalid, match="can't be used"):
            translated("(a+b)*", dialect, "SQLite")


PIECES = st.sampled_from(
    [
        r"a",
        r"b",
        r".",
        r"\d",
        r"\D",
        r"\w",
        r"\W",
        r"\s",
        r"\S",
        r"[^a]",
        r"[ab-d]",
        r"\]",
        r"\\",
        r"^",
        r"$",
        r"(?i:k)",
        r"\pL",
        r"K",
        r"é",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", "?", "+", "*"])), min_size=1, max_size=4))
def test_a_translated_pattern_finds_what_polars_finds(parts):
    pattern = "".join(piece + ("" if piece in "^$" else often) for piece, often in parts)
    wanted = pl.Series(TEXTS).str.contains(pattern).to_list()
    python = re.compile(translated(pattern, PYTHON, "SQLite"))
    assert [python.search(text) is not None for text in TEXTS] == wanted
