"""segferry move-to: an installation carried over to PostgreSQL."""

from dataclasses import replace

import click

from core.access import operator
from core.cli.output import opened
from core.errors import Conflict
from core.store import Store, database, moving
from core.store.locks import unused
from core.texts import _, many


@click.command("move-to")
@click.argument("database_url")
def move_to(database_url: str) -> None:
    """Carry this installation over to the PostgreSQL at DATABASE_URL.

    History and ledgers go along. The database has to be empty, and nothing may run meanwhile.
    """
    store = opened()
    if not store.settings.on_sqlite:
        raise Conflict(
            _("SEGFERRY_DATABASE_URL is set: this installation is on PostgreSQL already.")
        )
    with unused(store) as is_unused:
        if not is_unused:
            raise Conflict(_("Segferry is running on this data. Stop it, then move."))
        n = _moved(store, database_url)
    click.echo(
        many("{n} row is in PostgreSQL now.", "{n} rows are in PostgreSQL now.", n)
        + " "
        + _("From now on set SEGFERRY_DATABASE_URL to it; {folder} stays the data folder.").format(
            folder=store.settings.home
        )
    )


def _moved(store: Store, url: str) -> int:
    there = database.open_database(replace(store.settings, database_url=url))
    try:
        with store.begin() as session:
            return moving.move(session, operator(), there)
    finally:
        there.dispose()
