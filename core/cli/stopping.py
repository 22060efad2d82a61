"""Programs that work until somebody ends them."""

import signal
import threading


def until_stopped() -> None:
    """Waits for Ctrl-C or SIGTERM."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    stopped.wait()
