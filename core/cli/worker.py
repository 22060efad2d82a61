"""segferry worker: runs, schedules and alerts without pages."""

import click

from core.cli.output import opened
from core.cli.stderr import say
from core.cli.stopping import until_stopped
from core.runs.engine import sqlite
from core.server.server import Server
from core.texts import _


@click.command()
def worker() -> None:
    """Run exports and schedules without pages.

    Over one PostgreSQL as many workers and dashboards may run as are wanted: each run is carried by
    one of them, and goes on with another where that one ends.
    """
    store = opened()
    sqlite.check(store.settings)
    with Server.open(store, say, has_pages=False, readiness=_("The worker is ready.")):
        until_stopped()
