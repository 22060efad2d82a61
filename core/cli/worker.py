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

    Over one PostgreSQL as many workers and dashboards may run as are wanted: one of them carries
    the runs, and another takes over where it ends.
    """
    store = opened()
    sqlite.check(store.settings)
    with Server.open(store, say, has_pages=False):
        say(_("The worker is ready."))
        until_stopped()
