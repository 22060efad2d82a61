"""The threads that notice and deliver, and what a command does where no server is."""

import threading
import time

import pytest
import sqlalchemy as sa

from core.alerts import worker
from core.settings import Settings
from core.store import Store, exports, progress, requests
from core.store.tables.runs import Run, RunStatus
from tests.alerts import processes
from tests.conftest import ADA
from tests.programs import FORKING
from tests.receivers import Receiver


def ended(store: Store, status: RunStatus = RunStatus.failed) -> Run:
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        progress.step(session, run.id, RunStatus.running)
        return progress.step(session, run.id, status)


@pytest.mark.usefixtures("export")
def test_a_failure_arrives_by_itself_while_a_server_runs(
    store: Store, receiver: Receiver, subscribed
):
    subscribed()
    ending = threading.Event()
    thread = threading.Thread(target=worker.keep, args=(store, ending))
    thread.start()
    ended(store)
    end = time.monotonic() + 30
    while not receiver.got and time.monotonic() < end:
        time.sleep(0.05)
    ending.set()
    thread.join(20)
    assert [body["title"] for _m, _p, body in receiver.got] == ["Segferry: “Newsletter” failed"]


@pytest.mark.usefixtures("export")
def test_a_command_delivers_at_its_end(store: Store, receiver: Receiver, subscribed):
    subscribed()
    ended(store)
    worker.once(store)
    worker.once(store)
    assert len(receiver.got) == 1


@pytest.mark.usefixtures("export")
def test_a_channel_that_takes_nothing_fails_no_command(store: Store, subscribed):
    subscribed(address="json://127.0.0.1:1/nobody")
    ended(store)
    worker.once(store)


@pytest.mark.usefixtures("export")
def test_of_two_commands_at_once_each_message_goes_out_once_and_none_is_forgotten(
    store: Store, settings: Settings, receiver: Receiver, subscribed
):
    """The second waits for the first, which looked before the second's run had ended."""
    subscribed()
    receiver.open.clear()
    run = ended(store)
    command = FORKING.Process(target=processes.follow, args=(settings.home, run.id))
    command.start()
    assert receiver.arrived.wait(60)
    worker.once(store)
    assert receiver.titles == ["“Newsletter” failed"]
    run = ended(store, RunStatus.succeeded)
    threading.Timer(0.3, receiver.open.set).start()
    worker.once(store, [run])
    command.join(60)
    assert command.exitcode == 0
    assert receiver.titles == ["“Newsletter” failed", "“Newsletter” works again"]
    worker.once(store)
    assert len(receiver.got) == 2


@pytest.mark.usefixtures("export")
def test_a_run_that_fails_during_a_look_is_noticed_by_the_next(
    store: Store, receiver: Receiver, subscribed
):
    subscribed()
    left = [store]

    def end(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        """Once what has ended was read."""
        if left and "run.sample IS 0" in statement:
            ended(left.pop())

    sa.event.listen(store.engine, "after_cursor_execute", end)
    worker.once(store)
    worker.once(store)
    assert not left
    assert [body["title"] for _m, _p, body in receiver.got] == ["Segferry: “Newsletter” failed"]
