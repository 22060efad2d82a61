"""A running sandbox with a clock that tests set, put back to its start before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import sandbox
from tests.sandbox.local import MIDNIGHT, Clock, Local, client_of


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    folder: Path = tmp_path_factory.mktemp("sandbox")
    clock = Clock()
    with (
        sandbox.running(folder, clock=clock, limits=False) as url,
        client_of(url, clock) as client,
    ):
        yield client


@pytest.fixture
def local(running: Local) -> Local:
    running.clock.now = MIDNIGHT
    running.switch("reset")
    return running
