"""The local Klaviyo that a server runs: begun once, at an address that outlives restarts."""

from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from core.destinations.addresses import is_loopback
from core.errors import Conflict, StorageFailed
from core.texts import _

PORT = 8765  # unless it is taken
DELAY = 3.0  # seconds a job takes, long enough to watch


class LocalKlaviyo:
    """Keeps its data and its port in one folder; for any thread. Close it in the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "port"
        self._lock = Lock()
        self._stack = ExitStack()
        self._address: str | None = None

    def kept_at(self, url: str) -> bool:
        """Whether it listened at this address last."""
        port = self._kept_port()
        return port is not None and is_loopback(url) and urlsplit(url).port == port

    def begin(self, moves: bool = True) -> str:
        """Its address, where it listens from now on; elsewhere than last time only if it `moves`.

        Raises Conflict when it may not and the port is taken, StorageFailed.
        """
        with self._lock:
            if self._address is None:
                self._address = self._listening(self._kept_port() or PORT, moves)
                self._keep(self._address)
            return self._address

    def close(self) -> None:
        """Stops it."""
        self._stack.close()

    def _listening(self, port: int, moves: bool) -> str:
        from core import sandbox

        try:
            return self._stack.enter_context(sandbox.running(self._folder, port, delay=DELAY))
        except Conflict:
            if not moves:
                raise
            return self._stack.enter_context(sandbox.running(self._folder, delay=DELAY))

    def _kept_port(self) -> int | None:
        try:
            text = self._file.read_text().strip()
        except (OSError, UnicodeError):
            return None
        return int(text) if text.isdecimal() and 0 < int(text) < 65536 else None

    def _keep(self, address: str) -> None:
        try:
            self._file.write_text(address.rpartition(":")[2])
        except OSError as error:
            raise StorageFailed(
                _("{file} can't be written: {why}. Check its permissions.").format(
                    file=self._file, why=error.strerror
                )
            ) from error
