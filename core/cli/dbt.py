"""segferry dbt: what a dbt project may know of the exports that use its models."""

from pathlib import Path

import click

from core.access import operator
from core.audience.exposures import exposures as written
from core.cli.output import opened


@click.group()
def dbt() -> None:
    """Tell a dbt project of the exports that use its models."""


@dbt.command()
@click.option(
    "--project", type=click.Path(path_type=Path), help="Only exports over models of this project."
)
def exposures(project: Path | None) -> None:
    """Print the active exports over dbt models as exposures, for a file in models/."""
    click.echo(written(opened(), operator(), project).encode(), nl=False)
