"""What can go wrong, as one tree of errors whose messages are sentences fit for the screen.

SegferryError
├── Invalid            what was asked for can't be done as it stands (exit status 2)
│   └── Unknown        a name that doesn't exist; names the nearest one that does
├── Denied             this person may not do this
├── Conflict           the state of things forbids it now (in use, already running)
│   └── Outdated       somebody else changed it since it was read; says who, and when
├── Stopped            a person asked to stop
├── Terminated         the process was asked to end (exit status 143)
├── SourceFailed       a source can't be read
│   └── Outside        its path leads out of the allowed folders
├── StorageFailed      the data folder or the database can't be written
│   └── StorageUnavailable  may work later: full, locked, out of reach
└── DestinationFailed  the destination didn't take it
    ├── Rejected       sending the same again can't help
    │   ├── Missing        what was asked for isn't there, or not yet
    │   ├── NotAccepted    the destination doesn't accept the key
    │   │   └── AuthorizationEnded  what people once allowed holds no longer
    │   ├── Forbidden      the key may not do this
    │   ├── WrongAccount   the key opens another account than it did
    │   ├── RowsRejected   only some rows are at fault; the others may be sent
    │   └── TooLarge       the request is too large as a whole; less of it may be sent
    └── Unavailable    may work later; says when
        └── AnswerLost     nobody knows whether it arrived
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from unicodedata import normalize

# What files and answers bring into a sentence, and neither a database nor a terminal takes.
UNSHOWN = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LONGEST = 2_000  # characters of a sentence, whatever it quotes


def storable(text: str) -> str:
    """The text with “�” for NUL, other control characters and halves of pairs."""
    return UNSHOWN.sub("\ufffd", text)


class SegferryError(Exception):
    """Root of all errors of this program; its text is a sentence for people."""

    def __str__(self) -> str:
        """The sentence as it can be shown and stored: what can't be is “�”, and its end “…”."""
        text = storable(super().__str__())
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class Invalid(SegferryError):
    """What was asked for can't be done as it stands; `field` names the input at fault."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Unknown(Invalid):
    """A name that doesn't exist, reported with the nearest existing one."""

    def __init__(
        self, what: str, name: str, known: Iterable[str], field: str | None = None
    ) -> None:
        known = list(known)
        close = get_close_matches(name.lower(), [k.lower() for k in known], n=1, cutoff=0.5)
        nearest = next((k for k in known if close and k.lower() == close[0]), None)
        hint = _mistaken(name, nearest) if nearest else _listed(what, known)
        super().__init__(f"There is no {what} “{name}”.{hint}", field)
        self.nearest = nearest


class Denied(SegferryError):
    """This person's role doesn't allow the action; `person` is whoever acted, if that is known."""

    def __init__(self, message: str, person: Any = None) -> None:
        super().__init__(message)
        self.person = person


class Conflict(SegferryError):
    """The present state of things forbids the action; the text says which and what to do."""


class Outdated(Conflict):
    """Something was changed since it was read: by whom and when, if known, and what it is `now`."""

    def __init__(
        self, message: str, now: Mapping[str, Any], by: str | None, at: datetime | None
    ) -> None:
        super().__init__(message)
        self.now, self.by, self.at = dict(now), by, at


class Stopped(SegferryError):
    """Broken off because a person asked to; what was not done yet is left undone."""


class Terminated(SegferryError):
    """The process was asked to end (SIGTERM); what is under way is left where it is."""


class SourceFailed(SegferryError):
    """A source can't be read: missing, empty, unreadable or changed underneath.

    `field` names the option of the source that would help to read it.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Outside(SourceFailed):
    """The path of a source leads out of the folders that may be read."""


class StorageFailed(SegferryError):
    """The data folder or the database can't be read or written: full, locked, not allowed."""


class StorageUnavailable(StorageFailed):
    """May be written later: the disk is full, the database locked or out of reach."""


class DestinationFailed(SegferryError):
    """The destination did not take what was sent."""


class Rejected(DestinationFailed):
    """Sending the same again can't help."""


class Missing(Rejected):
    """What was asked for isn't there, or not yet."""


class NotAccepted(Rejected):
    """The destination doesn't accept the key (any more)."""


class AuthorizationEnded(NotAccepted):
    """What somebody once allowed by OAuth holds no longer; only they can allow it again."""


class Forbidden(Rejected):
    """The key lacks these scopes."""

    def __init__(self, message: str, scopes: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.scopes = tuple(scopes)


class WrongAccount(Rejected):
    """The key opens another account than the connection is pinned to."""


class RowsRejected(Rejected):
    """Some rows are at fault: `rows` maps their place in the request (from 0) to the reason.

    `without` maps those that may go without the fields at fault to the paths of these in the
    profile, such as ("attributes", "location", "latitude").
    """

    def __init__(
        self,
        message: str,
        rows: Mapping[int, str],
        without: Mapping[int, Iterable[tuple[str, ...]]] | None = None,
    ) -> None:
        super().__init__(message)
        self.rows = dict(rows)
        self.without = {row: tuple(paths) for row, paths in (without or {}).items()}


class TooLarge(Rejected):
    """A request is too large as a whole, by its bytes or (`by_rows`) by its number of rows."""

    def __init__(self, message: str, by_rows: bool = False) -> None:
        super().__init__(message)
        self.by_rows = by_rows


class Unavailable(DestinationFailed):
    """May work later; `retry_after` is in seconds, None when the destination didn't say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AnswerLost(Unavailable):
    """The request may have arrived although its answer didn't: look for it before sending again."""


def _mistaken(name: str, nearest: str) -> str:
    looks = [" ".join(normalize("NFKC", text).split()) for text in (name, nearest)]
    if looks[0] == looks[1]:
        return f" “{nearest}” looks alike, but is written with other characters: copy it from here."
    return f" Did you mean “{nearest}”?"


def _listed(what: str, known: list[str]) -> str:
    if not known:
        return f" There is no {what} at all yet."
    return f" There are: {', '.join(known[:8])}{', …' if len(known) > 8 else ''}."
