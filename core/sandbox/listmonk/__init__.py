"""A local listmonk on 127.0.0.1, to try and to test exports against; it mails nobody.

Everything is in memory and ends with the process. Any `NAME:TOKEN` opens it with every permission,
until users are named under `/sandbox/users`. Mails that listmonk would have sent are kept in an
outbox, so that a test can prove that there are none. It has the part of the API that an export
needs, as `docs/docs/content/` and the source of listmonk v6.2.0 describe it; any other address
answers 404, so that a wrong call fails. Controls and faults: see `core.sandbox.listmonk.control`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def running(port: int = 0, *, clock: Callable[[], float] = time.time) -> Iterator[str]:
    """Serves from a thread of this process for the length of a block; yields the base URL.

    `clock` counts seconds since 1970. Raises Conflict if the port is taken.
    """
    from core.sandbox.listmonk.web import build
    from core.sandbox.listmonk.world import World
    from core.sandbox.serving import background, listen

    with listen(port) as socket, background(build(World(clock)), socket) as address:
        yield address
