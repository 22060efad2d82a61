"""What a source may cost: bounds that an operator sets, and a file that keeps one."""

from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from core.errors import SourceFailed, StorageFailed
from core.texts import _

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows and columns a source may have; in megabytes, how large one cell may be, how
    large a packed file may become, and how much disk the converted copies of all sources may take.

    `seconds` bound each query of a database.
    """

    rows: int = 100_000_000
    columns: int = 5_000
    cell: int = 16
    unpacked: int = 20_480
    copies: int = 51_200
    seconds: float = 900.0

    def check_rows(self, rows: int, name: object) -> None:
        """Raises SourceFailed for too many."""
        if rows > self.rows:
            text = _("{name} has {n} rows; at most {most} are read. {hint}")
            raise _too_many(text, name, rows, self.rows, "SEGFERRY_MAX_ROWS")

    def check_columns(self, columns: int, name: object) -> None:
        """Raises SourceFailed for too many."""
        if columns > self.columns:
            text = _("{name} has {n} columns; at most {most} are read. {hint}")
            raise _too_many(text, name, columns, self.columns, "SEGFERRY_MAX_COLUMNS")

    def is_too_large(self, size: int) -> bool:
        """Whether a cell of so many bytes is."""
        return size > self.cell * MEGABYTE

    def check_cell(self, size: int, name: object, column: str, row: int | None = None) -> None:
        """Raises SourceFailed where a cell of so many bytes is too large; a row counts from 1."""
        if not self.is_too_large(size):
            return
        text = _("{name}: a cell of “{column}” has {n} MB; at most {most} MB are read. {hint}")
        if row is not None:
            text = _(
                "{name}, row {row}: “{column}” has {n} MB there; at most {most} MB are read. {hint}"
            )
        n, hint = f"{-(-size // MEGABYTE):,}", _hint("SEGFERRY_MAX_CELL")
        found = {"name": name, "row": f"{row or 0:,}", "column": column, "n": n}
        raise SourceFailed(text.format(**found, most=f"{self.cell:,}", hint=hint))

    def check_copies(self, size: int, path: object) -> None:
        """Raises StorageFailed where all copies together would take more bytes than they may."""
        if size > self.copies * MEGABYTE:
            text = _(
                "With that of {path}, the converted copies of sources would take {n} MB; at most "
                "{most} MB are kept. {hint}"
            )
            n, most = f"{-(-size // MEGABYTE):,}", f"{self.copies:,}"
            hint = _hint("SEGFERRY_MAX_COPIES")
            raise StorageFailed(text.format(path=path, n=n, most=most, hint=hint))


USUAL = Limits()


class BoundedFile(FileIO):
    """A new file for what a packed one holds. Writing raises SourceFailed when that is too much."""

    def __init__(self, target: Path, packed: Path, limits: Limits) -> None:
        super().__init__(target, "wb")
        self._packed, self._most, self._size = packed, limits.unpacked, 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """All of the bytes."""
        self._size += len(data)
        if self._size > self._most * MEGABYTE:
            text = _("{path} has more than {n} MB, unpacked. {hint}")
            n, hint = f"{self._most:,}", _hint("SEGFERRY_MAX_UNPACKED")
            raise SourceFailed(text.format(path=self._packed, n=n, hint=hint))
        return super().write(data)


def _too_many(text: str, name: object, found: int, most: int, setting: str) -> SourceFailed:
    numbers = {"n": f"{found:,}", "most": f"{most:,}"}
    return SourceFailed(text.format(name=name, **numbers, hint=_hint(setting)))


def _hint(setting: str) -> str:
    return _("Leave out what isn't needed, or allow more with {setting}.").format(setting=setting)
