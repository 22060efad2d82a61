"""Segferry's programs as processes of their own, forked from one that has imported what they need.

Started anew each would import for longer than most tests take. How the console script and the
modules start is tested with real starts, in tests/cli/test_processes.py and tests/test_wheel.py.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parents[1]
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.preloaded"])


class Program:
    """A command of `segferry` that runs; used as a `subprocess.Popen`, as far as tests need one.

    What it prints goes to `log`, or is kept for `communicate`. With `code` that runs instead, as
    `python -c` would run it.
    """

    def __init__(
        self,
        arguments: Sequence[object],
        environment: Mapping[str, str],
        log: BinaryIO | None = None,
        first: Callable[[], None] | None = None,
        code: str = "",
    ) -> None:
        kept = tempfile.TemporaryFile  # until `communicate`
        self._printed = [log, log] if log else [kept(), kept()]
        words = [str(argument) for argument in arguments]
        given = os.environ | environment
        files = [DupFd(file.fileno()) for file in self._printed]
        self._process: BaseProcess = FORKING.Process(
            target=_become, args=(words, dict(given), *files, first, code), daemon=True
        )
        with chdir(ROOT):  # where the process that is forked, once it is started, finds core
            self._process.start()

    @property
    def returncode(self) -> int | None:
        """Its exit status, or the signal that ended it below zero; None while it runs."""
        return self._process.exitcode

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process.pid
        return self._process.pid

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Sends it, unless the program has ended."""
        if self.returncode is None and self._process.pid:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """As a power cut does: it gets no chance to tidy up."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("segferry", timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it printed, and its errors, once it has ended. Raises subprocess.TimeoutExpired."""
        self.wait(timeout)
        out, err = (_read(file) for file in self._printed)
        self.close()
        return out, err

    def close(self) -> None:
        """Ends it, if nobody has waited for it."""
        self.kill()
        self.wait()
        for file in self._printed:
            file.close()


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


def _become(
    arguments: list[str],
    environment: dict[str, str],
    out: DupFd,
    err: DupFd,
    first: Callable[[], None] | None,
    code: str,
) -> None:
    """What a start does before the first line of a program, then the program."""
    for number, file in enumerate((out, err), start=1):
        os.dup2(file.detach(), number)
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["segferry", *arguments]
    if first:
        first()
    if code:
        exec(code, {"__name__": "__main__"})  # noqa: S102  a test's own
        return
    from core.cli import main

    main()
