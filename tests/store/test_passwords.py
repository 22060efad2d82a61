"""Which passwords are taken, and how one is recognised."""

import pytest

from core.errors import Invalid
from core.store import passwords

GOOD = "a long walk by the sea"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("eleven char", "at least 12"),
        ("ā" * 37, "72 bytes"),
        ("Password 1234", "among the first"),
        ("aaaaaaaaaaaaaa", "among the first"),
        ("anna bērziņa 1", "own name"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, says: str):
    with pytest.raises(Invalid, match=says) as refused:
        passwords.check(password, "Anna Bērziņa")
    assert refused.value.field == "password"
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", [GOOD, "x1y2z3a4b5c6", "ā" * 18 + "bcdefg", "b" * 35 + GOOD])
def test_a_good_password_is_taken_and_recognised(password: str):
    passwords.check(password, "Anna")
    kept = passwords.locked(password)
    assert password not in kept
    assert passwords.fits(password, kept)


def test_nothing_else_is_recognised():
    kept = passwords.locked(GOOD)
    assert not passwords.fits(GOOD + "!", kept)
    assert not passwords.fits("", kept)
    assert not passwords.fits(GOOD, None)
    assert not passwords.fits("x" * 100, kept)
