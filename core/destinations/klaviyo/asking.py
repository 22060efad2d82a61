"""Asks about people by their emails, as many in one request as Klaviyo and its servers take."""

import json
from collections.abc import Iterable, Iterator

from core.destinations.klaviyo.answers import ProfileData, Profiles
from core.destinations.klaviyo.client import Client, Params
from core.destinations.portions import cut_to_fit

MOST = 100  # emails in one filter, and profiles on one page (official specification)
LONGEST = 7_000  # characters of a filter in the URL: many servers refuse more than 8 KB in all


def profiles_by(
    client: Client,
    name: str,
    emails: Iterable[str],
    fields: str,
    id: str | None = None,
    **more: str,
) -> Iterator[tuple[str, ProfileData]]:
    """Each profile that one of the emails belongs to, with its email in lower case.

    `name` is the endpoint, `fields` the only attributes that are transferred.
    """
    for portion in portions(emails):
        query: Params = {
            "filter": filter_of(portion),
            "page[size]": MOST,
            "fields[profile]": fields,
            **more,
        }
        wanted = set(portion)
        for page in client.pages(name, Profiles, query, id):
            for data in page.data:
                # Should Klaviyo find somebody by another address of theirs, nobody asked for it.
                if (email := (data.attributes.email or "").lower()) in wanted:
                    yield email, data


def portions(emails: Iterable[str]) -> Iterator[list[str]]:
    """The emails in lower case, each once, cut so that each portion fits into one filter."""
    return cut_to_fit(filter(None, emails), MOST, LONGEST, _literal)


def filter_of(emails: list[str]) -> str:
    """Klaviyo's filter for any of the emails; quotes and backslashes in them stay inside."""
    return f"any(email,{json.dumps(emails, ensure_ascii=False, separators=(',', ':'))})"


def _literal(email: str) -> str:
    return json.dumps(email, ensure_ascii=False)
