"""Bad input is taken or refused with a sentence: a sample of `make fuzz`, and all it ever found."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.register import KINDS
from tests.fuzz.trials import judge

FOUND = Path(__file__).parent / "found"
FINDS = sorted(path for path in FOUND.glob("*/*") if path.is_file())


@pytest.fixture
def opened(tmp_path: Path, used_home: Path) -> Iterator[Callable[[Kind], Trial]]:
    """Opens a kind in a folder that has its database already."""
    shutil.copytree(used_home, tmp_path / "data")
    with ExitStack() as stack:
        yield lambda kind: stack.enter_context(kind.opened(tmp_path))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_sample_of_bad_input_is_taken_or_refused_with_a_sentence(
    opened: Callable[[Kind], Trial], kind: Kind
):
    trial = opened(kind)

    @settings(max_examples=20, phases=[Phase.explicit, Phase.generate], database=None)
    @given(kind.cases)
    def is_taken_or_refused(case: bytes) -> None:
        judge(trial, case)

    is_taken_or_refused()


@pytest.mark.parametrize("find", FINDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_once_is_taken_or_refused_with_a_sentence(
    opened: Callable[[Kind], Trial], find: Path
):
    judge(opened(KINDS[find.parent.name]), find.read_bytes())
