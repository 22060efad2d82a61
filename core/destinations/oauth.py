"""OAuth as each type of destination supplies it: what is needed, and what an app can do there."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.errors import Rejected
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an authorization is worth until `expires_at`, and what renews it.

    `scopes` are those that were granted; None where the destination doesn't say.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """By what the destination knows the app that an operator registered there."""

    id: str
    secret: str = field(repr=False)


class App(Protocol):
    """An operator's app at the address of one connection."""

    @property
    def base_url(self) -> str:
        """The address, as it was checked."""

    def authorize_url(
        self, redirect_uri: str, state: str, verifier: str, optional: Sequence[str] = ()
    ) -> str:
        """Where a person's browser goes to allow it; it carries the verifier's challenge only.

        Requested are the scopes that every connection needs, and these `optional` ones.
        """

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """The tokens for a code, which serves once. Raises Rejected, Unavailable.

        AuthorizationEnded when the code holds no longer.
        """

    def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token, which may stay the same.

        Raises Rejected, Unavailable; AuthorizationEnded when it was withdrawn.
        """

    def revoke(self, token: str) -> None:
        """Ends an authorization by its refresh token. Raises Rejected, Unavailable.

        AuthorizationEnded when it had ended before.
        """


@dataclass(frozen=True, slots=True)
class OAuth:
    """How accounts of a type of destination are authenticated instead of by their key."""

    variables: tuple[str, str]  # of the environment: they set the client's ID, and its secret
    client: Callable[[Settings], Client]  # what an installation sets in them, empty or not
    app: Callable[[Client, Any], App]  # with a connection's settings, of the type's own model
    # For the error that comes back instead of a code; for the caller to raise.
    refusal: Callable[[str], Rejected]

    def is_set_up(self, settings: Settings) -> bool:
        """Whether an operator has set both variables."""
        client = self.client(settings)
        return bool(client.id and client.secret)


def challenge(verifier: str) -> str:
    """What PKCE calls S256 (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
