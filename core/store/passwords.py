"""Passwords: which are good enough, and how they are kept (bcrypt, by streamlit-authenticator)."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from core.errors import Denied, Invalid
from core.texts import _

WAITING, FROM_ONE_ADDRESS = 16, 8  # tries that wait for their turn
SHORTEST, LONGEST = 12, 72  # bytes; bcrypt reads no more than 72
_IMPORTING = Lock()
_WARN_OF_LIBRARY = ("caching.cache_data_api", "scriptrunner_utils.script_run_context")
# Of the commonest that are long enough to get past the length; compared without case and spaces.
COMMON = frozenset(
    [
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456123456",
        "111111111111",
        "000000000000",
        "123123123123",
        "passwordpassword",
        "password1234",
        "password12345",
        "password123456",
        "passw0rd1234",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopas",
        "qwertyqwerty",
        "qwerty123456",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "qazwsxedcrfv",
        "abcdefghijkl",
        "abcdefghijklm",
        "abcd12345678",
        "abc123abc123",
        "asdfghjkl123",
        "asdfasdfasdf",
        "iloveyou1234",
        "iloveyouforever",
        "administrator",
        "administrator1",
        "adminadminadmin",
        "admin1234567",
        "changeme1234",
        "letmeinletmein",
        "letmein12345",
        "welcome12345",
        "welcome123456",
        "correcthorsebatterystaple",
        "trustno1trustno1",
        "superman1234",
        "baseball1234",
        "football1234",
        "princess1234",
        "sunshine1234",
        "monkey123456",
        "dragon123456",
        "michael12345",
        "segferrysegferry",
        "segferry1234",
        "klaviyo12345",
    ]
)
# Of the same cost as a kept one: an unknown name takes as long as a wrong password.
NOBODYS = "$2b$12$uQNpRapevlyc8DowFhHQa.9N3r2o0QSUE6Has7i0DSxIldqoaU81i"


class Hashing:
    """Lets passwords be checked one at a time, which takes a processor whole, and few wait for it.

    Else whoever opens many pages to sign in would take all processors from those who work.
    """

    def __init__(self) -> None:
        self._one = Lock()
        self._counting = Lock()
        self._waiting: Counter[str] = Counter()  # by address

    def waiting(self) -> int:
        """How many wait, or are at it."""
        return self._waiting.total()

    @contextmanager
    def turn(self, address: str) -> Iterator[None]:
        """Waits until it is one's turn. Raises Denied when too many wait, here or from there."""
        with self._counting:
            if self._waiting.total() >= WAITING or self._waiting[address] >= FROM_ONE_ADDRESS:
                text = _("Too many people are signing in. Wait a few seconds, then try again.")
                raise Denied(text)
            self._waiting[address] += 1
        try:
            with self._one:
                yield
        finally:
            with self._counting:
                self._waiting[address] -= 1
                self._waiting += Counter()  # forgets those of whom nobody waits


def check(password: str, name: str) -> None:
    """Raises Invalid for a password that is too short, too long, too common or the name's own."""
    plain, own = _plain(password), _plain(name)
    size = _size(password)
    if size < SHORTEST:
        why = _("The password needs at least {n} characters. A sentence is good.")
    elif size > LONGEST:
        why = _("The password may have {n} bytes at most; letters with accents count twice.")
    elif plain in COMMON or len(set(plain)) < 4:
        why = _("This password is too common. Choose another one.")
    elif own and own in plain and len(plain) - len(own) < SHORTEST - 4:
        why = _("The password may not be your own name with a few characters added.")
    else:
        return
    raise Invalid(why.format(n=SHORTEST if size < SHORTEST else LONGEST), "password")


def locked(password: str) -> str:
    """The password as it is kept: a bcrypt hash."""
    hashed: str = _hasher().hash(password)
    return hashed


def fits(password: str, hashed: str | None) -> bool:
    """Whether it is the password; takes as long when there is none."""
    given = password if 0 < _size(password) <= LONGEST else ""
    right = bool(_hasher().check_pw(given, hashed or NOBODYS))
    return right and given == password and hashed is not None


def _size(password: str) -> int:
    """Its bytes; 0 where it is no text that anybody can type, which bcrypt refuses."""
    try:
        return 0 if "\0" in password else len(password.encode())
    except UnicodeEncodeError:
        return 0


def _hasher() -> Any:
    """The library, imported late: it takes a while, and outside of a page Streamlit warns of it."""
    loggers = [logging.getLogger(f"streamlit.runtime.{name}") for name in _WARN_OF_LIBRARY]
    with _IMPORTING:
        before = [logger.disabled for logger in loggers]
        try:
            for logger in loggers:
                logger.disabled = True
            from streamlit_authenticator import Hasher
        finally:
            for logger, disabled in zip(loggers, before, strict=True):
                logger.disabled = disabled
    return Hasher


def _plain(text: str) -> str:
    return "".join(text.lower().split())
