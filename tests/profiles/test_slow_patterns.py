"""Patterns that look at cells take time by their length, not by its square."""

import time
from collections.abc import Callable

import pytest

from core import masking
from core.profiles.sources import encodings, row_shapes

LONG = "x" * 300_000  # by its square: eight minutes


@pytest.mark.parametrize(
    "look",
    [
        lambda: row_shapes.ADDRESS.search(LONG),
        lambda: encodings.WORD.findall(LONG.encode() + b" caf\xe9"),
        lambda: masking.sentence(LONG + "@"),
    ],
    ids=["addresses", "words beyond ASCII", "masking"],
)
def test_a_cell_of_many_letters_is_looked_at_once(look: Callable[[], object]):
    before = time.process_time()
    look()
    assert time.process_time() - before < 5


def test_an_address_is_found_wherever_it_stands():
    for cell in ("a@example.com", "x a.b@example.com", "@b@example.com", "a;b@example.lv,c"):
        assert row_shapes.ADDRESS.search(cell), cell
    for cell in ("a@", "a b", "@example.com", "a@b", ""):
        assert not row_shapes.ADDRESS.search(cell), cell
    assert encodings.WORD.findall(b"cafe caf\xe9s \xe9a b") == [b"caf\xe9s", b"\xe9a"]
