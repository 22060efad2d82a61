"""The kinds of bad input: what cases there are of each, and what is to become of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from hypothesis.strategies import SearchStrategy

from core.errors import SegferryError

LONGEST = 2_000  # characters of a sentence on a screen
Trial = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of input: a case is the bytes that somebody sends.

    `opened` takes an empty folder to work in, and gives what tries a case: it returns where the
    input was taken, and raises SegferryError where it was refused with a sentence. Any other
    exception is a fault. `share` is how many of a hundred cases are of this kind.
    """

    name: str
    share: int
    cases: SearchStrategy[bytes]
    opened: Callable[[Path], AbstractContextManager[Trial]]


def check_sentence(error: SegferryError) -> None:
    """Raises AssertionError unless its text fits the screen, a log and a database."""
    text = str(error)
    text.encode()  # half a surrogate can be neither stored nor shown
    assert text.strip(), "no sentence"
    assert "\0" not in text, "NUL in a sentence: PostgreSQL refuses it"
    assert len(text) <= LONGEST, f"a sentence of {len(text):,} characters: {text[:200]}"
    assert "Traceback" not in text, text[:500]


def files_in(folder: Path) -> Iterator[str]:
    """All that lies in a folder, by its path there."""
    return (str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))
