"""What arrives otherwise than the database holds it: nothing of that without a note."""

from dataclasses import dataclass

from core.profiles.sources.notes import Note, Noted


@dataclass(slots=True)
class _Loss:
    """How many values of a column, the row of the first one, and its text."""

    count: int
    row: int
    text: str


class Losses:
    """Values that come as null or cut, counted by kind and column, each with the first of them."""

    def __init__(self) -> None:
        self._found: dict[tuple[Noted, str], _Loss] = {}

    def add(self, kind: Noted, column: str, count: int, row: int, text: str) -> None:
        """Counts some more; `row` and `text` are those of their first."""
        self._found.setdefault((kind, column), _Loss(0, row, text)).count += count

    def merge(self, other: "Losses") -> None:
        """Takes in those of another statement, which may have read the same rows again.

        So of one kind and column the larger count stays, not the sum.
        """
        for key, loss in other._found.items():
            known = self._found.get(key)
            if known is None or known.count < loss.count:
                self._found[key] = loss

    def notes(self) -> tuple[Note, ...]:
        """A note for each kind and column."""
        return tuple(
            Note.of(kind, column, loss.count, loss.row, loss.text)
            for (kind, column), loss in self._found.items()
        )
