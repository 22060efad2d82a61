"""What is said of something that was done to several exports."""

from collections.abc import Callable

from core.runs.several import Done
from core.texts import many
from pages.ui import frame


def report(done: Done, words: Callable[[int], str]) -> None:
    """Says for how many it was done, and which refused, with their reasons."""
    if done.n:
        frame.notify(words(done.n))
    for name, why in done.refused.items():
        frame.notify(f"“{name}”: {why}", failed=True)


def queued(n: int) -> str:
    """How many runs were asked for."""
    return many("{n} run is queued.", "{n} runs are queued.", n)


def changed(n: int) -> str:
    """How many exports are different now."""
    return many("{n} export is changed.", "{n} exports are changed.", n)
