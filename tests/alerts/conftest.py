"""An export to be told of, a receiver of webhooks and a mail server, both real ones."""

import email
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.alerts import watch
from core.configuration.alerts import Channel
from core.profiles.summary import Summary
from core.settings import Settings
from core.store import (
    Store,
    alerts,
    channels,
    details,
    exports,
    open_store,
    progress,
    requests,
)
from core.store.tables.alerts import AlertRow, ChannelRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run, RunStatus
from tests.conftest import ADA, applied, people, written
from tests.receivers import Receiver, receiving

NOWHERE = "http://127.0.0.1:1"
EXPORT = "Newsletter"


@dataclass
class Clock:
    """The time, which passes when a test says so."""

    at: datetime = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def home_with_export(used_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the export, at which alerts have looked once."""
    folder = tmp_path_factory.mktemp("alerts")
    shutil.copytree(used_home, folder / "data")
    people(3).write_parquet(folder / "profiles.parquet")
    opened = open_store(Settings(home=folder / "data"))
    applied(opened, written(folder, folder / "profiles.parquet", NOWHERE))
    watch.look(opened, datetime(2026, 11, 28, 5, 0, tzinfo=UTC))
    opened.close()
    return folder / "data"


@pytest.fixture
def used(settings: Settings, home_with_export: Path) -> None:
    shutil.copytree(home_with_export, settings.home)


@pytest.fixture
def export(store: Store) -> ExportRow:
    with store.begin() as session:
        return exports.find(session, EXPORT)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@dataclass
class Mailbox:
    """A mail server: what it got, with whom it was for, and whether it takes more."""

    port: int = 0
    refusal: str = ""
    got: list[tuple[list[str], Message]] = field(default_factory=list)

    @property
    def channel(self) -> str:
        """Its address for Apprise."""
        sender, to = "segferry@example.com", "ops@example.com"
        return f"mailto://127.0.0.1:{self.port}?from={sender}&to={to}"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()

    class Handler:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
            if found.refusal:
                return found.refusal
            message = email.message_from_bytes(envelope.content, policy=default)
            found.got.append((envelope.rcpt_tos, message))
            return "250 taken"

    with socket.create_server(("127.0.0.1", 0)) as free:
        found.port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


@pytest.fixture
def subscribed(store: Store, receiver: Receiver) -> Callable[..., ChannelRow]:
    """Makes a channel of the team to the receiver; `more` as in a configuration file."""

    def make(address: str = "", name: str = "Ops", **more: Any) -> ChannelRow:
        spec = Channel(name=name, address="${OPS}", **more)
        with store.begin() as session:
            secret = address or receiver.channel
            return channels.add(session, store.vault, ADA, spec, address=secret)

    return make


def ran(
    store: Store,
    status: RunStatus,
    clock: Clock,
    seconds: float = 60,
    source: Summary | None = None,
    **numbers: Any,
) -> Run:
    """A run of the export that came so far with what it saw of its source; then the next look."""
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, EXPORT))
        progress.step(session, run.id, RunStatus.running)
        if status == RunStatus.held:
            progress.hold(session, run.id, "10 of 20 people would leave.", 10)
        elif status in ENDED:
            progress.step(session, run.id, status)
        begun = clock()
        clock.passes(seconds=seconds)
        ended = {"finished_at": clock()} if status in ENDED else {}
        progress.record(session, run, {"started_at": begun, **ended, **numbers})
        if source:
            details.keep_source(session, run.id, source.as_data())
    watch.look(store, clock())
    return run


def told(store: Store) -> list[str]:
    """The titles of all messages, oldest first."""
    return [row.title for row in reversed(messages(store))]


def messages(store: Store) -> list[AlertRow]:
    """All messages, newest first."""
    with store.begin() as session:
        return alerts.newest(session, 100)
