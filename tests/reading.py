"""Work for readers to do in tests; without pytest, which each of them would import for it."""

import os
from contextlib import suppress
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from threading import Event
from zlib import crc32

from core.errors import Invalid, SourceFailed
from core.profiles.sources import Progress
from core.profiles.sources.work import folder_for_work
from core.readers import by_reader, by_reader_for_run
from core.store import Store


@by_reader
def who(store: Store) -> int:
    return os.getpid()


@by_reader
def take(store: Store, megabytes: int) -> int:
    taken = b"x" * (megabytes << 20)
    crc32(taken)  # in which time others look at what this process has written to
    return len(taken)


@by_reader
def end(store: Store, signal: int) -> None:
    os.kill(os.getpid(), signal)


@by_reader
def refuse(store: Store, field: str) -> None:
    raise Invalid("No.", field)


@by_reader
def go_on(store: Store, progress: Progress) -> None:
    progress(0.5, "Reading")
    while True:
        os.sched_yield()


@by_reader
def reserve(store: Store, megabytes: int) -> int:
    return len(mmap(-1, megabytes << 20, flags=MAP_PRIVATE | MAP_ANONYMOUS))


@by_reader
def run_out(store: Store) -> None:
    """What is raised where a library has no memory, and is taken for a fault of the file."""
    try:
        raise MemoryError
    except MemoryError as error:
        raise SourceFailed("The file can't be read.") from error


@by_reader
def wait_for_memory(store: Store) -> None:
    """As a thread of polars that got no stack near what the system refuses: it never ends."""
    kept = []
    with suppress(OSError):
        while True:
            kept.append(mmap(-1, 64 << 20, flags=MAP_PRIVATE | MAP_ANONYMOUS))
    Event().wait()


@by_reader
def convert(store: Store, progress: Progress) -> None:
    store.settings.cache.mkdir(exist_ok=True)
    with folder_for_work(store.settings.cache, "a-") as folder:
        (folder / "half.parquet").write_text("half")
        progress(0.5, str(folder))
        Event().wait()


@by_reader
def look_at_page(store: Store, progress: Progress) -> None:
    progress(0.5, "Looking")
    Event().wait()


@by_reader_for_run
def freeze(store: Store) -> int:
    return os.getpid()
