"""Which passwords are taken, and how one is recognised."""

import subprocess
import sys

import pytest

from core.errors import Invalid
from core.store import passwords

GOOD = "a long walk by the sea"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("eleven char", "at least 12"),
        ("ā" * 37, "72 bytes"),
        ("Password 1234", "too common"),
        ("aaaaaaaaaaaaaa", "too common"),
        ("anna bērziņa 1", "own name"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, says: str):
    with pytest.raises(Invalid, match=says) as refused:
        passwords.check(password, "Anna Bērziņa")
    assert refused.value.field == "password"
    assert password not in str(refused.value)


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("password", [GOOD, "x1y2z3a4b5c6", "ā" * 18 + "bcdefg", "b" * 35 + GOOD])
def test_a_good_password_is_taken_and_recognised(password: str):
    passwords.check(password, "Anna")
    kept = passwords.locked(password)
    assert password not in kept
    assert passwords.fits(password, kept)


@pytest.mark.usefixtures("quick_passwords")
def test_nothing_else_is_recognised():
    kept = passwords.locked(GOOD)
    assert not passwords.fits(GOOD + "!", kept)
    assert not passwords.fits("", kept)
    assert not passwords.fits(GOOD, None)
    assert not passwords.fits("x" * 100, kept)


def test_nothing_is_printed_where_the_first_password_is_hashed_beside_no_page():
    """As by `serve --demo`, before anybody has opened a page."""
    command = "from core.store.passwords import locked; print(len(locked('a long walk')))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("60\n", "")
