"""Every address of listmonk that this program may call, with the permissions it takes.

None of them confirms, blocklists or deletes anybody, sends a confirmation or begins an import: no
other address can be reached through the client (cmd/handlers.go of listmonk v6.2.0).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Missing
from core.texts import _

LISTS, PEOPLE = "lists", "people"  # what the number in a path is the id of


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: `scopes` are the permissions that its user needs, `of` is what its id names."""

    name: str
    method: str
    path: str
    scopes: tuple[str, ...]
    of: str = ""


def _endpoint(name: str, call: str, *scopes: str, of: str = "") -> tuple[str, Endpoint]:
    method, path = call.split(" ")
    return name, Endpoint(name, method, path, scopes, of)


_PERSON = "/api/subscribers/{id}"

ENDPOINTS: Mapping[str, Endpoint] = dict(
    (
        _endpoint("account", "GET /api/config"),
        _endpoint("user", "GET /api/profile"),
        _endpoint("lists", "GET /api/lists", "lists:get_all"),
        _endpoint("list", "GET /api/lists/{id}", "lists:get_all", of=LISTS),
        _endpoint("create_list", "POST /api/lists", "lists:manage_all"),
        _endpoint("count", "GET /api/subscribers", "subscribers:get_all"),
        _endpoint("people", "GET /api/subscribers", "subscribers:get_all", "subscribers:sql_query"),
        _endpoint("person", f"GET {_PERSON}", "subscribers:get_all", of=PEOPLE),
        _endpoint("create", "POST /api/subscribers", "subscribers:manage"),
        _endpoint("change", f"PATCH {_PERSON}", "subscribers:manage", of=PEOPLE),
        _endpoint(
            "subscriptions",
            "PUT /api/subscribers/query/lists",
            *("subscribers:manage", "lists:manage_all", "subscribers:sql_query"),
        ),
        _endpoint("campaigns", "GET /api/campaigns", "campaigns:get_all"),
    )
)


def path_of(endpoint: Endpoint, id: str | None = None) -> str:
    """The path with its id in place. Raises Missing for an id that listmonk never gives."""
    if "{id}" not in endpoint.path:
        return endpoint.path
    return endpoint.path.replace("{id}", str(number_of(endpoint, id or "")))


def number_of(endpoint: Endpoint, id: str) -> int:
    """The id as the number that it is. Raises Missing for anything else."""
    if id.isascii() and id.isdigit() and len(id) < len("10000000000"):
        return int(id)
    if endpoint.of == LISTS:
        text = _("There is no list “{id}” in listmonk: its lists have numbers.")
    else:
        text = _("There is no profile “{id}” in listmonk: its subscribers have numbers.")
    raise Missing(text.format(id=id))
