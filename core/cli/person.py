"""segferry person: everything that is known of one person, in order."""

import click

from core.access import operator
from core.cli.output import as_json, opened, reading
from core.person.look_up import Found, as_data, look_up
from core.person.words import told
from core.texts import _


@click.command()
@click.argument("address")
@click.option("--ask", is_flag=True, help="Ask the destinations, too, where the person is now.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def person(address: str, ask: bool, json_: bool) -> None:
    """Show what happened to the person with ADDRESS, in every export and run, in order."""
    found = look_up(opened(), operator(), address, reading, ask)
    if json_:
        as_json(as_data(found))
    else:
        _print(found)


def _print(found: Found) -> None:
    for line in told(found):
        click.echo(line)
    if found.unreadable:
        text = _("Files of runs that can't be read, and may have more of this person: {n}.")
        click.echo(text.format(n=found.unreadable), err=True)
