"""OAuth authorizations: codes, access and refresh tokens; they live as long as the process."""

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

CODE_HOLDS = 600.0  # seconds
UNUSED_HOLDS = 90 * 86_400.0  # seconds until a refresh token that nobody uses ends


class NotGranted(Exception):
    """The code or token does not hold, or no longer; `code` as OAuth names it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person allowed on the authorize page, for which account."""

    client_id: str
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    account: str


@dataclass(slots=True, eq=False)
class Grant:
    """An authorization until it is revoked: its newest tokens, and when each access token ends."""

    allowed: Allowed
    access: str = ""
    refresh: str = ""
    used_at: float = 0.0
    ends: dict[str, float] = field(default_factory=dict)


class Tokens:
    """All authorizations of one sandbox. `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, tuple[Allowed, float]] = {}
        self._grants: list[Grant] = []
        self._issued: dict[str, Grant] = {}  # by access token, those that have ended among them

    def code(self, allowed: Allowed) -> str:
        """A code for what was allowed: it holds ten minutes, once."""
        made = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[made] = (allowed, self._clock() + CODE_HOLDS)
        return made

    def exchange(
        self, client_id: str, code: str, verifier: str, redirect_uri: str, expires_in: float
    ) -> Grant:
        """The authorization that a code stands for, with its first tokens. Raises NotGranted."""
        with self._lock:
            allowed, until = self._codes.pop(code, (None, 0.0))
            if allowed is None or self._clock() >= until or allowed.client_id != client_id:
                raise NotGranted("invalid_grant", "The code is unknown, used or too old.")
            if allowed.redirect_uri != redirect_uri:
                raise NotGranted("invalid_grant", "The redirect_uri is another one than before.")
            if challenge(verifier) != allowed.challenge:
                raise NotGranted("invalid_grant", "The code_verifier doesn't fit the challenge.")
            grant = Grant(allowed)
            self._grants.append(grant)
            self._issue(grant, expires_in)
            return grant

    def refresh(self, client_id: str, token: str, expires_in: float) -> Grant:
        """New tokens; the refresh token serves once, so that its use by two is noticed."""
        with self._lock:
            grant = next((g for g in self._grants if g.refresh == token), None)
            stale = grant is None or self._clock() - grant.used_at > UNUSED_HOLDS
            if grant is None or stale or grant.allowed.client_id != client_id:
                raise NotGranted("invalid_grant", "The refresh token is unknown or revoked.")
            self._issue(grant, expires_in)
            return grant

    def revoke(self, token: str) -> None:
        """Ends the authorization of an access or refresh token; what isn't known stays unknown."""
        with self._lock:
            self._grants = [g for g in self._grants if token != g.refresh and token not in g.ends]

    def clear(self) -> None:
        """Ends all of them, as removing the app from the accounts does."""
        with self._lock:
            self._codes.clear()
            self._grants.clear()

    def allowed_with(self, access: str) -> Allowed | None:
        """What the access token allows; None for one that never was. Raises NotGranted."""
        with self._lock:
            grant = self._issued.get(access)
            if grant is None:
                return None
            if grant not in self._grants or self._clock() >= grant.ends[access]:
                raise NotGranted("invalid_token", "The access token has ended or was revoked.")
            return grant.allowed

    def _issue(self, grant: Grant, expires_in: float) -> None:
        grant.access, grant.refresh = (secrets.token_urlsafe(32) for _n in range(2))
        grant.used_at = self._clock()
        grant.ends[grant.access] = self._clock() + expires_in
        self._issued[grant.access] = grant


def challenge(verifier: str) -> str:
    """What PKCE calls S256 (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
