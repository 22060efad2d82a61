"""On the command line the operating-system user acts as administrator, and the audit says so."""

import pytest

from core.access import COMMAND_LINE, Action, Role, operator
from core.cli import COMMANDS
from core.store import Store, audit, connections, exports, progress, requests
from core.store.tables.runs import Run, RunStatus
from tests.cli.conftest import Command
from tests.conftest import ADA

# What a command is in the table of docs/people.md; None: nothing that roles are about.
ACTIONS = {
    "serve": None,
    "worker": None,
    "sandbox": None,
    "apply": Action.configure,
    "config": Action.configure,
    "preview": Action.preview,
    "run": Action.run,
    "cancel": Action.run,
    "retry": Action.run,
    "refresh": Action.manage_sources,
    "dbt": Action.look,
    "resume": Action.run,
    "undo": Action.run,
    "restore-list": Action.run,
    "approve": Action.manage_exports,
    "runs": Action.look,
    "show": Action.look,
    "rejects": Action.see_addresses,
    "person": Action.look_up,
    "mcp": Action.look,
    "token": Action.manage_tokens,
    "user": Action.manage_people,
    "rotate-key": Action.manage_connections,
    "backup": Action.configure,
    "restore": Action.configure,
    "move-to": Action.configure,
    "doctor": Action.manage_connections,
}


def test_each_command_has_its_place_in_the_table():
    assert set(ACTIONS) == set(COMMANDS)


def test_whoever_runs_the_program_is_an_administrator():
    person = operator()
    assert (person.role, person.origin) == (Role.administrator, COMMAND_LINE)


def unshared(store: Store) -> None:
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.created_by, row.shared_with = "Somebody else", "administrators"
        session.add(row)


def run_that(store: Store, *statuses: RunStatus) -> Run:
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        for status in statuses:
            progress.step(session, run.id or 0, status)
        return run


@pytest.mark.parametrize(
    ("line", "before", "deed"),
    [
        (("run", "Newsletter"), None, "asked for"),
        (("cancel", "1"), [], "cancelled"),
        (("retry", "1"), [RunStatus.running, RunStatus.failed], "retried"),
    ],
)
def test_commands_go_through_a_connection_that_is_shared_with_nobody(
    newsletter: Command, store: Store, line: tuple[str, ...], before: list[RunStatus], deed: str
):
    unshared(store)
    if before is not None:
        run_that(store, *before)
    told = newsletter(*line)
    assert told.status in (0, 3), told.err
    with store.begin() as session:
        entry = audit.entries(session, ADA, by=operator().name)[0]
    assert (entry.action, entry.role, entry.origin) == (deed, "administrator", COMMAND_LINE)


@pytest.mark.parametrize("line", [("preview", "Newsletter"), ("config",), ("runs",), ("doctor",)])
def test_commands_that_look_see_all_of_it(newsletter: Command, store: Store, line: tuple[str, ...]):
    unshared(store)
    told = newsletter(*line)
    assert (told.status, told.err) == (0, "")


def test_rejects_are_printed_with_whole_addresses(newsletter: Command, store: Store):
    unshared(store)
    run = newsletter("run", "Newsletter", "--json").data
    assert "P1@Example.com" in newsletter("rejects", run["run_id"]).out
