"""A MariaDB of the machine's, if it has one, started for tests alone."""

import os
import shutil
import subprocess
from pathlib import Path
from time import sleep

import pytest

REQUIRED = os.environ.get("SEGFERRY_MARIADB_REQUIRED") == "1"


def started(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """A server with its data in a folder, listening on a socket there only, unless told else."""
    program, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if not program or not install:
        _missing()
    user = ["--user=root"] if os.geteuid() == 0 else []
    data = ["--no-defaults", f"--datadir={folder / 'data'}", *user]
    alone = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run([install, *data, *alone], check=True, capture_output=True)
    small = ["--skip-log-bin", "--performance-schema=OFF", *(options or ["--skip-networking"])]
    socket = f"--socket={folder / 'socket'}"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, *data, *small, socket], stderr=log)
    for _ in range(200):
        if (folder / "socket").exists():
            return server
        sleep(0.1)
    raise TimeoutError((folder / "log").read_text())


def _missing() -> None:
    if REQUIRED:
        pytest.fail("MariaDB isn't installed, and SEGFERRY_MARIADB_REQUIRED is set.")
    pytest.skip("MariaDB isn't installed here.")
