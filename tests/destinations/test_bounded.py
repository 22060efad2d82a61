"""A request that nobody waits for any more: neither sent later nor left open."""

import gc
import threading
import warnings

import httpx
import pytest

from core.destinations.bounded import Interrupted, answer


class Held(httpx.HTTPTransport):
    """Real connections; each request waits before the first byte, as while it connects."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.ended = threading.Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.released.wait(10)
        try:
            return super().handle_request(request)
        finally:
            self.ended.set()


def test_a_request_that_was_stopped_while_it_connected_is_never_sent(address, script):
    script.says(200)
    held = Held()
    client = httpx.Client(base_url=address, transport=held)
    with pytest.raises(Interrupted):
        answer(client, client.build_request("POST", "/"), 60.0, stopped=lambda: True)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        held.released.set()
        assert held.ended.wait(10)
        gc.collect()
    assert script.asked == []
    assert [one for one in found if one.category is ResourceWarning] == []
