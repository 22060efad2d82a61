"""Sources are read for pages within bounds: beyond them a reader ends, and nothing else does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path
from threading import Event

import pytest

from core.errors import Invalid, SourceFailed, Stopped
from core.profiles.sources import Progress
from core.readers import FOR_PAGES, START, Readers
from core.settings import Settings
from core.store import Store
from tests.reading import (
    convert,
    end,
    freeze,
    go_on,
    look_at_page,
    refuse,
    reserve,
    run_out,
    take,
    wait_for_memory,
    who,
)

MEMORY = 1000  # megabytes


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    home = tmp_path_factory.mktemp("readers") / "data"
    found = Readers(Settings(home=home, reading_memory=MEMORY, reading_time=60.0))
    yield found
    found.close()


@pytest.fixture
def served(store: Store, readers: Readers) -> Store:
    """A store whose sources are read by readers, as in a server."""
    store.runtime.read = readers.call
    return store


def test_only_a_server_has_readers_and_each_is_used_again(store, served):
    mine = os.getpid()
    first = who(served)
    assert first not in (mine, None)
    assert who(served) == first
    served.runtime.read = None
    assert who(served) == mine


def test_what_the_server_needs_itself_does_not_count(served):
    mine = b"x" * (600 << 20)
    take(served, 600)  # the next reader is started by a process that needed as much
    assert who(served) == who(served)
    del mine


def test_one_that_has_grown_is_not_used_again(served):
    first = who(served)
    assert take(served, 600) == 600 << 20
    assert who(served) != first


def test_what_a_reader_raises_comes_with_all_that_it_says(served):
    with pytest.raises(Invalid, match=r"^No\.$") as error:
        refuse(served, field="path")
    assert error.value.field == "path"


@pytest.mark.parametrize("megabytes", [2 * MEMORY, 1 << 30])
def test_too_much_memory_is_a_sentence_that_names_the_setting(served, megabytes):
    assert take(served, 1) == 1 << 20
    with pytest.raises(
        SourceFailed, match=r"more than 1,000 MB of memory.*SEGFERRY_READING_MEMORY"
    ):
        take(served, megabytes)
    assert take(served, 1) == 1 << 20


def test_memory_that_is_only_reserved_does_not_count(served):
    assert reserve(served, 2 * MEMORY) == 2 * MEMORY << 20


@pytest.mark.parametrize("ended", [run_out, wait_for_memory])
def test_memory_that_the_system_refuses_is_a_sentence_too(served, ended):
    with pytest.raises(SourceFailed, match="SEGFERRY_READING_MEMORY"):
        ended(served)


@pytest.mark.parametrize(
    ("signal", "why"), [(6, "1,000 MB of memory"), (11, "stopped unexpectedly")]
)
def test_a_reader_that_ends_is_told_and_the_next_one_does_the_work(served, signal, why):
    with pytest.raises(SourceFailed, match=why):
        end(served, signal)
    assert who(served)


def test_a_reader_ends_with_whoever_started_it_whatever_it_does(settings):
    ours, theirs = Pipe()
    start = START.format(path=sys.path, pipe=theirs.fileno())
    reader = subprocess.Popen([sys.executable, "-c", start], pass_fds=[theirs.fileno()])
    theirs.close()
    ours.send(settings)
    ours.send((go_on, {}))
    assert ours.recv() == (None, (0.5, "Reading"))
    ours.close()
    try:
        assert reader.wait(timeout=10) == 1
    finally:
        reader.kill()


def test_whoever_watches_the_progress_may_stop_it(served):
    def watch(share: float, doing: str) -> None:
        if (share, doing) == (0.5, "Reading"):
            raise Stopped("Enough.")

    with pytest.raises(Stopped, match="Enough"):
        go_on(served, watch)


def test_too_much_time_is_a_sentence_that_names_the_setting(store, settings):
    readers = Readers(Settings(home=settings.home, reading_time=0.2))
    store.runtime.read = readers.call
    with pytest.raises(SourceFailed, match=r"more than 0 seconds.*SEGFERRY_READING_TIME"):
        go_on(store, lambda _share, _doing: None)


def test_what_a_reader_that_is_stopped_was_converting_goes_with_it(served):
    folders = []

    def watch(share: float, doing: str) -> None:
        if share == 0.5:
            folders.append(Path(doing))
            raise Stopped("Enough.")

    with pytest.raises(Stopped):
        convert(served, watch)
    assert not folders[0].exists()


def test_a_run_does_not_wait_for_pages(store, served):
    begun = [Event() for _page in range(FOR_PAGES)]
    waiting, enough = Event(), Event()

    def watch(looking: Event, waiting: Event) -> Progress:
        def look(share: float, _doing: str) -> None:
            (looking if share else waiting).set()
            if enough.is_set():
                raise Stopped("Enough.")

        return look

    with ThreadPoolExecutor() as pool:
        pages = [pool.submit(look_at_page, served, watch(one, Event())) for one in begun]
        try:
            assert all(one.wait(30) for one in begun)
            pages.append(pool.submit(look_at_page, served, watch(Event(), waiting)))
            assert waiting.wait(30)
            assert freeze(served)
        finally:
            enough.set()
        assert all(isinstance(one.exception(30), Stopped) for one in pages)
