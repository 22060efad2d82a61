"""The dashboard with people in it: how long signing in takes, and what live pages cost.

The live pages are clients that say on the WebSocket what a page in a browser says; twenty tabs of
a real one on the same machine would measure the browser.
"""

import asyncio
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core import sandbox
from core.access import Role
from core.server.web import COOKIE
from core.store import open_store
from tests.e2e import content, runs
from tests.e2e.conftest import ARGUMENTS, chromium_path
from tests.e2e.dashboard import PASSWORD, SESSIONS, Dashboard, let_in, running

TIMES = 20
LIVE = 20  # pages that follow a run
SETTLED, WATCHED = 70.0, 20.0  # seconds until the server's memory is settled, and of measuring
WAITS = 600  # seconds for which the local Klaviyo keeps the run waiting


def main() -> None:
    """Prints the two of them."""
    folder = Path(tempfile.mkdtemp())
    with sandbox.running(folder / "klaviyo", delay=0, limits=False) as klaviyo:
        content.bring(folder / "data", klaviyo, folder)
        with running(folder / "data") as dashboard, chromium() as browser:
            let_in(dashboard.settings, "Vita", Role.viewer)
            took = [_signed_in(browser, dashboard) for _n in range(TIMES)]
            print_seconds("sign-in, click to page", took)
            runs.fault(klaviyo, kind="status", status=429, retry_after=WAITS)
            store = open_store(dashboard.settings)
            runs.asked(store, content.MANY)
            store.close()
            _live(browser, dashboard)


def _live(browser: Browser, dashboard: Dashboard) -> None:
    with _pages(dashboard):
        time.sleep(SETTLED)
        used, began = _seconds_used(dashboard), time.perf_counter()
        time.sleep(WATCHED)
        share = (_seconds_used(dashboard) - used) / (time.perf_counter() - began)
        print(f"{LIVE} live pages: {share:.0%} of one core (target 30 %)")
        print_seconds(
            "reaction beside them, click to page (target 500 ms)", _clicks(browser, dashboard)
        )


def _signed_in(browser: Browser, dashboard: Dashboard) -> float:
    """Seconds from the button to the page."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{dashboard.url}/history")
        page.get_by_role("textbox", name="Name", exact=True).fill("Vita")
        page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
        button = page.get_by_role("button", name="Sign in", exact=True)
        heading = page.get_by_role("heading", level=1, name="History", exact=True)
        return _timed(lambda: (button.click(), heading.wait_for()))


def _clicks(browser: Browser, dashboard: Dashboard) -> list[float]:
    """Seconds from a click in the menu to the page, back and forth."""
    cookie = {"name": COOKIE, "value": SESSIONS[dashboard.url], "url": dashboard.url}
    took = []
    with browser.new_context() as context:
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        for name in ("segments", "exports"):  # what they import is read once for all
            page.goto(f"{dashboard.url}/{name}")
            page.get_by_role("heading", level=1).wait_for()
        for name in ("Segments", "Exports") * (TIMES // 2):
            heading = page.get_by_role("heading", level=1, name=name, exact=True)
            link = page.get_by_role("link", name=name, exact=True)
            took.append(_timed(lambda: (link.click(), heading.wait_for())))  # noqa: B023
            page.wait_for_timeout(300)
    return took


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def print_seconds(what: str, seconds: list[float]) -> None:
    """Their median, and within how many 95 % of them are."""
    late = sorted(seconds)[int(len(seconds) * 0.95) - 1]
    middle = statistics.median(seconds)
    print(f"{what}: median {middle * 1000:.0f} ms, 95 % within {late * 1000:.0f} ms")


def _seconds_used(dashboard: Dashboard) -> float:
    fields = Path(f"/proc/{dashboard.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def _pages(dashboard: Dashboard) -> Iterator[None]:
    """So many pages of exports stay open, each following the run under way."""
    ending = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_open_all(dashboard, ending)))
    thread.start()
    yield
    ending.set()
    thread.join()


async def _open_all(dashboard: Dashboard, ending: threading.Event) -> None:
    pages = [asyncio.create_task(_open(dashboard)) for _n in range(LIVE)]
    while not ending.is_set():
        await asyncio.sleep(0.2)
        for page in pages:
            if page.done():
                page.result()
    for page in pages:
        page.cancel()


async def _open(dashboard: Dashboard) -> None:
    address = dashboard.url.replace("http", "ws", 1) + "/_stcore/stream"
    cookie = {"Cookie": f"{COOKIE}={SESSIONS[dashboard.url]}"}
    async with connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers=cookie,
        origin=dashboard.url,  # type: ignore[arg-type]
        max_size=None,
    ) as socket:
        await _say(socket, page_name="exports")
        fragment, every = await _first_tick(socket)
        listening = asyncio.create_task(_listen(socket))
        while not listening.done():
            await _say(socket, page_name="exports", fragment_id=fragment, is_auto_rerun=True)
            await asyncio.sleep(every)


async def _first_tick(socket: ClientConnection) -> tuple[str, float]:
    """Which part of the page wants to be drawn again, and after how many seconds each time."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(await socket.recv())  # type: ignore[arg-type]
        if message.WhichOneof("type") == "auto_rerun" and message.auto_rerun.interval <= 1:
            return message.auto_rerun.fragment_id, message.auto_rerun.interval


async def _listen(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _message in socket:
            pass


async def _say(socket: ClientConnection, **rerun: object) -> None:
    message = BackMsg()
    for name, value in rerun.items():
        setattr(message.rerun_script, name, value)
    await socket.send(message.SerializeToString())


if __name__ == "__main__":
    main()
