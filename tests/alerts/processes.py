"""Processes of their own: one that is killed in the midst, and a command at its end."""

import os
import signal
from pathlib import Path

from core.alerts import delivery, services, worker
from core.settings import Settings
from core.store import open_store, runs
from core.store.database import now


def deliver(home: Path) -> None:
    """Delivers until the first message was taken, and no further."""
    delivery.deliver(open_store(Settings(home=home)), now, _send)


def follow(home: Path, run_id: int) -> None:
    """What a command does that has followed the run to its end."""
    store = open_store(Settings(home=home))
    with store.begin() as session:
        run = runs.find(session, run_id)
    worker.once(store, [run])
    store.close()


def _send(address: str, title: str, text: str, *, to: str | None = None) -> str:
    services.send(address, title, text, to=to)
    os.kill(os.getpid(), signal.SIGKILL)
    return ""
