"""What the plan includes and how much of it is used, and which optional scopes a key lacks."""

import logging
from collections.abc import Callable

from core.destinations.klaviyo import lists
from core.destinations.klaviyo.answers import Lists
from core.destinations.klaviyo.client import Client
from core.destinations.klaviyo.more_answers import PROFILES, Campaigns, Segments, UsageRows
from core.destinations.usage import Usage
from core.errors import DestinationFailed, Forbidden

log = logging.getLogger(__name__)


def read(client: Client) -> Usage | None:
    """The row of active profiles; None where no row counts profiles.

    Which id it has isn't documented, so it is found by its unit. Parts of the product count
    profiles, too: the account's own number is the largest, as theirs are among its profiles.
    """
    rows = client.get("usage", UsageRows).data
    counted = [row.usage() for row in rows if row.attributes.unit == PROFILES]
    return max(counted, key=lambda one: one.active, default=None)


def missing_optional(client: Client) -> tuple[str, ...]:
    """The scopes that Klaviyo refuses small questions for; they are in `Key.optional`.

    No run needs them, so a question that fails otherwise says nothing of its scope, and no more.
    """
    one = {"page[size]": 1}
    questions: tuple[Callable[[], object], ...] = (
        lambda: [lists.flows(client, id) for id in _a_list(client)],
        lambda: client.get("campaigns", Campaigns, params=one),
        lambda: client.get("segments", Segments, params=one),
        lambda: client.get("usage", UsageRows),
    )
    found: dict[str, None] = {}
    for ask in questions:
        try:
            ask()
        except Forbidden as error:
            found |= dict.fromkeys(error.scopes)
        except DestinationFailed as error:
            log.debug("Whether a scope is there can't be told: %s", error)
    return tuple(found)


def _a_list(client: Client) -> list[str]:
    return [one.id for one in client.get("lists", Lists, params={"page[size]": 1}).data]
