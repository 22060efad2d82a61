"""The table of endpoints with their permissions (cmd/handlers.go of listmonk v6.2.0)."""

import re
from collections.abc import Mapping

from core.sandbox.listmonk import about, campaigns, lists, subscribers, subscriptions
from core.sandbox.listmonk.call import Endpoint

READ = ("subscribers:get_all", "subscribers:get")
WRITE = ("subscribers:manage",)
PERSON = "/api/subscribers/{id}"

ENDPOINTS = (
    Endpoint("GET", "/health", about.get_health, public=True),
    Endpoint("GET", "/api/health", about.get_health),
    Endpoint("GET", "/api/config", about.get_config),
    Endpoint("GET", "/api/profile", about.get_profile),
    Endpoint("GET", "/api/lists", lists.get_lists),
    Endpoint("GET", "/api/lists/{id}", lists.get_list),
    Endpoint("POST", "/api/lists", lists.create_list, ("lists:manage_all",)),
    Endpoint("PUT", "/api/subscribers/lists", subscriptions.by_ids, WRITE),
    Endpoint("PUT", "/api/subscribers/query/lists", subscriptions.by_query, WRITE),
    Endpoint("GET", "/api/subscribers", subscribers.get_subscribers, READ),
    Endpoint("POST", "/api/subscribers", subscribers.create_subscriber, WRITE),
    Endpoint("GET", PERSON, subscribers.get_subscriber, READ),
    Endpoint("PATCH", PERSON, subscribers.update_subscriber, WRITE),
    Endpoint(
        "GET", "/api/campaigns", campaigns.get_campaigns, ("campaigns:get_all", "campaigns:get")
    ),
)

_PATTERNS = tuple(
    (re.compile(endpoint.template.replace("{id}", r"(?P<id>[^/]+)")), endpoint)
    for endpoint in ENDPOINTS
)


def matching(path: str) -> dict[str, tuple[Endpoint, Mapping[str, str]]]:
    """The endpoints at a path, by method, with the number in the path; exact paths go first."""
    found: dict[str, tuple[Endpoint, Mapping[str, str]]] = {}
    for pattern, endpoint in _PATTERNS:
        if match := pattern.fullmatch(path):
            found.setdefault(endpoint.method, (endpoint, match.groupdict()))
    return found
