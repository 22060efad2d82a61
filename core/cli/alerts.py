"""Alerts at a command's end: where no server runs, nobody else delivers them."""

from collections.abc import Sequence

import click

from core.access import operator
from core.store import Store, channels
from core.store.tables.runs import Run
from core.texts import _


def tell_alerts(store: Store, ended: Sequence[Run]) -> None:
    """Delivers what is due, and says on stderr which channels take nothing."""
    from core.alerts import worker  # what follows the run, not what it needs to begin

    worker.once(store, ended)
    with store.begin() as session:
        failing = channels.failing_rows(session, operator())
    for row in failing:
        text = _(
            "The alert channel “{name}” took no message: {why} A server, “segferry resume” or the "
            "next run tries again."
        )
        click.echo(text.format(name=row.name, why=row.problem), err=True)
