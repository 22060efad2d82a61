"""How a request shows whose it is, without the secret ever being seen elsewhere."""

import hashlib
from collections.abc import Generator

import httpx

from core.destinations.klaviyo.keys import checked_key


class PrivateKey(httpx.Auth):
    """Signs requests with a private API key. Raises Invalid when it can't be one.

    `fingerprint` tells keys apart without giving them away.
    """

    def __init__(self, key: str) -> None:
        key = checked_key(key)
        self._header = f"Klaviyo-API-Key {key}"
        self.fingerprint = hashlib.sha256(key.encode()).hexdigest()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the header of a private key (Klaviyo documentation)."""
        request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "<PrivateKey>"
