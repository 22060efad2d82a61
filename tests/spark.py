"""A Spark Connect server of the machine's, if SPARK_HOME names one, started for tests alone."""

import os
import re
import subprocess
from pathlib import Path
from time import monotonic, sleep

import pytest

HOME = os.environ.get("SPARK_HOME", "")
STARTED = re.compile(r"SparkConnectService' on port (\d+)")
SECONDS = 120.0  # in which it has started
SMALL = {
    "spark.master": "local[2]",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": "0",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
}


class Spark:
    """A server with its data in a folder; `url` is where it listens."""

    def __init__(self, folder: Path) -> None:
        if not HOME:
            pytest.skip("SPARK_HOME names no Spark to start, see CONTRIBUTING.md.")
        own = SMALL | {"spark.sql.warehouse.dir": str(folder / "warehouse")}
        options = [f"--conf={name}={value}" for name, value in own.items()]
        service = "--class=org.apache.spark.sql.connect.service.SparkConnectServer"
        command = [Path(HOME) / "bin" / "spark-submit", service, *options, "spark-internal"]
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        self.url = f"sc://127.0.0.1:{self._port()}"

    def stop(self) -> None:
        """Ends the server."""
        self._process.terminate()
        self._process.wait()

    def _port(self) -> str:
        end = monotonic() + SECONDS
        while monotonic() < end and self._process.poll() is None:
            if found := STARTED.search(self._log.read_text()):
                return found[1]
            sleep(0.1)
        self.stop()
        raise TimeoutError(self._log.read_text())
