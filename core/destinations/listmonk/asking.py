"""The two SQL conditions that this program sends: people by their emails, people by their ids.

listmonk takes SQL in place of a filter and runs it where nothing can be written. It is put into a
query of its own by replacing text, so each condition stands in brackets.
"""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

MOST = 100  # emails in one question
LONGEST = 6_000  # characters of the condition in the URL: many servers take 8 KB a line in all
UNASKABLE = ("%order%", "\0")  # listmonk would replace the one, no database takes the other


def portions(emails: Iterable[str]) -> Iterator[list[str]]:
    """The emails in lower case, each once, cut so that each portion fits into one question."""
    portion: list[str] = []
    length = 0
    for email in dict.fromkeys(email.lower() for email in emails if _is_reachable_by_query(email)):
        more = len(quote(_literal(email) + ",", safe=""))
        if portion and (len(portion) == MOST or length + more > LONGEST):
            yield portion
            portion, length = [], 0
        portion.append(email)
        length += more
    if portion:
        yield portion


def with_emails(emails: Sequence[str]) -> str:
    """The condition for any of the emails; quotes in them stay inside."""
    return f"(LOWER(subscribers.email) IN ({','.join(map(_literal, emails))}))"


def with_ids(ids: Iterable[int]) -> str:
    """The condition for any of the ids."""
    return f"(subscribers.id IN ({','.join(map(str, ids))}))"


def _literal(text: str) -> str:
    """A backslash needs nothing (standard_conforming_strings)."""
    return "'" + text.replace("'", "''") + "'"


def _is_reachable_by_query(email: str) -> bool:
    return bool(email) and not any(part in email.lower() for part in UNASKABLE)
