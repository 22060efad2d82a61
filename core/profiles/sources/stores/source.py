"""Files of a store as a source: fetched into the cache, from then on as local ones."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from core.errors import Invalid, SegferryError
from core.profiles.sources import Progress, Reading, files, silent
from core.profiles.sources.conversion import State
from core.profiles.sources.files import FileSource
from core.profiles.sources.places import Place, given_by_folders
from core.profiles.sources.stores import waiting
from core.profiles.sources.stores.address import Address
from core.profiles.sources.stores.buckets import Buckets
from core.profiles.sources.stores.fetching import Fetching
from core.profiles.sources.stores.objects import Object, Store, state_of_objects
from core.profiles.sources.stores.web import Web
from core.profiles.sources.trail import Trail
from core.texts import _

ASK_EVERY = 1.0  # seconds in which the store isn't asked twice whether the files are the same
FETCHING = 0.5  # the share of the whole progress


def open_source(reading: Reading, cache: Path, progress: Progress | None = None) -> FileSource:
    """Finds the files, and fetches and converts them unless this version was before.

    Raises Invalid, Outside, SourceFailed, StorageFailed.
    """
    report = progress or silent
    store, address = _store(reading), _address(reading)
    objects = _found(store, reading, report)
    local = _fetched(store, objects, reading, cache, report)
    names = {path: one.address.shown for path, one in zip(local, objects, strict=True)}
    place = Place(local, given_by_folders([one.path for one in objects]))
    with _named(names):
        source = files.opened(
            *(reading, address.shown, place, Trail.of(local, None), cache),
            lambda share, doing: report(FETCHING + share * (1 - FETCHING), doing),
        )
        state = state_of_objects(objects)
        present = _present(lambda: _found(store, reading, silent), state)
        return files.checked(replace(source, state=state, present=present), reading)


def state_of(reading: Reading) -> State:
    """Which versions are there at this moment. Raises Invalid, Outside, SourceFailed."""
    return state_of_objects(_found(_store(reading), reading, silent))


def _address(reading: Reading) -> Address:
    """Raises Invalid; Outside where nothing may be read."""
    if not reading.url:
        raise Invalid(_("The source “{name}” has no path.").format(name=reading.name), "path")
    address = Address.parse(reading.url)
    if reading.fence:
        address.check_within(reading.stores)
    return address


def _store(reading: Reading) -> Store:
    address = _address(reading)
    if address.is_web:
        return Web(address, reading.stores, confined=reading.fence is not None)
    return Buckets(address, reading.limits.seconds)


def _found(store: Store, reading: Reading, report: Progress) -> tuple[Object, ...]:
    looking = _("Looking for the files")
    seconds = reading.limits.seconds
    (found,) = waiting.done([store.found], lambda: report(0.0, looking), seconds)
    return found


def _fetched(
    store: Store, objects: Sequence[Object], reading: Reading, cache: Path, report: Progress
) -> tuple[Path, ...]:
    half: Progress = lambda share, doing: report(share * FETCHING, doing)  # noqa: E731
    return Fetching(store, reading.name, reading.limits, half).fetched(objects, cache)


def _present(ask: Callable[[], Sequence[Object]], state: State) -> Callable[[], State]:
    """What is there now, as the store said within the last second.

    What was fetched is one version, whatever happens in the store. So this is only to notice that
    there is a newer one.
    """
    known, at = state, time.monotonic()

    def now() -> State:
        nonlocal known, at
        if time.monotonic() - at >= ASK_EVERY:
            known, at = state_of_objects(ask()), time.monotonic()
        return known

    return now


@contextmanager
def _named(names: Mapping[Path, str]) -> Iterator[None]:
    """Errors speak of the files in the store, not of those in the cache."""
    try:
        yield
    except SegferryError as error:
        text = str(error)
        for path, name in names.items():
            text = text.replace(str(path), name)
        error.args = (text, *error.args[1:])
        raise
