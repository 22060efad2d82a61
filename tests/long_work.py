"""Work in a thread of a server, to its end."""

import time

from core.store.runtime import LongWork

SOON = 60.0  # seconds


def ended(work: LongWork) -> LongWork:
    """The work once it has ended."""
    end = time.monotonic() + SOON
    while not work.is_done and time.monotonic() < end:
        time.sleep(0.01)
    assert work.is_done
    return work
