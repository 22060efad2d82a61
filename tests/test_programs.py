"""What the programs of tests are forked from."""

import os
import sys
from pathlib import Path

import pytest

from tests.programs import FORKING


def _threads_before_the_fork(pipe) -> None:
    threads = Path(f"/proc/{os.getppid()}/task").glob("*/comm")
    pipe.send(("core.cli.serve" in sys.modules, [name.read_text().strip() for name in threads]))


@pytest.mark.skipif(sys.platform != "linux", reason="its threads are looked up in /proc")
def test_importing_core_computes_nothing_for_else_its_threads_are_missing_in_a_fork():
    ours, theirs = FORKING.Pipe()
    process = FORKING.Process(target=_threads_before_the_fork, args=(theirs,))
    process.start()
    assert ours.poll(60)
    imported, threads = ours.recv()
    process.join()
    ours.close()
    theirs.close()
    assert imported
    assert not [name for name in threads if name.startswith(("polars-0", "tokio"))]
