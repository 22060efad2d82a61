"""How a request shows whose it is, without the secret ever being seen elsewhere."""

import hashlib
import re
from collections.abc import Generator

import httpx

from core.errors import Invalid
from core.texts import _


class PrivateKey(httpx.Auth):
    """Signs requests with a private API key. Raises Invalid when it can't be one.

    `fingerprint` tells keys apart without giving them away.
    """

    def __init__(self, key: str) -> None:
        key = key.strip()
        # Checked here because httpx would quote an impossible header in its own error.
        if not re.fullmatch(r"[!-~]+", key):
            raise Invalid(
                _(
                    "This is not a private API key of Klaviyo: one begins with pk_ and has no"
                    " spaces. Copy it again from Klaviyo, Settings, API keys."
                ),
                field="api_key",
            )
        self._header = f"Klaviyo-API-Key {key}"
        self.fingerprint = hashlib.sha256(key.encode()).hexdigest()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the header of a private key (Klaviyo documentation)."""
        request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "<PrivateKey>"
