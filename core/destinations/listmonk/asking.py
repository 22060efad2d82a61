"""The two SQL conditions that this program sends: people by their emails, people by their ids.

listmonk takes SQL in place of a filter and runs it where nothing can be written. It is put into a
query of its own by replacing text, so each condition stands in brackets.
"""

from collections.abc import Iterable, Iterator, Sequence

from core.destinations.portions import cut_to_fit

MOST = 100  # emails in one question
LONGEST = 6_000  # characters of the condition in the URL: many servers take 8 KB a line in all
UNASKABLE = ("%order%", "\0")  # listmonk would replace the one, no database takes the other


def portions(emails: Iterable[str]) -> Iterator[list[str]]:
    """The emails in lower case, each once, cut so that each portion fits into one question."""
    return cut_to_fit(filter(_is_reachable_by_query, emails), MOST, LONGEST, _literal)


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
