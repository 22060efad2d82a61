"""segferry show and rejects: what happened in one run."""

import logging
from codecs import BOM_UTF8
from typing import Any

import click

from core.access import operator
from core.cli.output import STATUS, as_json, counts, opened
from core.cli.stderr import say
from core.runs import downloads, history, holds, reasons, undo_words
from core.runs.details import details
from core.store import Store
from core.store import runs as runs_store
from core.store.tables.runs import Run, RunStatus
from core.texts import _

PARTS = frozenset({"missing", "not_sent", "counting"})  # of those undelivered, where there are any


@click.command()
@click.argument("run")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def show(run: str, json_: bool) -> None:
    """Show one run."""
    store = opened()
    with store.begin() as session:
        found = runs_store.find(session, run)
    print_run(store, found, json_)


@click.command()
@click.argument("run")
@click.option("--format", "format_", type=click.Choice(["csv", "json"]), default="csv")
def rejects(run: str, format_: str) -> None:
    """Print each profile of RUN that was not exported, with the reason."""
    store = opened()
    with store.begin() as session:
        found = runs_store.find(session, run)
    if format_ == "csv":
        marked = downloads.rejects_csv(store, operator(), found)
        click.echo(marked.removeprefix(BOM_UTF8), nl=False)  # a mark is for spreadsheets only
    else:
        as_json(downloads.rejected(store, operator(), found).to_dicts())


def print_run(store: Store, run: Run, json_: bool, **more: Any) -> None:
    """The run as one object, or in lines for people."""
    show_error(run)
    if json_:
        as_json(details(store, operator(), run) | more)
        return
    click.echo(f"{_('Run')} {run.id}  {run.export}  {run.status}")
    with store.begin() as session:
        again = runs_store.retried_by(session, run)
    if again:
        click.echo(history.of_retry(again))
    if run.is_recording:
        click.echo(_("What arrived is still being recorded; the next run starts after that."))
    counts(_("Profiles"), _numbers(run))
    counts(_("Not exported"), reasons.reason_counts(run))
    counts(_("Warnings"), run.warnings)
    counts(_("Left alone"), undo_words.counted(run))


def show_error(run: Run) -> None:
    """Why a run failed, is held, or left something undelivered, on stderr."""
    if sentence := holds.hold_reason(run) or run.error:
        say(sentence, run=run.id, level=logging.WARNING)


def exit_status(found: list[Run]) -> int:
    """Of several runs, the status of the one that went worst."""
    order = [1, 5, 4, 3, 0]
    return min((STATUS[RunStatus(run.status)] for run in found), key=order.index, default=0)


def _numbers(run: Run) -> dict[str, int]:
    there = run.order.capabilities.title
    names = {
        "members": _("members of the segments"),
        "unchanged": _("unchanged, not sent"),
        "sent": _("sent"),
        "accepted": _("accepted"),
        "refused": _("refused by {destination}").format(destination=there),
        "undelivered": _("undelivered"),
        "missing": _("of these accepted, but not on the list"),
        "not_sent": _("of these never sent"),
        "counting": _("of these with {destination}, being counted").format(destination=there),
        "removed": _("taken off the list"),
        "cleared": _("with fields cleared"),
    }
    found = {name: getattr(run, name) for name in names}
    return {words: found[name] for name, words in names.items() if found[name] or name not in PARTS}
