"""segferry user: who may sign in to the dashboard."""

import sys

import click

from core.access import Role, operator
from core.cli.output import as_json, opened
from core.errors import Invalid
from core.store import accounts, attempts
from core.store.tables.people import AccountRow
from core.texts import _


@click.group()
def user() -> None:
    """Say who may sign in."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.name for role in Role]), required=True)
@click.option("--email", help="Their address, by which single sign-on knows them.")
def add(name: str, role: str, email: str | None) -> None:
    """Add a person; the password is asked for, or read from stdin."""
    password = _password()
    with opened().begin() as session:
        row = accounts.add(session, operator(), name, Role[role], password=password, email=email)
    click.echo(_("{name} may sign in as {role}.").format(name=row.name, role=role))


@user.command("list")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def list_(json_: bool) -> None:
    """List everybody."""
    with opened().begin() as session:
        rows = accounts.everybody(session)
    if json_:
        as_json({"users": [_as_data(row) for row in rows]})
        return
    for row in rows:
        note = f"  {_('disabled')}" if row.disabled_at else ""
        click.echo(f"{Role(row.role).name:<13}  {row.name}{note}")
    if not rows:
        click.echo(_("Nobody may sign in yet. Add an administrator with “segferry user add”."))


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep a person out, from now on."""
    with opened().begin() as session:
        row = accounts.find(session, name)
        accounts.disable(session, operator(), row)
    click.echo(_("{name} can no longer sign in.").format(name=row.name))


@user.command()
@click.argument("name")
def unlock(name: str) -> None:
    """End the pauses of a person's sign-in after wrong tries."""
    with opened().begin() as session:
        row = accounts.find(session, name)
        attempts.unlock(session, operator(), row)
    click.echo(_("{name} may sign in again now.").format(name=row.name))


def _as_data(row: AccountRow) -> dict[str, object]:
    return {
        "name": row.name,
        "role": Role(row.role).name,
        "email": row.email,
        "disabled": row.disabled_at is not None,
    }


def _password() -> str:
    """Asked for twice on a terminal; else the first line of stdin. Raises Invalid."""
    if sys.stdin.isatty():
        return str(click.prompt(_("Password"), hide_input=True, confirmation_prompt=True))
    if line := sys.stdin.readline().rstrip("\r\n"):
        return line
    raise Invalid(_("No password was given. Pass it on stdin, on one line."))
