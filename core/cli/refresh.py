"""segferry refresh: reads sources again and counts their segments, without running any export."""

import click

from core.access import operator
from core.cli.output import as_json, opened, reading
from core.runs import refreshing, scheduler
from core.store import Store, sources
from core.store.tables.refreshes import RefreshedSource, RefreshStatus
from core.texts import _, many

FAILED, PARTIAL = 1, 3  # exit statuses


@click.command()
@click.argument("source", required=False)
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def refresh(source: str | None, json_: bool) -> int:
    """Read SOURCE again and what it is joined to, or all that segments use; count segments."""
    found = _refreshed(opened(), source)
    if json_:
        as_json({"sources": [_as_data(one) for one in found]})
    else:
        for one in found:
            _print(one)
    return _status(found)


def _refreshed(store: Store, name: str | None) -> list[RefreshedSource]:
    with store.begin() as session:
        row = sources.find(session, name) if name else None
        rows = scheduler.used_sources(session)
    if row is not None:
        return refreshing.reload(store, operator(), row, reading)
    return refreshing.refresh(store, operator(), rows, reading)


def _as_data(one: RefreshedSource) -> dict[str, object]:
    return {
        "source": one.name,
        "status": one.status,
        "rows": one.rows,
        "problem": one.problem,
        "freshness": one.freshness,
        "segments": one.segments,
        "dependents": one.dependents,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
    }


def _print(one: RefreshedSource) -> None:
    rows = "" if one.rows is None else many(", {n} row", ", {n} rows", one.rows)
    click.echo(f"{one.name}: {one.status}{rows}")
    for sentence in refreshing.problems(one):
        click.echo(f"  {sentence}")
    for segment in one.segments:
        if segment["members"] is not None:
            click.echo(f"  {segment['members']:>12,}  {segment['name']}")
    if one.dependents:
        text = _("  Depending on what failed: {names}")
        click.echo(text.format(names=", ".join(one.dependents)))


def _status(found: list[RefreshedSource]) -> int:
    states = {one.status for one in found}
    if states <= {RefreshStatus.succeeded}:
        return 0
    return FAILED if states == {RefreshStatus.failed} else PARTIAL
