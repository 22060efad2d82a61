"""segferry token: what may start exports and the refresh over the API."""

import click

from core.access import operator
from core.cli.output import as_json, opened
from core.cli.stderr import say
from core.store import tokens
from core.store.tokens import Token
from core.texts import _


@click.group()
def token() -> None:
    """Manage tokens of the API."""


@token.command()
@click.argument("name")
@click.option(
    "--may",
    multiple=True,
    metavar="EXPORT|refresh",
    help="What it may start; may be repeated.",
)
@click.option("--see-people", is_flag=True, help="It gets people's values whole, not masked.")
@click.option("--measures", is_flag=True, help="It reads /metrics, and may do nothing else.")
def add(name: str, may: tuple[str, ...], see_people: bool, measures: bool) -> None:
    """Make a token; it is printed this once, on stdout."""
    if not may and not measures:
        raise click.UsageError(_("Say what it may do, with --may or --measures."))
    with opened().begin() as session:
        made = tokens.add(session, operator(), name, may, sees_people=see_people, measures=measures)
    say(_("Keep this token now: Segferry keeps only its hash."))
    click.echo(made)


@token.command("list")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def list_(json_: bool) -> None:
    """List all tokens, and when each was used last."""
    with opened().begin() as session:
        found = tokens.everything(session)
    if json_:
        as_json({"tokens": [_as_data(one) for one in found]})
        return
    for one in found:
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else _("never used")
        more = [_("sees people")] * one.sees_people + [_("reads measures")] * one.measures
        words = "".join(f"  {word}" for word in more)
        click.echo(f"{used:<16}  {one.name}: {', '.join(one.may) or '—'}{words}")
    if not found:
        click.echo(_("There is no token yet. Make one with “segferry token add”."))


@token.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End a token, from its next request on."""
    with opened().begin() as session:
        revoked = tokens.revoke(session, operator(), name)
    click.echo(_("The token “{name}” opens nothing any more.").format(name=revoked))


def _as_data(one: Token) -> dict[str, object]:
    return {
        "name": one.name,
        "may": one.may,
        "sees_people": one.sees_people,
        "measures": one.measures,
        "created_by": one.created_by,
        "created_at": one.created_at.isoformat(timespec="seconds"),
        "used_at": one.used_at.isoformat(timespec="seconds") if one.used_at else None,
    }
