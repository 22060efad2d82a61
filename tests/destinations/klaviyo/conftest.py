"""A sandbox on one day, without limits, shared by the tests of a module."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import sandbox

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("sandbox")
    with sandbox.running(folder, clock=NOW.timestamp, limits=False) as address:
        yield address


@pytest.fixture
def switch(url: str) -> Callable[..., None]:
    """Posts an order to the sandbox, which begins anew with each test."""

    def act(what: str, **order: Any) -> None:
        httpx.post(f"{url}/sandbox/{what}", json=order).raise_for_status()

    act("reset")
    return act
