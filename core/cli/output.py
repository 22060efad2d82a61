"""What commands print: one JSON object on stdout, or lines for people; progress on stderr."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from core import settings, traces
from core.cli.stderr import say
from core.store import Store, open_store
from core.store.tables.runs import Run, RunStatus, Stage
from core.texts import _

STATUS = {  # exit status of a run
    RunStatus.succeeded: 0,
    RunStatus.partial: 3,
    RunStatus.held: 4,
    RunStatus.cancelled: 5,
    RunStatus.failed: 1,
    RunStatus.queued: 0,
    RunStatus.running: 0,
}


def opened() -> Store:
    """The store of the environment's settings, closed when the command ends.

    From here on the command logs, and sends spans, as these settings say.
    """
    given = settings.read()
    context = click.get_current_context()
    context.call_on_close(traces.watch(given.log_format))
    store = open_store(given)
    context.call_on_close(store.close)
    return store


def as_json(data: Any) -> None:
    """One object, and nothing else, on stdout; in UTF-8 wherever that leads."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str).encode())


def counts(title: str, numbers: Mapping[str, int]) -> None:
    """A title with numbers below it, right aligned; nothing when there are none."""
    if not numbers:
        return
    click.echo(title)
    for name, n in numbers.items():
        click.echo(f"  {n:>12,}  {name}")


class Progress:
    """How a run goes, on stderr: one line that moves on a terminal, else a line a change."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, run: Run, waits_for: str | None = None) -> None:
        text = _line(run)
        if waits_for:
            text = _("{run}. Waiting: {why}").format(run=text, why=waits_for)
        if text == self._last:
            return
        self._last = text
        if traces.logs_as_json():
            say(text, run=run.id)
            return
        moving = sys.stderr.isatty()
        click.echo(f"\r\x1b[K{text}" if moving else text, err=True, nl=not moving)

    def done(self) -> None:
        """Leaves the moving line."""
        if self._last and sys.stderr.isatty() and not traces.logs_as_json():
            click.echo(err=True)


def reading(share: float, what: str) -> None:
    """How far reading a source is, on a terminal."""
    if sys.stderr.isatty() and not traces.logs_as_json():
        click.echo(f"\r\x1b[K{share:4.0%} {what}", err=True, nl=share >= 1)


def _line(run: Run) -> str:
    if run.status == RunStatus.queued:
        return _("Run {run}: queued").format(run=run.id)
    if run.status == RunStatus.running and run.stage in (None, Stage.reading):
        return _("Run {run}: reading the source, {share}").format(
            run=run.id, share=f"{run.stage_share:.0%}"
        )
    return _(
        "Run {run}: {status}, batch {batch} of {batches}, {sent} of {valid} profiles sent, "
        "{accepted} accepted, {refused} refused"
    ).format(
        run=run.id,
        status=run.status,
        batch=run.batches_sent,
        batches=run.batches,
        sent=f"{run.sent:,}",
        valid=f"{run.valid - run.unchanged:,}",
        accepted=f"{run.accepted:,}",
        refused=f"{run.refused:,}",
    )
