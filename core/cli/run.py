"""segferry preview, run, cancel, retry and resume: what a run would do, and doing it."""

import click

from core.access import operator
from core.audience.erased import refuse_erased
from core.cli.alerts import tell_alerts
from core.cli.follow import follow
from core.cli.output import Progress, as_json, counts, opened, reading
from core.cli.show import exit_status, print_run, show_error
from core.preview import plan
from core.preview.plan import Preview, Room
from core.profiles.freshness import Freshness
from core.runs import dbt_words, freshness_words
from core.runs.built import Built
from core.runs.details import details
from core.runs.engine import sqlite
from core.store import Store, exports, preferences, requests, runs
from core.store.database import moment
from core.store.tables.runs import ENDED, Run, RunStatus
from core.texts import _


@click.command()
@click.argument("export")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def preview(export: str, json_: bool) -> None:
    """Show what a run of EXPORT would do, without doing it."""
    store = opened()
    found = plan.preview(store, operator(), export, reading)
    if json_:
        as_json(found.as_data())
        return
    if found.freshness:
        click.echo(_age(store, Freshness.read(found.freshness)))
    if found.dbt:
        _print_dbt(Built.read(found.dbt))
    counts(_("Segments"), found.segments)
    counts(
        _("Profiles"),
        {
            _("members of the segments"): found.members,
            _("would be sent"): found.valid,
            _("limit of one run"): found.limit,
        },
    )
    counts(_("Plan"), _changes(found))
    if found.billing:
        counts(_("Plan of the account"), _room(found.billing))
    counts(_("Not sent"), found.rejected)
    counts(_("Warnings"), found.warnings)
    for note in found.notes:
        click.echo(f"  {note.kind}: {note.example}")
    for kind, groups in found.shared.items():
        rows = "; ".join(", ".join(f"{row:,}" for row in group) for group in groups)
        click.echo(_("  {kind}: rows {rows}").format(kind=kind, rows=rows))
    click.echo(
        _("{requests} requests, about {seconds} s").format(
            requests=f"{found.requests:,}", seconds=f"{found.seconds:,}"
        )
    )
    if found.over_limit:
        click.echo(_("{n} profiles over the limit.").format(n=f"{found.over:,}"))


def _print_dbt(built: Built) -> None:
    """What dbt said last of the model: what a run would be held for, and what only warns."""
    found, zone = built.standing, built.time_zone
    click.echo(f"{found.model}: {dbt_words.results(found, zone)}")
    problems = dbt_words.problems(found, zone, built.before)
    for text in (*problems, *dbt_words.warnings(found, zone)):
        click.echo(f"  {text}")


def _age(store: Store, found: Freshness) -> str:
    """How old the data is, in the time zone of the refresh."""
    with store.begin() as session:
        now, zone = moment(session), preferences.refresh(session).time_zone
    return freshness_words.sentence(found, now, zone)


def _changes(found: Preview) -> dict[str, int]:
    """How many people a run would treat in each way, by what is said of them."""
    return {
        _("join"): found.add,
        _("are updated"): found.update,
        _("of these under a new address"): found.changed_address,
        _("are unchanged"): found.unchanged,
        _("leave the list"): found.leave,
        _("have fields cleared"): found.clear,
    }


def _room(billing: Room) -> dict[str, int]:
    """How the plan would stand after the run."""
    return {
        _("active profiles"): billing.active,
        _("included in the plan"): billing.plan,
        _("new at most"): billing.new,
        _("over the plan at most"): billing.over,
    }


@click.command()
@click.argument("export")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
@click.option("--no-wait", is_flag=True, help="Leave once the run is queued.")
@click.option("--confirm", type=click.IntRange(0), metavar="N", help="Confirm a held run.")
@click.option("--sample", metavar="EMAIL", help="Send only this one person.")
@click.option("--send-all", is_flag=True, help="Send also who is unchanged.")
@click.option("--refused-again", is_flag=True, help="Send also who was refused last time.")
def run(
    export: str,
    json_: bool,
    no_wait: bool,
    confirm: int | None,
    sample: str | None,
    send_all: bool,
    refused_again: bool,
) -> int:
    """Run EXPORT: send its segments to its list."""
    store = opened_for_runs()
    if sample is not None:
        refuse_erased(store, sample)
    with store.begin() as session:
        found = requests.request(
            session,
            operator(),
            exports.find(session, export),
            trigger="cli",
            only_email=sample,
            confirmed=confirm,
            send_all=send_all,
            refused_again=refused_again,
        )
    return finish(store, [found], json_, wait=not no_wait, many=False)


@click.command()
@click.argument("run")
def cancel(run: str) -> None:
    """Stop RUN: nothing more of it is sent; what is with the destination already is counted."""
    store = opened()
    with store.begin() as session:
        found = runs.find(session, run)
        requests.ask_stop(session, operator(), found)
    ended = follow(store, [found], Progress())
    for one in ended:
        click.echo(_("Run {run}: {status}").format(run=one.id, status=one.status))
    tell_alerts(store, ended)


@click.command()
@click.argument("run")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def retry(run: str, json_: bool) -> int:
    """Send what did not arrive in RUN; one that was interrupted is finished."""
    store = opened_for_runs()
    with store.begin() as session:
        again = runs.find(session, run)
        if again.status in ENDED | {RunStatus.held}:
            again = requests.retry(session, operator(), again, trigger="cli")
    return finish(store, [again], json_, wait=True, many=True)


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def resume(json_: bool) -> int:
    """Finish what a crash interrupted, then leave."""
    store = opened_for_runs()
    with store.begin() as session:
        interrupted = [*runs.active(session), *runs.settling(session)]
    return finish(store, interrupted, json_, wait=True, many=True, counted=True)


def opened_for_runs() -> Store:
    """The store; before anything is asked for that could never start. Raises StorageFailed."""
    store = opened()
    sqlite.check(store.settings)
    return store


def finish(
    store: Store, found: list[Run], json_: bool, *, wait: bool, many: bool, counted: bool = False
) -> int:
    """Follows the runs to their end and prints them: a list of all, or the last one of a split."""
    ended = found
    if wait:
        ended = follow(store, found, Progress(), counted=counted)
        tell_alerts(store, ended)
    if many and json_:
        for one in ended:
            show_error(one)
        as_json({"runs": [details(store, operator(), one) for one in reversed(ended)]})
    elif many:
        for one in ended:
            print_run(store, one, json_=False)
        if not ended:
            click.echo(_("Nothing was interrupted."))
    else:
        print_run(store, ended[-1], json_, runs=[one.id for one in ended])
    return exit_status(ended)
