"""Which listmonk it is, whether it is new enough, and what its API user lacks."""

import re
from urllib.parse import urlsplit

from core.destinations import Account
from core.destinations.listmonk.answers import Server, ServerData, User
from core.destinations.listmonk.client import Client
from core.destinations.listmonk.settings import LEAST, SCOPES
from core.errors import Rejected
from core.texts import _

NOT_SET = "http://localhost:9000"  # the root URL that a new listmonk has
VERSION = re.compile(r"v?(\d+)\.(\d+)")


def account(client: Client, base_url: str) -> Account:
    """The server, by the root URL that it is set to; where that isn't set, by its address.

    It tells no time zone, and no test account from a real one. Raises Rejected for an older one
    than is needed.
    """
    server = client.get("account", Server).data
    _check_version(server)
    root = server.root_url.rstrip("/")
    id = base_url if root in ("", NOT_SET) else root
    return Account(id, urlsplit(id).netloc or id, test=False, time_zone=None)


def missing(client: Client) -> tuple[str, ...]:
    """The permissions that the API user lacks, those of writing too."""
    held = client.get("user", User).data.permissions
    return () if held is None else tuple(name for name in SCOPES if name not in held)


def _check_version(server: ServerData) -> None:
    """What isn't numbered, such as a nightly build, may pass."""
    found, least = VERSION.match(server.version), VERSION.match(LEAST)
    if found and least and _numbers(found) < _numbers(least):
        text = _(
            "This listmonk is version {version}, but {least} or newer is needed: older ones "
            "can't change single attributes of a subscriber. Update it."
        )
        raise Rejected(text.format(version=server.version, least=LEAST))


def _numbers(version: re.Match[str]) -> tuple[int, int]:
    return int(version[1]), int(version[2])
