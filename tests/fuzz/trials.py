"""Tries many cases of one kind, one after the other, and counts what became of them."""

import gc
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from hypothesis import HealthCheck, Phase, given, seed, settings

from core.errors import SegferryError
from tests.fuzz.kinds import Kind, Trial, check_sentence

SLOWEST = 10.0  # seconds of processor time that a case may take
BATCH = 500  # cases after which Hypothesis begins anew: it remembers all that it made
WARMING = 0.25  # the share of the cases after which growth of memory is measured


@dataclass(slots=True)
class Outcome:
    """What became of the cases of a kind; `found` has a case for each place of a fault."""

    cases: int = 0
    refused: int = 0
    growth: float = 0.0  # megabytes
    seconds: float = 0.0
    found: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)  # the traceback of each


def judge(trial: Trial, case: bytes) -> bool:
    """Whether the case was taken; raises whatever is neither that nor a sentence.

    A panic of polars is no Exception, so that Hypothesis would take it for its own end.
    """
    before = time.process_time()
    try:
        trial(case)
        taken = True
    except SegferryError as error:
        check_sentence(error)
        taken = False
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise AssertionError(f"{type(error).__name__}: {error}") from error
    took = time.process_time() - before
    assert took < SLOWEST, f"it took {took:.0f} seconds"
    return taken


def tried(kind: Kind, cases: int, first: int, folder: Path, current: Path) -> Outcome:
    """Tries so many; `current` always holds the case that is being tried."""
    outcome, started, memory = Outcome(), time.monotonic(), None
    size = min(BATCH, max(1, int(WARMING * cases)))
    with kind.opened(folder) as trial:
        while outcome.cases < cases:
            if memory is None and outcome.cases >= WARMING * cases:
                memory = _memory()
            _batch(kind, trial, outcome, min(size, cases - outcome.cases), first, current)
    outcome.growth = _memory() - (memory or 0.0)
    outcome.seconds = time.monotonic() - started
    return outcome


def _batch(
    kind: Kind, trial: Trial, outcome: Outcome, cases: int, first: int, current: Path
) -> None:
    before = outcome.cases

    @seed(first * 1_000_000 + before)
    @settings(
        max_examples=cases,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(kind.cases)
    def one(case: bytes) -> None:
        outcome.cases += 1
        current.write_bytes(case)
        with _noted(outcome, case):
            outcome.refused += not judge(trial, case)

    one()
    gc.collect()  # what Hypothesis left in circles, before there is so much that memory grows by it
    outcome.cases = max(outcome.cases, before + 1)  # a kind without any case would go on for ever


@contextmanager
def _noted(outcome: Outcome, case: bytes) -> Iterator[None]:
    """Keeps the smallest case for each place in which something else was raised."""
    try:
        yield
    except Exception as error:
        place = _place(error)
        if place not in outcome.found or len(case) < len(outcome.found[place]):
            outcome.found[place] = case
            outcome.said[place] = "".join(traceback.format_exception(error)[-4:])


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    ours = [frame for frame in frames if "/core/" in frame.filename] or frames
    last = ours[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _memory() -> float:
    return float(psutil.Process().memory_info().rss) / (1 << 20)
