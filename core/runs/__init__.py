"""Makes runs durable: they queue, survive a crash, can be stopped, and are followed."""

from threading import Event

BELL = Event()  # rung when a run was asked for or stopped in this process


def wake() -> None:
    """Lets the engine of this process look at once instead of at its next round."""
    BELL.set()
