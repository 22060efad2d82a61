"""What a reader may cost: how that is measured and enforced from within, and what is said of it.

Memory is what the process has written to: a mapped file costs nothing. It is measured, and not
refused by the system, for a thread of polars that gets none may stop without ending its process,
and whoever waits for it waits for ever. The system refuses only what goes far beyond.
"""

import os
import re
import resource
import select
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from core.errors import SourceFailed
from core.settings import Settings
from core.texts import _

MEGABYTE = 1 << 20
LOOK_EVERY = 50  # milliseconds between two looks at the memory
TOO_MUCH = 12  # exit status of a reader beyond its bound of memory
REFUSED = 2, 4096  # refused: so many times the bound and megabytes more, some of it only reserved
NEAR = 128  # megabytes before that: where polars may get no stack for a thread
FIRST_TO_END = "800"  # of 1000: the system, where it has no memory left, ends a reader, no server
FIGURE = re.compile(r"^(\w+):\s*(\d+) kB", re.MULTILINE)


def bound(settings: Settings) -> int:
    """Lets the system refuse memory far beyond the bound; returns at how many megabytes."""
    times, more = REFUSED
    most = (times * settings.reading_memory + more) * MEGABYTE
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with suppress(OSError):  # only Linux
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_END)
    return most // MEGABYTE


def watch(descriptor: int, most: int, refused: int) -> NoReturn:
    """Ends this process once it takes more than `most` megabytes, or is near those refused.

    And once the pipe's other end is closed: its server is gone, and whoever is the server next may
    freeze the same run meanwhile, into the same files.
    """
    hung_up = select.poll()
    hung_up.register(descriptor, 0)
    try:
        while not hung_up.poll(LOOK_EVERY):
            written, reserved = _memory()
            if written > most or reserved > refused - NEAR:
                os._exit(TOO_MUCH)
    except MemoryError:
        os._exit(TOO_MUCH)
    os._exit(1)


def peak() -> float:
    """What this process ever needed, in megabytes, files that it mapped included."""
    return _figures().get("VmHWM", _peak_by_system())


def _memory() -> tuple[float, float]:
    """What this process has written to, and what it may write to, in megabytes.

    Linux tells it at any time, other systems what the most was so far, and nothing of the latter.
    """
    found = _figures()
    written = found.get("RssAnon", _peak_by_system()) + found.get("VmSwap", 0.0)
    return written, found.get("VmData", 0.0)


def _figures() -> dict[str, float]:
    """What Linux tells of this process, in megabytes; nothing elsewhere.

    In `getrusage` it counts what the process needed that started this one.
    """
    with suppress(OSError):
        text = Path("/proc/self/status").read_text()
        return {name: int(size) / 1024 for name, size in FIGURE.findall(text)}
    return {}


def _peak_by_system() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (MEGABYTE if sys.platform == "darwin" else 1024)


def lacked_memory(error: BaseException | None) -> bool:
    """Whether it, or what it comes from, is that there was no memory."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def too_much_memory(settings: Settings) -> SourceFailed:
    """The sentence for whoever asked for the reading."""
    text = _("Reading the source took more than {n} MB of memory, so it was stopped. {hint}")
    megabytes = f"{settings.reading_memory:,}"
    return SourceFailed(text.format(n=megabytes, hint=_hint("SEGFERRY_READING_MEMORY")))


def too_much_time(settings: Settings) -> SourceFailed:
    """The sentence for whoever asked for the reading."""
    text = _("Reading the source took more than {n} seconds, so it was stopped. {hint}")
    seconds = f"{settings.reading_time:,.0f}"
    return SourceFailed(text.format(n=seconds, hint=_hint("SEGFERRY_READING_TIME")))


def _hint(setting: str) -> str:
    return _("Make its files smaller, or allow more with {setting}.").format(setting=setting)
