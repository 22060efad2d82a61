"""The local listmonk, put back to its start before each test, and the destination that opens it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from core.destinations import Credentials
from core.destinations.limits import Limits
from core.destinations.listmonk import Listmonk, ListmonkSettings, open_listmonk
from core.sandbox import listmonk
from tests.destinations.conftest import Clock
from tests.sandbox.listmonk.local import Local, client_of

KEY = "segferry:" + "t" * 48


@pytest.fixture(scope="module")
def running() -> Iterator[Local]:
    with listmonk.running() as url, client_of(url) as client:
        yield client


@pytest.fixture
def local(running: Local) -> Local:
    running.switch("reset")
    return running


@pytest.fixture
def opened(local: Local, clock: Clock) -> Iterator[Callable[..., Listmonk]]:
    """Opens the local listmonk; closed after the test."""
    with ExitStack() as stack:

        def once(key: str = KEY, former: str | None = None, base_url: str = "", **more) -> Listmonk:
            address = base_url or str(local.base_url).rstrip("/")
            settings = ListmonkSettings(base_url=address, **more.pop("settings", {}))
            limits = Limits(clock, clock.sleep)
            return stack.enter_context(
                open_listmonk(settings, Credentials(key, former), limits, **more)
            )

        yield once


@pytest.fixture
def destination(opened: Callable[..., Listmonk]) -> Listmonk:
    return opened()


def body(email: str, name: str = "", unset: tuple[str, ...] = (), **attribs: object) -> str:
    """One profile as matching writes it for listmonk."""
    found: dict[str, object] = {"email": email}
    if name:
        found["name"] = name
    if attribs:
        found["attribs"] = attribs
    if unset:
        found["unset"] = unset
    return json.dumps(found)
