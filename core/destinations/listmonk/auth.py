"""How a request shows which API user it is from, without the token ever being seen elsewhere."""

import hashlib
from collections.abc import Generator
from http import HTTPStatus

from core.destinations.http import Auth, Request, Response
from core.destinations.listmonk.answers import words_of
from core.destinations.listmonk.keys import checked_key

NAME = "Authorization"  # of the header
# Without a valid user listmonk answers 403, as it does where a permission is missing.
UNKNOWN = ("invalid API credentials", "invalid session", "code=400")


class ApiUser(Auth):
    """Signs requests with `NAME:TOKEN`. Raises Invalid when it can't be one.

    `fingerprint` tells users apart without giving them away. Where the user is refused, the one
    from before a change-over is tried.
    """

    requires_response_body = True

    def __init__(self, key: str, former: str | None = None) -> None:
        key = checked_key(key)
        self._headers = [f"token {key}", *([f"token {checked_key(former)}"] if former else [])]
        self.fingerprint = hashlib.sha256(key.encode()).hexdigest()

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Adds the header of an API user (listmonk documentation, apis/apis)."""
        for header in self._headers:
            request.headers[NAME] = header
            response = yield request
            if not is_unknown(response):
                return

    def __repr__(self) -> str:
        return "<ApiUser>"


def is_unknown(response: Response) -> bool:
    """Whether listmonk doesn't accept the user, rather than what it wants to do."""
    refused = response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED)
    return refused and (
        response.status_code == HTTPStatus.UNAUTHORIZED or words_of(response).startswith(UNKNOWN)
    )
