"""Files of a store as they are at one moment, and what a store does."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from core.profiles.sources.conversion import State
from core.profiles.sources.stores.address import Address


@dataclass(frozen=True, slots=True)
class Object:
    """One file in one version: its ETag says which, and beside it size and time of writing."""

    address: Address
    size: int | None  # bytes; None where the server doesn't say
    written: datetime | None  # UTC
    tag: str | None  # its ETag

    @property
    def path(self) -> PurePosixPath:
        """Its key as a path, of the web without the query."""
        key = self.address.key
        return PurePosixPath(key.partition("?")[0] if self.address.is_web else key)

    @property
    def version(self) -> str:
        """Its ETag without the quotes, which Azure leaves away in lists; "" without one."""
        return (self.tag or "").strip('"')

    @property
    def state(self) -> tuple[str, int, int]:
        """As that of a file: its path, its size in bytes, when it was written in ns; 0: unknown."""
        nanoseconds = int(self.written.timestamp()) * 10**9 if self.written else 0
        return self.address.shown, self.size or 0, nanoseconds

    def is_same(self, other: "Object") -> bool:
        """Whether it is the same version of the same file, as far as both say."""
        if self.version and other.version:
            return self.version == other.version
        return self.state == other.state


def same(
    one: Object, now: Object, chunks: Iterable[bytes], error: Exception
) -> Generator[bytes, None, None]:
    """The bytes of a file as it is now. Raises the error where that isn't the same, or not all."""
    if not one.is_same(now):
        raise error
    size = 0
    for chunk in chunks:
        size += len(chunk)
        yield chunk
    if now.size not in (None, size):
        raise error


def state_of_objects(objects: Sequence[Object]) -> State:
    """As that of files, and with their ETags."""
    return State(tuple(one.state for one in objects), tuple(one.version for one in objects))


class Store(Protocol):
    """Finds files and reads them. What fails is SourceFailed, with a sentence."""

    def found(self) -> tuple[Object, ...]:
        """The files that the address means, by their keys; nothing of them is read."""
        ...

    def check_not_logged(self, objects: Sequence[Object]) -> None:
        """Raises SourceFailed where they belong to a table whose log says which of them count."""
        ...

    def read(self, one: Object) -> Generator[bytes, None, None]:
        """Its bytes, if it still is this version, else SourceFailed; to be closed."""
        ...
