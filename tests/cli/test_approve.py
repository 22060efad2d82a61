"""segferry approve: a change that waits for a second person, shown and decided by a command."""

from pathlib import Path

import pytest

from core.access import Person, Role
from core.settings import Settings
from core.store import accounts, approvals, exports, open_store
from tests.cli.conftest import Command, one_sentence
from tests.conftest import ADA, written


@pytest.fixture
def waiting(
    used: None, segferry: Command, settings: Settings, tmp_path: Path, profiles: Path
) -> Command:
    """The command line, and a change of the limit to 7 by Anna, who is an administrator."""
    file = written(tmp_path, profiles, "http://127.0.0.1:1", "    approval: true")
    assert segferry("apply", file).status == 0
    store = open_store(settings)
    with store.begin() as session:
        anna = accounts.add(session, ADA, "Anna", Role.administrator)
        row = exports.find(session, "Newsletter")
        wanted = exports.spec(session, row).model_copy(update={"limit": 7})
        approvals.propose(session, Person("Anna", Role.administrator, anna.id), row, wanted)
    store.close()
    return segferry


def test_it_is_shown_then_approved_once(waiting: Command):
    shown = waiting("approve", "Newsletter", "--dry-run", "--json").data
    assert shown["fields"] == {"limit": {"from": 100000, "to": 7}}
    assert (shown["change"], shown["by"], shown["decision"]) == (1, "Anna", None)
    assert waiting("approve", "Newsletter", "--confirm", 9).status == 1
    left = waiting("approve", "Newsletter", "--confirm", 1)
    assert left.status == 0
    assert "limit: 100000 -> 7" in left.out
    assert "The audit says that it was approved on the command line" in left.err
    assert "limit: 7" in waiting("config").out
    again = waiting("approve", "Newsletter")
    assert (again.status, one_sentence(again)) == (1, True)
    assert "No change of “Newsletter” waits" in again.err


def test_it_is_rejected(waiting: Command):
    assert waiting("approve", "Newsletter", "--reject", "--json").data["decision"] == "rejected"
    assert "limit: 7" not in waiting("config").out


def test_who_has_the_name_of_who_proposed_it_is_refused(
    waiting: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LOGNAME", "Anna")
    left = waiting("approve", "Newsletter")
    assert (left.status, one_sentence(left)) == (1, True)
    assert "Anna proposed this change" in left.err
