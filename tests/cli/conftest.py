"""Fixtures for the command line: called in this process, or as a program of its own."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.settings import Settings
from tests.conftest import ENVIRONMENT
from tests.programs import Program


@dataclass(frozen=True, slots=True)
class Told:
    """How a command left, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one object on stdout."""
        assert self.out, self.err
        return json.loads(self.out)


Command = Callable[..., Told]


@pytest.fixture
def _engine_log() -> Iterator[None]:
    """The engine's log keeps the first stderr it sees, which here ends with its test."""
    yield
    logging.getLogger("dbos").handlers.clear()


@pytest.fixture
def segferry(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    _engine_log: None,
) -> Command:
    """Calls the command line in this process, on the test's data folder."""
    monkeypatch.setenv("SEGFERRY_HOME", str(settings.home))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: object) -> Told:
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        printed = capsysbinary.readouterr()
        return Told(int(left.value.code or 0), printed.out.decode(), printed.err.decode())

    return call


@pytest.fixture
def newsletter(used: None, segferry: Command, configuration: Path) -> Command:
    """The same, once the export “Newsletter” of everybody was applied."""
    assert segferry("apply", configuration).status == 0
    return segferry


Start = Callable[..., Program]
StartAnew = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def program(settings: Settings) -> Iterator[Start]:
    """Starts the command line as a process of its own; what a test leaves behind is ended."""
    started: list[Program] = []

    def start(*arguments: object, **environment: str) -> Program:
        given = ENVIRONMENT | {"SEGFERRY_HOME": str(settings.home)} | environment
        started.append(Program(arguments, given))
        return started[-1]

    yield start
    for command in started:
        command.close()


@pytest.fixture
def piped(settings: Settings) -> Iterator[StartAnew]:
    """The same with pipes, as a shell starts it."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        command = subprocess.Popen(
            [sys.executable, "-m", "core", *(str(argument) for argument in arguments)],
            env=os.environ | ENVIRONMENT | {"SEGFERRY_HOME": str(settings.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        started.append(command)
        return command

    yield start
    for command in started:
        if command.poll() is None:
            command.kill()
            command.communicate()


def left(command: Program | subprocess.Popen[str]) -> Told:
    """How it left; fails after a minute and a half."""
    out, err = command.communicate(timeout=90)
    return Told(command.returncode, out, err)


def one_sentence(told: Told) -> bool:
    """An error as promised: one line on stderr, nothing on stdout, no traceback."""
    return not told.out and len(told.err.splitlines()) == 1 and "Traceback" not in told.err
