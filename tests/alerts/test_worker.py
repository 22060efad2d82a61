"""The threads that notice and deliver, and what a command does where no server is."""

import threading
import time

import pytest

from core.alerts import worker
from core.store import Store, exports, progress, requests
from core.store.tables.runs import RunStatus
from tests.alerts.conftest import Receiver
from tests.conftest import ADA


def fail(store: Store) -> None:
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed)


@pytest.mark.usefixtures("export")
def test_a_failure_arrives_by_itself_while_a_server_runs(
    store: Store, receiver: Receiver, subscribed
):
    subscribed()
    ending = threading.Event()
    thread = threading.Thread(target=worker.keep, args=(store, ending))
    thread.start()
    fail(store)
    end = time.monotonic() + 30
    while not receiver.got and time.monotonic() < end:
        time.sleep(0.05)
    ending.set()
    thread.join(20)
    assert [body["title"] for _m, _p, body in receiver.got] == ["Segferry: “Newsletter” failed"]


@pytest.mark.usefixtures("export")
def test_a_command_delivers_at_its_end(store: Store, receiver: Receiver, subscribed):
    subscribed()
    fail(store)
    worker.once(store)
    worker.once(store)
    assert len(receiver.got) == 1


@pytest.mark.usefixtures("export")
def test_a_channel_that_takes_nothing_fails_no_command(store: Store, subscribed):
    subscribed(address="json://127.0.0.1:1/nobody")
    fail(store)
    worker.once(store)
