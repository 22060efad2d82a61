"""Who is calling: API users with their tokens, their permissions, and how both are refused."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.sandbox.listmonk.answers import Json, Refused

PERMISSIONS = (
    *("lists:get_all", "lists:manage_all"),
    *("subscribers:get", "subscribers:get_all", "subscribers:manage", "subscribers:sql_query"),
    *("subscribers:import", "campaigns:get", "campaigns:get_all", "settings:get"),
)
NAME = re.compile(r"[a-zA-Z0-9_\-.@]+")
SUPER_ADMIN = 1  # the id of the role that has every permission
OTHER_ROLE = 2


@dataclass(frozen=True, slots=True)
class User:
    """An API user; `permissions` None: all of them (a super admin).

    `lists` are those of its list role, each with list:get, list:manage or both.
    """

    name: str
    permissions: frozenset[str] | None
    lists: Mapping[int, frozenset[str]]

    def has(self, *any_of: str) -> bool:
        """Whether it has one of these permissions."""
        return self.permissions is None or not self.permissions.isdisjoint(any_of)

    def may_see(self, list_id: int) -> bool:
        """Whether a list is there at all for this user."""
        role = self.lists.get(list_id, frozenset())
        return self.has("lists:get_all", "lists:manage_all") or bool(role)

    def require(self, *any_of: str) -> None:
        """Raises Refused (403), which names the last of the alternatives, as the original does."""
        if any_of and not self.has(*any_of):
            raise Refused(403, f"permission denied: {any_of[-1]}")

    def require_lists(self, list_ids: Iterable[int]) -> None:
        """Raises Refused (403) unless all of these may be managed."""
        for id in list_ids:
            if not (self.has("lists:manage_all") or "list:manage" in self.lists.get(id, ())):
                raise Refused(403, "Permission denied: lists")

    def as_data(self) -> Json:
        """As GET /api/profile shows it, without what no caller of ours reads."""
        role = SUPER_ADMIN if self.permissions is None else OTHER_ROLE
        held = sorted(PERMISSIONS if self.permissions is None else self.permissions)
        return {
            "id": 2,
            "username": self.name,
            "name": self.name,
            "type": "api",
            "status": "enabled",
            "user_role": {"id": role, "name": "Role", "permissions": held},
            "list_role": _list_role(self.lists),
        }


class Users:
    """Which API users there are: any, until some are named."""

    def __init__(self) -> None:
        self._known: dict[str, User] | None = None

    def restrict(
        self,
        known: Mapping[str, Iterable[str] | None] | None,
        lists: Mapping[int, Iterable[str]],
    ) -> None:
        """From now on only these `NAME:TOKEN` are good, each with its permissions (None: all)."""
        self._known = None
        role = {id: frozenset(held) for id, held in lists.items()}
        if known is not None:
            self._known = {
                key: User(key.partition(":")[0], None if held is None else frozenset(held), role)
                for key, held in known.items()
            }

    def caller(self, authorization: str | None) -> User:
        """Whose request it is; Refused, always with 403, when missing, malformed or unknown."""
        name, token = _credentials(authorization)
        if self._known is None:
            return User(name, None, {})
        if found := self._known.get(f"{name}:{token}"):
            return found
        raise Refused(403, "invalid API credentials")


def _credentials(authorization: str | None) -> tuple[str, str]:
    if not authorization:
        raise Refused(403, "invalid session")
    scheme, _, secret = authorization.partition(" ")
    if scheme == "Basic":
        secret = b64decode(secret).decode()
    elif scheme != "token":
        raise Refused(403, "code=400, message=unknown Authorization scheme")
    name, colon, token = secret.partition(":")
    if not colon:
        raise Refused(403, "code=400, message=api_key:token missing")
    if not name or not token:
        raise Refused(403, "code=400, message=empty `api_key` or `token`")
    if not NAME.fullmatch(name):
        raise Refused(403, "invalid API credentials")
    return name, token


def _list_role(lists: Mapping[int, frozenset[str]]) -> Json | None:
    if not lists:
        return None
    held = [{"id": id, "name": "", "permissions": sorted(each)} for id, each in lists.items()]
    return {"id": 3, "name": "List role", "lists": held}
