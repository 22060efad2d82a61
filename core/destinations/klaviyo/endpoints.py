"""Every address of Klaviyo that this program may call, with its limits and scopes.

None of them subscribes, unsubscribes, suppresses or unsuppresses anybody: joining a list leaves
consent as it is (Klaviyo documentation), and no other address can be reached through the client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from core.destinations.windows import Rate
from core.errors import Invalid
from core.texts import _


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: `rate` names its limits, `scopes` what the key must be allowed to do.

    `since` is the first revision that has it in the shape that is read here; empty: any.
    """

    name: str
    method: str
    path: str
    rate: Rate
    scopes: tuple[str, ...]
    since: str = ""


def _endpoint(
    name: str, call: str, burst: int, steady: int, *scopes: str, since: str = ""
) -> tuple[str, Endpoint]:
    method, path = call.split(" ")
    return name, Endpoint(name, method, path, Rate(name, burst, steady), scopes, since)


_JOBS = "/api/profile-bulk-import-jobs"
_LIST = "/api/lists/{id}"
_OCTOBER = "2026-10-15"  # usage is a beta before; campaigns have another shape

# Limits (a second, a minute) and scopes as in the official specification of 2026-07-15;
# the official client 25.0.0 (2026-10-15) has the same ones for these.
ENDPOINTS: Mapping[str, Endpoint] = dict(
    (
        _endpoint("account", "GET /api/accounts", 1, 15, "accounts:read"),
        _endpoint("lists", "GET /api/lists", 75, 750, "lists:read"),
        _endpoint("create_list", "POST /api/lists", 10, 150, "lists:write"),
        _endpoint("list", f"GET {_LIST}", 75, 750, "lists:read"),
        _endpoint("list_count", f"GET {_LIST}", 1, 15, "lists:read"),
        _endpoint("flows", f"GET {_LIST}/flow-triggers", 3, 60, "flows:read", "lists:read"),
        _endpoint("members", f"GET {_LIST}/profiles", 75, 750, "lists:read", "profiles:read"),
        _endpoint(
            "take_off",
            f"DELETE {_LIST}/relationships/profiles",
            *(10, 150),
            *("lists:write", "profiles:write"),
        ),
        _endpoint("profiles", "GET /api/profiles", 75, 750, "profiles:read"),
        _endpoint("profile", "GET /api/profiles/{id}", 75, 750, "profiles:read"),
        _endpoint("clear", "PATCH /api/profiles/{id}", 75, 750, "profiles:write"),
        _endpoint("import", f"POST {_JOBS}", 10, 150, "lists:write", "profiles:write"),
        _endpoint("jobs", f"GET {_JOBS}", 10, 150, "lists:read", "profiles:read"),
        _endpoint("job", f"GET {_JOBS}/{{id}}", 10, 150, "lists:read", "profiles:read"),
        _endpoint("segments", "GET /api/segments", 75, 750, "segments:read"),
        _endpoint("campaigns", "GET /api/campaigns", 10, 150, "campaigns:read", since=_OCTOBER),
        _endpoint(
            "campaign_messages",
            "GET /api/campaign-messages",
            *(10, 150, "campaigns:read"),
            since=_OCTOBER,
        ),
        _endpoint("usage", "GET /api/billing-usage", 10, 150, "usage:read", since=_OCTOBER),
        _endpoint("erase", "POST /api/data-privacy-deletion-jobs", 3, 60, "data-privacy:write"),
        _endpoint("import_errors", f"GET {_JOBS}/{{id}}/import-errors", 10, 150, "profiles:read"),
    )
)


def path_of(endpoint: Endpoint, id: str | None = None) -> str:
    """The path with its id in place. Raises Invalid for an id that would lead elsewhere.

    An empty id would ask for the whole collection instead of one thing.
    """
    if "{id}" not in endpoint.path:
        return endpoint.path
    if id is None or not id.strip(". \t\r\n"):
        raise Invalid(
            _("“{id}” is not a Klaviyo ID, so it can't be looked up.").format(id=id or "")
        )
    return endpoint.path.replace("{id}", quote(id, safe=""))
