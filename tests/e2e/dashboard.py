"""The dashboard as a process of its own: started on a data folder, stopped, or killed."""

import atexit
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

import httpx

from core.access import Role
from core.runs.engine.host import Host
from core.settings import Settings
from core.store import accounts, open_store, sessions
from tests.conftest import ADA
from tests.programs import Program

PASSWORD = "a long walk by the sea"
SESSIONS: dict[str, str] = {}  # address of a dashboard: the token that browsers bring to it
PATIENCE = 120.0  # seconds until it answers, on a machine that has much else to do
LOUD = re.compile(
    r"Traceback|\bWARN|Warning\b|ScriptRunContext"
)  # in a log of which nothing is wrong
LOOPBACK = "127.0.0.1"
PORTS: list[int] = []  # of dashboards
Process = Program | subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard that answers at `url`."""

    settings: Settings
    url: str
    process: Process

    def kill(self) -> None:
        """As a power cut does: it gets no chance to tidy up."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(
    home: Path,
    *options: str,
    inhabited: bool = True,
    address: str = LOOPBACK,
    installed: Path | None = None,
) -> Iterator[Dashboard]:
    """`serve` on the data folder for the length of a block; no error and no warning is logged.

    Where the program of an installation is given it is started beside the data folder.

    Unless it is to be found as it was, Ada is an administrator there, and browsers are hers.
    """
    log = home.with_suffix(".log")
    if inhabited and not home.exists():
        shutil.copytree(_inhabited(), home)
    token = let_in(Settings(home=home), ADA.name, ADA.role) if inhabited else None
    with log.open("ab") as file:
        port = _port()
        command = ["serve", *options, "--port", str(port), "--address", address]
        environment = {"SEGFERRY_HOME": str(home), "PYTHONPATH": ""}
        process = (
            _installed([str(installed), *command], environment, home.parent, file)
            if installed
            else Program(command, environment, file)
        )
        dashboard = Dashboard(Settings(home=home), f"http://{address}:{port}", process)
        if token:
            SESSIONS[dashboard.url] = token
        try:
            until_it_answers(dashboard.url, dashboard.process, log)
            yield dashboard
        finally:
            dashboard.process.terminate()
            dashboard.process.wait(timeout=PATIENCE)
    said = log.read_text()
    assert not LOUD.search(said), said


@cache
def _inhabited() -> Path:
    """A data folder with all tables, in which Ada is: made once, it is copied in no time."""
    folder = Path(tempfile.mkdtemp(prefix="segferry-tests-"))
    atexit.register(shutil.rmtree, folder)
    with ThreadPoolExecutor() as beside:  # a thread in which no browser's event loop runs
        beside.submit(_with_engine, folder / "data").result()
    let_in(Settings(home=folder / "data"), ADA.name, ADA.role)
    return folder / "data"


def _with_engine(home: Path) -> None:
    """Makes the engine's tables, too."""
    store = open_store(Settings(home=home))
    with Host(store):
        pass
    store.close()


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
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _port() -> int:
    """That of a former dashboard if it is free: browsers have cached the scripts of its address."""
    port = next((port for port in PORTS if not _is_taken(port)), 0)
    if not port:
        PORTS.append(port := free_port())
    return port


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _installed(
    command: list[str], environment: dict[str, str], folder: Path, log: BinaryIO
) -> subprocess.Popen[bytes]:
    given = os.environ | environment
    return subprocess.Popen(command, cwd=folder, env=given, stdout=log, stderr=log)


def until_it_answers(url: str, process: Process, log: Path) -> None:
    """Waits for the server of this process; fails with what it logged if it ends, or takes long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"The server doesn't answer:\n{log.read_text()}")
