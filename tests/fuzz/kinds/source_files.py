"""Files of people, as sources: read whole, or refused with nothing left in the cache."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from core.errors import SegferryError
from core.profiles.everyday import everyday
from core.profiles.sources import Kind as Holds
from core.profiles.sources import Reading, open_source
from core.profiles.sources.facts import facts
from core.profiles.sources.limits import Limits
from core.profiles.sources.remarks import remarks_on
from tests.fuzz.kinds import Trial, files_in

SMALL = Limits(rows=1_000_000, columns=5_000, cell=1, unpacked=8, copies=200)


def opened(names: Sequence[str]) -> Callable[[Path], "contextmanager[Trial]"]:
    """What reads each case under these names, which say what it should be."""
    return partial(_opened, tuple(names))


@contextmanager
def _opened(names: tuple[str, ...], folder: Path) -> Iterator[Trial]:
    def tried(case: bytes) -> None:
        name = names[len(case) % len(names)]
        work = Path(mkdtemp(dir=folder))
        try:
            _read(work, name, case)
        finally:
            rmtree(work)

    yield tried


def _read(folder: Path, name: str, case: bytes) -> None:
    """All that pages show of it. Raises SegferryError; AssertionError where anything is left."""
    (folder / name).write_bytes(case)
    cache = folder / "cache"
    try:
        source = open_source(Reading("Profiles", "file", folder / name, limits=SMALL), cache)
        found = facts(source)
        everyday(source)
        rows = source.fetched(source.scan()).collect()
    except SegferryError:
        left = [one for one in files_in(cache) if not one.endswith(".parquet")]
        assert not left, f"left in the cache: {left}"
        raise
    assert rows.height == found.rows
    assert set(found.columns.values()) <= set(Holds)
    json.dumps([[str(value) for value in row] for row in found.sample.rows()]).encode()
    for remark in remarks_on(source):
        remark.encode()
