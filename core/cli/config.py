"""segferry apply and config: the configuration from a file, and back into one."""

from collections.abc import Mapping
from pathlib import Path

import click

from core.access import operator
from core.alerts import services
from core.audience import kept
from core.cli.output import opened, reading
from core.cli.stderr import say
from core.configuration.file import read
from core.profiles.sources.remarks import remarks_on
from core.store import Store, dump, lost_columns, sources
from core.store import apply as store_apply
from core.texts import _

SHOWN = 10  # remarks on how a source was read


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove what the file's sections no longer name.")
def apply(file: Path, dry_run: bool, prune: bool) -> None:
    """Make the configuration match FILE; an invalid file changes nothing."""
    found, keys = read(file)
    services.check_all(found.alerts, keys)
    store = opened()
    plan = store_apply.prepare(store, found, keys, reading)
    paths = _paths(store)
    changes = store_apply.apply(store, operator(), plan, dry_run=dry_run, prune=prune)
    for change in changes:
        if (change.section, change.what) == ("sources", "removed"):
            kept.drop(store, paths[change.name], change.name)
        click.echo(f"{change.what:<10} {change.section:<13} {change.name}".rstrip())
    for name, given in plan.given.items():
        for remark in filter(None, (given.sentence, given.remark, _erased(plan, name))):
            say(f"{name}: {remark}")
    for sentence in _lost(store, plan):
        say(sentence)
    for source, opened_source in plan.sources.items():
        remarks = list(remarks_on(opened_source))
        for remark in remarks[:SHOWN]:
            say(f"{source}: {remark}")
        if (more := len(remarks) - SHOWN) > 0:
            say(_("{source}: {n} more.").format(source=source, n=more))
    if dry_run:
        say(_("Nothing was changed: this was a dry run."))


def _erased(plan: store_apply.Plan, name: str) -> str | None:
    return plan.contents[name].left_out


def _lost(store: Store, plan: store_apply.Plan) -> list[str]:
    """What is in use of the file's sources although their data has it no more."""
    with store.begin() as session:
        rows = [row for row in sources.everything(session) if row.name in plan.sources]
        lost = [(row, lost_columns.missing(session, row)) for row in rows]
    return [sentence for row, columns in lost for sentence in lost_columns.sentences(row, columns)]


def _paths(store: Store) -> Mapping[str, Path]:
    """Where the files of each source are."""
    with store.begin() as session:
        return {row.name: Path(row.path) for row in sources.everything(session)}


@click.command()
def config() -> None:
    """Print the present configuration as such a file, without secrets."""
    click.echo(dump.text(opened(), operator()).encode(), nl=False)
