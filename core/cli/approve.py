"""segferry approve: a change of an export that waits for a second person, shown and decided."""

import json
from typing import Any

import click

from core.access import operator
from core.cli.alerts import tell_alerts
from core.cli.output import as_json, opened
from core.errors import Conflict
from core.store import approvals, exports
from core.store.tables.exports import ProposalRow
from core.texts import _


@click.command()
@click.argument("export")
@click.option("--reject", is_flag=True, help="Reject the change instead.")
@click.option("--dry-run", is_flag=True, help="Only show the change.")
@click.option("--confirm", type=click.IntRange(1), metavar="N", help="Only if it is change N.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def approve(export: str, reject: bool, dry_run: bool, confirm: int | None, json_: bool) -> None:
    """Approve the change of EXPORT that waits for a second person."""
    person = operator()
    store = opened()
    with store.begin() as session:
        row = exports.find(session, export)
        found = approvals.of(session, row)
        if found is None or confirm not in (None, found.id):
            raise Conflict(_waits_not(row.name, found))
        if not dry_run:
            (approvals.reject if reject else approvals.approve)(session, person, found)
        data = _as_data(row.name, found)
    if json_:
        as_json(data)
    else:
        _show(data)
    if not dry_run:
        tell_alerts(store, ())


def _waits_not(name: str, found: ProposalRow | None) -> str:
    if found is None:
        return _("No change of “{name}” waits for approval.").format(name=name)
    text = _(
        "Another change of “{name}” waits now: change {n} by {who}. Look at it with --dry-run."
    )
    return text.format(name=name, n=found.id, who=found.by)


def _as_data(name: str, found: ProposalRow) -> dict[str, Any]:
    names = approvals.differing(found.base, found.spec)
    decisions = {None: None, True: "approved", False: "rejected"}
    return {
        "change": found.id,
        "export": name,
        "by": found.by,
        "at": found.at.isoformat(timespec="seconds"),
        "fields": {one: {"from": found.base.get(one), "to": found.spec[one]} for one in names},
        "decision": decisions[found.approved],
        "decided_by": found.decided_by,
    }


def _show(data: dict[str, Any]) -> None:
    title = _("Change {n} of “{name}”, proposed by {who}: {decision}")
    decision = data["decision"] or _("waits for approval")
    click.echo(
        title.format(n=data["change"], name=data["export"], who=data["by"], decision=decision)
    )
    for name, values in data["fields"].items():
        before, now = (json.dumps(values[key], ensure_ascii=False) for key in ("from", "to"))
        click.echo(f"  {name}: {before} -> {now}")
    if data["decision"] == "approved":
        text = _("The audit says that it was approved on the command line, as {who}.")
        click.echo(text.format(who=data["decided_by"]), err=True)
