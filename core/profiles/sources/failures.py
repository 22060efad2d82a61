"""Foreign errors of reading, as one sentence with the source, the cause and what to do."""

import errno
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import Protocol, runtime_checkable
from zipfile import BadZipFile

from core.errors import SourceFailed, StorageFailed
from core.files import is_one_of
from core.texts import _

# What the system or an unpacking says.
UNREADABLE = (OSError, EOFError, zlib.error, LZMAError, BadZipFile)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


@runtime_checkable
class Watched(Protocol):
    """A source that knows whether it is still what was opened."""

    def unchanged(self) -> None:
        """Raises SourceFailed when what was opened is missing or another."""
        ...


@contextmanager
def translated(what: object) -> Iterator[None]:
    """Wrap a collect or sink: errors of polars and the system become SourceFailed sentences.

    `what` is the source itself, or the name or path to speak of. A source that can say so is
    checked afterwards for changes meanwhile, so that a mixture of old and new is never returned.
    A full disk is StorageFailed.
    """
    try:
        yield
    except _foreign() as error:
        if _is_full(error):
            raise StorageFailed(
                _("The disk is full or can't be written. Free space, then try again.")
            ) from error
        _check(what)
        raise SourceFailed(sentence(error, _named(what))) from error
    _check(what)


@contextmanager
def by_arrow() -> Iterator[None]:
    """Wrap what pyarrow reads: what it raises of a broken file is OSError, for `translated`.

    Names of columns that are no UTF-8 it decodes only when they are asked for.
    """
    from pyarrow import ArrowException  # heavy

    try:
        yield
    except (ArrowException, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error


@contextmanager
def stored(cache: Path) -> Iterator[None]:
    """Wrap writing to the cache: what the disk refuses becomes StorageFailed."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL and not _inside(error, cache):
            raise
        raise StorageFailed(
            _(
                "The folder {path} can't be written: {reason}. Free space, or allow writing there."
            ).format(path=cache, reason=_reason(error))
        ) from error


def sentence(error: BaseException, name: str) -> str:
    """One sentence for an error that happened while reading what is called `name`."""
    if isinstance(error, FileNotFoundError):
        return _("{name} is missing. Put the file back, or correct the path.").format(name=name)
    if isinstance(error, PermissionError):
        return _("{name} can't be opened: permission denied. Allow reading it.").format(name=name)
    return _("{name} can't be read: {reason}. Check the file, then try again.").format(
        name=name, reason=_reason(error)
    )


def _foreign() -> tuple[type[BaseException], ...]:
    from narwhals.exceptions import NarwhalsError
    from polars.exceptions import PanicException, PolarsError  # heavy: only after an error

    return *UNREADABLE, NarwhalsError, PolarsError, PanicException


def _is_full(error: BaseException) -> bool:
    return is_one_of(error, FULL)


def _check(what: object) -> None:
    if isinstance(what, Watched):
        what.unchanged()


def _named(what: object) -> str:
    return str(getattr(what, "label", what))


def _inside(error: OSError, cache: Path) -> bool:
    return error.filename is not None and str(error.filename).startswith(str(cache))


def _reason(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    lines = text.strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
