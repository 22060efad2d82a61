"""How a request shows whose it is, without the secret ever being seen elsewhere."""

import hashlib
from collections.abc import Generator
from functools import cached_property
from http import HTTPStatus

from core.destinations import Token
from core.destinations.http import Auth, Request, Response
from core.destinations.klaviyo.keys import checked_key

Flow = Generator[Request, Response, None]
NAME = "Authorization"  # of the header


class PrivateKey(Auth):
    """Signs requests with a private API key. Raises Invalid when it can't be one.

    `fingerprint` tells keys apart without giving them away. Where the key is refused, the one from
    before a change-over is tried.
    """

    quota = ""  # all keys of an account share one (Klaviyo documentation)
    by_oauth = False

    def __init__(self, key: str, former: str | None = None) -> None:
        key = checked_key(key)
        self._headers = [_header(key), *([_header(checked_key(former))] if former else [])]
        self.fingerprint = hashlib.sha256(key.encode()).hexdigest()

    def auth_flow(self, request: Request) -> Flow:
        """Adds the header of a private key (Klaviyo documentation)."""
        for header in self._headers:
            request.headers[NAME] = header
            response = yield request
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                return

    def __repr__(self) -> str:
        return "<PrivateKey>"


class AccessToken(Auth):
    """Signs requests with an access token of OAuth; a refused one is replaced once."""

    quota = "oauth "  # the app that an account has installed has its own (Klaviyo documentation)
    by_oauth = True

    def __init__(self, token: Token) -> None:
        self._token = token

    @cached_property
    def fingerprint(self) -> str:
        """Of the first token, so that limits stay with whom they are for. Asks for one."""
        return hashlib.sha256(self._token(None).encode()).hexdigest()

    def auth_flow(self, request: Request) -> Flow:
        """Adds the header of an access token (Klaviyo documentation)."""
        token = self._token(None)
        request.headers[NAME] = f"Bearer {token}"
        response = yield request
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            request.headers[NAME] = f"Bearer {self._token(token)}"
            yield request

    def __repr__(self) -> str:
        return "<AccessToken>"


def _header(key: str) -> str:
    return f"Klaviyo-API-Key {key}"
