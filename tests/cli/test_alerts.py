"""Alerts where no server is: commands notice and deliver, and take up what others left."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.access import Person, Role
from core.settings import Settings
from core.store import alerts, approvals, exports, open_store
from core.store.database import now
from core.store.tables.alerts import Delivery
from tests.cli.conftest import Command
from tests.conftest import people, written
from tests.receivers import Receiver, receiving

ALERTS = """
alerts:
  channels:
    - {name: Ops, address: "${OPS}", reasons: [failed, approval]}
"""
FAILED = "“Newsletter” failed"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def failing(
    used: None,
    segferry: Command,
    receiver: Receiver,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """The command line, with a channel, and an export whose list is out of reach."""
    monkeypatch.setenv("OPS", receiver.channel)
    people(3).write_parquet(tmp_path / "few.parquet")
    file = written(tmp_path, tmp_path / "few.parquet", "http://127.0.0.1:1", "    limit: 2")
    file.write_text(file.read_text() + ALERTS)
    assert segferry("apply", file).status == 0
    return segferry


def due(settings: Settings) -> None:
    """Time passes until what waits is to be tried again."""
    store = open_store(settings)
    with store.begin() as session:
        for item in alerts.due(session, now() + timedelta(days=1)):
            row = session.get_one(Delivery, item.delivery.id)
            row.due_at = now() - timedelta(seconds=1)
            session.add(row)
    store.close()


def test_the_first_run_that_fails_is_told(failing: Command, receiver: Receiver):
    left = failing("run", "Newsletter", "--json")
    assert (left.status, left.data["status"]) == (1, "failed")
    assert receiver.titles == [FAILED]
    assert failing("run", "Newsletter").status == 1
    assert receiver.titles == [FAILED]


def test_what_was_not_taken_is_shown_and_taken_up_by_the_next_command(
    failing: Command, receiver: Receiver, settings: Settings
):
    receiver.status, receiver.answer = 503, "s3cr3t-token is away"
    left = failing("run", "Newsletter")
    assert "The alert channel “Ops” took no message:" in left.err
    assert "error=503" in left.err
    assert "s3cr3t" not in left.err
    checks = {check["name"]: check for check in failing("doctor", "--json").data["checks"]}
    assert not checks["alert channel “Ops”"]["ok"]
    assert "503" in checks["alert channel “Ops”"]["detail"]
    receiver.status = 200
    assert receiver.titles == [FAILED]
    failing("resume")  # too early: a minute has to pass
    assert receiver.titles == [FAILED]
    due(settings)
    left = failing("resume")
    assert (receiver.titles, left.err) == ([FAILED] * 2, "")
    failing("resume")
    assert receiver.titles == [FAILED] * 2
    checks = {check["name"]: check for check in failing("doctor", "--json").data["checks"]}
    assert checks["alert channel “Ops”"]["ok"]


def test_a_decision_is_told_by_the_command_that_makes_it(
    failing: Command, receiver: Receiver, settings: Settings
):
    assert failing("resume").status == 0  # a first look
    store = open_store(settings)
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        row.spec = row.spec | {"approval": True}
        wanted = exports.spec(session, row).model_copy(update={"limit": 7})
        approvals.propose(session, Person("Anna", Role.administrator, 7), row, wanted)
    store.close()
    assert failing("resume").status == 0
    assert failing("approve", "Newsletter", "--reject").status == 0
    assert receiver.titles == ["A change of “Newsletter” waits for approval"]
    store = open_store(settings)
    with store.begin() as session:
        assert alerts.newest(session)[0].title == "The change of “Newsletter” is decided"
    store.close()
