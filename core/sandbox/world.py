"""Everything that one running sandbox holds, and its start state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from core.sandbox import start
from core.sandbox.faults import Faults
from core.sandbox.importer import Importer
from core.sandbox.keys import Keys
from core.sandbox.limits import Limiter
from core.sandbox.request_log import RequestLog
from core.sandbox.state import State, lists
from core.sandbox.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Settings:
    """How long a job takes (seconds), whether rate limits hold, how many bad rows a 400 names.

    `expires_in` is how long an access token of OAuth holds, in seconds; `plan` how many active
    profiles the plan of each account includes.
    """

    delay: float = 1.0
    limits: bool = True
    first_bad_row_only: bool = False
    expires_in: int = 3600
    plan: int = 1_000_000


class World:
    """The parts of a sandbox; the database and the importer live as long as it is entered."""

    def __init__(self, folder: Path, clock: Callable[[], float], settings: Settings) -> None:
        self._folder = folder
        self._at_first = settings
        self.clock = clock
        self.settings = settings
        self.tokens = Tokens(clock)
        self.keys = Keys(self.tokens)
        self.faults = Faults()
        self.limiter = Limiter(clock)
        self.log = RequestLog()
        self.state: State
        self.importer: Importer
        self._open = False

    def __enter__(self) -> Self:
        """Opens the database, fills an empty one, begins to work off jobs; StorageFailed."""
        if not self._open:
            self._start()
        return self

    def __exit__(self, *_failure: object) -> None:
        """Stops the importer and closes the database; a second time does nothing."""
        if self._open:
            self._open = False
            self.importer.stop()
            self.state.close()

    def _start(self) -> None:
        self.state = State(self._folder / "sandbox.db")
        self._fill()
        self.importer = Importer(self.state, self.clock)
        self.importer.start()
        self._open = True

    def change(self, **settings: object) -> None:
        """Replaces some of the settings."""
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]

    def reset(self) -> None:
        """Back to the start state: data, settings, keys, tokens, faults, limits and log."""
        self.state.clear()
        self._fill()
        self.settings = self._at_first
        self.keys.restrict(None)
        self.tokens.clear()
        self.faults.clear()
        self.limiter.clear()
        self.log.clear()

    def _fill(self) -> None:
        with self.state.writing() as db:
            if lists.none_yet(db):
                start.fill(db, self.clock())
