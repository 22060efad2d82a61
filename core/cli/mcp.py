"""segferry mcp: tools for agents, which read and propose."""

import click

from core.cli.output import opened
from core.mcp import agent, server


@click.command()
@click.option("--user", metavar="NAME", help="Whose agent it is; without, it only reads.")
def mcp(user: str | None) -> None:
    """Serve tools for agents over stdio: they read and propose, people decide."""
    server.serve(agent.of(opened(), user))
