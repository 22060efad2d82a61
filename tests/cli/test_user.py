"""segferry user: people are added, listed and kept out by whoever runs the machine."""

import io

import pytest

from core.access import operator
from core.server import sign_in
from core.store import Store, attempts, audit
from tests.cli.conftest import Command, one_sentence

pytestmark = pytest.mark.usefixtures("quick_passwords")
PASSWORD = "a long walk by the sea"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Puts a line on stdin, as a script would."""
    return lambda line: monkeypatch.setattr("sys.stdin", io.StringIO(line))


def test_an_added_person_signs_in_and_a_disabled_one_does_not(
    segferry: Command, store: Store, typed
):
    for name, role in (("Anna", "administrator"), ("Vita", "viewer")):
        typed(f"{PASSWORD}\n")
        told = segferry("user", "add", name, "--role", role)
        assert (told.status, told.out) == (0, f"{name} may sign in as {role}.\n")
    assert sign_in.enter(store, "vita", PASSWORD, "10.0.0.1")
    assert segferry("user", "disable", "Vita").status == 0
    listed = segferry("user", "list", "--json").data["users"]
    assert [(one["name"], one["role"], one["disabled"]) for one in listed] == [
        ("Anna", "administrator", False),
        ("Vita", "viewer", True),
    ]
    assert "Vita  disabled" in segferry("user", "list").out


@pytest.mark.parametrize(
    ("line", "arguments", "says"),
    [
        ("short\n", ("add", "Anna", "--role", "viewer"), "at least 12"),
        ("", ("add", "Anna", "--role", "viewer"), "No password was given"),
        (f"{PASSWORD}\n", ("add", " ", "--role", "viewer"), "1 to 120 characters"),
        (f"{PASSWORD}\n", ("add", "Anna", "--role", "king"), "'king' is not one of"),
        ("", ("disable", "Nobody"), "There is no person “Nobody”"),
    ],
)
def test_what_is_wrong_is_one_sentence(segferry: Command, typed, line, arguments, says):
    typed(line)
    told = segferry("user", *arguments)
    assert told.status == 2
    assert one_sentence(told)
    assert says in told.err
    assert PASSWORD not in told.err


def test_the_last_administrator_can_not_be_disabled(segferry: Command, typed):
    typed(f"{PASSWORD}\n")
    segferry("user", "add", "Anna", "--role", "administrator")
    told = segferry("user", "disable", "Anna")
    assert told.status == 1
    assert "last administrator" in told.err


def test_the_audit_names_the_operating_systems_user_and_the_command_line(
    segferry: Command, store: Store, typed
):
    typed(f"{PASSWORD}\n")
    segferry("user", "add", "Anna", "--role", "administrator")
    with store.begin() as session:
        (entry,) = audit.entries(session, operator())
    assert (entry.by, entry.origin) == (operator().name, "command line")
    assert (entry.action, entry.kind, entry.what) == ("added", "person", "Anna")


def test_unlock_ends_the_pauses_of_a_name(segferry: Command, store: Store, typed):
    typed(f"{PASSWORD}\n")
    segferry("user", "add", "Anna", "--role", "viewer")
    subjects = attempts.of_sign_in("anna", "10.0.0.1")
    with store.begin() as session:
        tries = [attempts.begin(session, subjects) for _n in range(attempts.MOST + 1)]
    assert tries == [True] * attempts.MOST + [False]
    assert segferry("user", "unlock", "anna").out == "Anna may sign in again now.\n"
    assert sign_in.enter(store, "Anna", PASSWORD, "10.0.0.1")
    assert segferry("user", "unlock", "Nobody").status == 2
