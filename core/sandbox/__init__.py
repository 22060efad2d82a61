"""A local Klaviyo on 127.0.0.1, to try, to demonstrate and to test exports against.

It keeps lists, profiles and jobs in `<folder>/sandbox.db` over a restart; faults, restricted keys,
OAuth tokens, settings and the request log last as long as the process. Addresses that begin with
`malformed` make a whole request a 400 that names their rows; those that begin with `refused` get an
import error from their job. Any app may be allowed at `/oauth/authorize`, see `core.sandbox.oauth`.
Faults are switched on under `/sandbox/…`, see `core.sandbox.control`.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette


def app(
    folder: Path,
    *,
    clock: Callable[[], float] = time.time,
    delay: float = 1.0,
    limits: bool = True,
) -> "Starlette":
    """The local Klaviyo as an ASGI application; `delay` is how many seconds a job takes.

    The faults that cut a connection need the server of `serve` or `running` around it.
    """
    from core.sandbox.web import build
    from core.sandbox.world import Settings, World

    return build(World(folder, clock, Settings(delay=delay, limits=limits)))


def serve(
    folder: Path,
    port: int,
    *,
    clock: Callable[[], float] = time.time,
    delay: float = 1.0,
    limits: bool = True,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serves on 127.0.0.1 until a signal stops it; calls `ready` with its address once it answers.

    Conflict if the port is taken, StorageFailed if the folder can't be written.
    """
    from core.sandbox.serving import Server, listen
    from core.sandbox.web import build
    from core.sandbox.world import Settings, World

    world = World(folder, clock, Settings(delay=delay, limits=limits))
    # Thousands of profiles come at a time and stay: a collection after each 700 objects is vain.
    gc.set_threshold(100_000)
    with listen(port) as socket, world, suppress(KeyboardInterrupt):
        Server(build(world), socket, ready).run()


@contextmanager
def running(
    folder: Path,
    port: int = 0,
    *,
    clock: Callable[[], float] = time.time,
    delay: float = 1.0,
    limits: bool = True,
) -> Iterator[str]:
    """Serves from a thread of this process for the length of a block; yields the base URL."""
    from core.sandbox.serving import background, listen
    from core.sandbox.web import build
    from core.sandbox.world import Settings, World

    world = World(folder, clock, Settings(delay=delay, limits=limits))
    with listen(port) as socket, world, background(build(world), socket) as address:
        yield address
