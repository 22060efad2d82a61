"""The hashes of docs/hashes.md: they never change, and differ exactly where what is sent does."""

import os
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plan.hashes import HASH
from core.profiles.matching.fields import Match
from tests.profiles.matching.sent import profiles

# A change of any of these sends everybody once more, in every installation.
GOLDEN = {
    ('{"type":"profile","attributes":{"email":"a@b.lv"}}', None): "c941d9785f4d0503",
    ('{"type":"profile","attributes":{"email":"a@b.lv"}}', '["first_name"]'): "0d2b16db4d30d2c5",
    (
        '{"type":"profile","attributes":{"email":"ā@b.lv","properties":{"n":12.5}}}',
        None,
    ): "f43b51b269da2a8c",
}
PROGRAM = """
import polars as pl
from core.plan.hashes import HASH
rows = pl.DataFrame({"body": ["{}"], "clear": ["[]"]})
print(rows.select(HASH).item())
"""


def hashed(*rows: tuple[str, str | None]) -> list[int]:
    schema = {"body": pl.String, "clear": pl.String}
    return pl.DataFrame(rows, schema, orient="row").select(HASH).to_series().to_list()


@pytest.mark.parametrize(("row", "hex_digits"), GOLDEN.items())
def test_the_hash_of_a_body_is_the_same_for_ever(row: tuple[str, str | None], hex_digits: str):
    assert f"{hashed(row)[0]:016x}" == hex_digits


def test_a_body_is_written_the_same_for_ever():
    values = {
        "email": ["a@b.lv"],
        "text": ['Ann "A" \\ / \n\t ā 😀'],
        "whole": [42],
        "large": [2**53 + 1],
        "float": [12.5],
        "round": [42.0],
        "tiny": [1e-7],
        "huge": [1e21],
        "flag": [True],
        "list": [["x", "y"]],
    }
    names = {name: name for name in values if name != "email"}
    match = Match(email="email", properties=names)
    assert profiles(pl.DataFrame(values), match)["body"].item() == (
        r'{"type":"profile","attributes":{"email":"a@b.lv","properties":'
        r'{"text":"Ann \"A\" \\ / \n\t ā 😀","whole":42,"large":9007199254740993,"float":12.5,'
        r'"round":42.0,"tiny":1e-7,"huge":1e+21,"flag":true,"list":["x","y"]}}}'
    )


def test_each_process_makes_the_same():
    environment = os.environ | {"PYTHONHASHSEED": "7", "POLARS_MAX_THREADS": "1"}
    there = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True
    )
    assert int(there.stdout) == hashed(("{}", "[]"))[0]


# As in JSON texts, no control characters.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
ROWS = st.lists(st.tuples(TEXTS, st.one_of(st.none(), TEXTS)), min_size=2, max_size=20)


@given(ROWS)
def test_hashes_are_equal_where_what_is_sent_and_emptied_is(rows: list[tuple[str, str | None]]):
    found = hashed(*rows)
    assert len(set(found)) == len(set(rows))
    assert [found[rows.index(row)] for row in rows] == found
