"""What counts as a find, so that `make fuzz` overlooks none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import strategies as st

from core.errors import Invalid
from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.trials import judge, tried


class Panic(BaseException):
    """As polars has it: no Exception."""


@contextmanager
def _opened(_folder: Path) -> Iterator[Trial]:
    def trial(case: bytes) -> None:
        if case == b"panic":
            raise Panic("out of range")
        if case == b"silent":
            raise Invalid(" ")
        if case == b"traceback":
            raise KeyError(case)
        if case == b"refused":
            raise Invalid("Write something else.")

    yield trial


CASES = [b"panic", b"silent", b"traceback", b"refused", b"taken"]
KIND = Kind("any", 1, st.sampled_from(CASES), _opened)


def test_each_place_of_a_fault_is_kept_with_a_case(tmp_path: Path):
    outcome = tried(KIND, 100, 1, tmp_path, tmp_path / "current")
    assert set(outcome.found.values()) == {b"panic", b"silent", b"traceback"}
    assert outcome.cases == 100
    assert 0 < outcome.refused < 100
    assert "out of range" in "".join(outcome.said.values())


@pytest.mark.parametrize(("case", "taken"), [(b"taken", True), (b"refused", False)])
def test_what_is_taken_or_refused_with_a_sentence_is_none(tmp_path: Path, case: bytes, taken: bool):
    with KIND.opened(tmp_path) as trial:
        assert judge(trial, case) is taken
