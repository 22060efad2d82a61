"""The dashboard as a process of its own: started on a data folder, stopped, or killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from core.access import Role
from core.settings import Settings
from core.store import accounts, open_store, sessions
from tests.conftest import ADA

PASSWORD = "a long walk by the sea"
SESSIONS: dict[str, str] = {}  # address of a dashboard: the token that browsers bring to it
PATIENCE = 120.0  # seconds until it answers, on a machine that has much else to do
ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
SERVE = [sys.executable, "-m", "core", "serve"]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard that answers at `url`."""

    settings: Settings
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As a power cut does: it gets no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(
    home: Path,
    *options: str,
    inhabited: bool = True,
    address: str = LOOPBACK,
    serve: Sequence[str] = SERVE,
    folder: Path = ROOT,
) -> Iterator[Dashboard]:
    """`serve`, called from a folder, on the data folder for the length of a block; no error is
    logged.

    Unless it is to be found as it was, Ada is an administrator there, and browsers are hers.
    """
    log = home.with_suffix(".log")
    token = let_in(Settings(home=home), ADA.name, ADA.role) if inhabited else None
    with log.open("ab") as file:
        dashboard = _started([*serve, *options], folder, home, file, address)
        if token:
            SESSIONS[dashboard.url] = token
        try:
            until_it_answers(dashboard.url, dashboard.process, log)
            yield dashboard
        finally:
            dashboard.process.terminate()
            dashboard.process.wait(timeout=PATIENCE)
    said = log.read_text()
    assert "Traceback" not in said, said


def let_in(settings: Settings, name: str, role: Role) -> str:
    """The token of a new session of this person's, who is made if there is none of the name."""
    store = open_store(settings)
    with store.begin() as session:
        account = accounts.look_up(session, name) or accounts.add(
            session, ADA, name, role, password=PASSWORD
        )
        token = sessions.begin(session, account, "127.0.0.1", "test")
    store.close()
    return token


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _started(
    command: list[str], folder: Path, home: Path, log: BinaryIO, address: str
) -> Dashboard:
    port = free_port()
    process = subprocess.Popen(
        [*command, "--port", str(port), "--address", address],
        cwd=folder,
        env=os.environ | {"SEGFERRY_HOME": str(home), "PYTHONPATH": ""},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    return Dashboard(Settings(home=home), f"http://{address}:{port}", process)


def until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits for the server of this process; fails with what it logged if it ends, or takes long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"The server doesn't answer:\n{log.read_text()}")
