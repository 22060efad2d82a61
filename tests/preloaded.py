"""What programs of tests import, imported once by the process that they are forked from.

All of it but what starts threads which somebody waits for: in a fork they are missing. Polars
starts its own once it computes something, which importing core must not do.
"""

import gc
from importlib import import_module

IMPORTED = (
    *("sqlalchemy.dialects.postgresql", "alembic.command", "dbos", "ruamel.yaml"),
    *("streamlit.web.server.starlette.starlette_server", "uvicorn.lifespan.on", "altair"),
    *("streamlit.web.cli", "uvicorn.protocols.http.auto"),
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    *("core.cli.serve", "core.cli.run", "core.cli.config", "core.runs.engine.host"),
    *("core.server.server", "core.api.app", "tests.mapped"),
)

# It all stays, in each program: nobody looks through it for what could go, neither now nor there.
gc.disable()
for name in IMPORTED:
    import_module(name)
gc.freeze()
gc.enable()
