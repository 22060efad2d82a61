"""A running local listmonk with a clock that tests set, put back to its start before each test."""

from collections.abc import Iterator

import pytest

from core.sandbox import listmonk
from tests.sandbox.listmonk.local import Local, client_of
from tests.sandbox.local import Clock


@pytest.fixture(scope="module")
def running() -> Iterator[Local]:
    clock = Clock()
    with listmonk.running(clock=clock) as url, client_of(url) as client:
        yield client


@pytest.fixture
def local(running: Local) -> Local:
    running.switch("reset")
    return running
