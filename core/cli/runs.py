"""segferry runs: what happened, in a line a run."""

import click

from core.access import operator
from core.cli.output import as_json, opened
from core.store import named
from core.store import runs as runs_store
from core.store.tables.exports import ExportRow
from core.texts import _


@click.command()
@click.option("--export", "name", help="Only runs of this export.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def runs(name: str | None, limit: int, json_: bool) -> None:
    """List runs, newest first."""
    store = opened()
    with store.begin() as session:
        export = named(session, ExportRow, _("export"), name) if name else None
        found = runs_store.everything(session, export_id=export.id if export else None, limit=limit)
    if json_:
        from core.runs.details import details  # more than all of the list needs

        as_json({"runs": [details(store, operator(), run) for run in found]})
        return
    for run in found:
        click.echo(
            f"{run.id:>6}  {run.created_at:%Y-%m-%d %H:%M}  {run.status:<10} "
            f"{run.accepted:>10,} {_('accepted')}  {run.export}"
        )
    if not found:
        click.echo(_("No export has run yet."))
