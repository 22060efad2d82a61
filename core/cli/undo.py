"""segferry undo and restore-list: what a run did taken back, a list taken back to a former day."""

from datetime import datetime

import click

from core.access import operator
from core.cli.output import as_json, counts
from core.cli.run import finish, opened_for_runs
from core.cli.stderr import say
from core.runs import undo as undoing
from core.runs import undo_words
from core.runs.undo_plan import UndoPlan
from core.store import Store
from core.texts import _

JSON = click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Only show what it would do.")
CONFIRM = click.option("--confirm", type=click.IntRange(0), metavar="N", help="Confirm a hold.")
KEEP_SCHEDULE = click.option(
    "--keep-schedule", is_flag=True, help="Don’t pause the export: its schedule may redo it all."
)


@click.command()
@click.argument("run")
@DRY_RUN
@JSON
@CONFIRM
@click.option("--clear-new", is_flag=True, help="Also clear fields that only RUN had sent.")
@KEEP_SCHEDULE
def undo(
    run: str, dry_run: bool, json_: bool, confirm: int | None, clear_new: bool, keep_schedule: bool
) -> int:
    """Take RUN back: who it added, took off and changed, unless changed since."""
    store = opened_for_runs()
    if not dry_run and (active := undoing.going_on(store, operator(), run, confirm)):
        return finish(store, [active], json_, wait=True, many=False)
    plan = undoing.plan(store, operator(), run)
    if dry_run:
        return _show(plan, json_)
    return _ask(store, plan, json_, confirm, keep_schedule, clears=clear_new)


@click.command()
@click.argument("export")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="As on its end.")
@DRY_RUN
@JSON
@CONFIRM
@KEEP_SCHEDULE
def restore_list(
    export: str,
    day: datetime,
    dry_run: bool,
    json_: bool,
    confirm: int | None,
    keep_schedule: bool,
) -> int:
    """Take the list of EXPORT back to who was on it at the end of a day."""
    store = opened_for_runs()
    plan = undoing.plan_of_day(store, operator(), export, day.date())
    if dry_run:
        return _show(plan, json_)
    return _ask(store, plan, json_, confirm, keep_schedule)


def _show(plan: UndoPlan, json_: bool) -> int:
    if json_:
        as_json(plan.as_data())
        return 0
    for sentence in plan.warnings:
        click.echo(sentence)
    counts(
        _("Plan"),
        {
            _("are taken off the list"): plan.numbers.leave,
            _("are put back on it"): plan.numbers.add,
            _("get their previous values"): plan.numbers.update,
        },
    )
    counts(
        _("Left alone"),
        {undo_words.alone(reason, n): n for reason, n in plan.alone.items()},
    )
    if plan.scheduled:
        click.echo(
            _("The export’s schedule is switched off by it, unless --keep-schedule is given.")
        )
    return 0


def _ask(
    store: Store,
    plan: UndoPlan,
    json_: bool,
    confirm: int | None,
    keep_schedule: bool,
    *,
    clears: bool = False,
) -> int:
    run = undoing.ask(
        store,
        operator(),
        plan,
        trigger="cli",
        confirmed=confirm,
        clears=clears,
        pauses=not keep_schedule,
    )
    if plan.scheduled and not keep_schedule:
        text = _("“{export}” is paused, so that its schedule does not send all of it again.")
        say(text.format(export=plan.export))
    return finish(store, [run], json_, wait=True, many=False)
