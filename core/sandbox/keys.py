"""Who is calling: keys, tokens, the account they stand for and what they may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.sandbox.jsonapi import Problem, Refused
from core.sandbox.tokens import NotGranted, Tokens

DEMO_ACCOUNT = "XK4p9T"
OTHER_ACCOUNT = "Qw7rZb"


@dataclass(frozen=True, slots=True)
class Caller:
    """An account with the quota that is used, and the scopes held (None: all of them)."""

    account: str
    quota: str
    scopes: frozenset[str] | None


class Keys:
    """Which keys are good: any, until some are named; and the tokens that OAuth gave."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._known: dict[str, frozenset[str] | None] | None = None

    def restrict(self, known: Mapping[str, Sequence[str] | None] | None) -> None:
        """From now on only these keys are good, each with its scopes (None: all); None: any key."""
        self._known = None
        if known is not None:
            self._known = {
                key: None if scopes is None else frozenset(scopes) for key, scopes in known.items()
            }

    def caller(self, authorization: str | None) -> Caller:
        """Who sends the request; Refused (401) when missing, malformed or unknown."""
        scheme, _, secret = (authorization or "").partition(" ")
        private = scheme == "Klaviyo-API-Key" and secret.startswith("pk_") and len(secret) > 3
        token = scheme == "Bearer" and bool(secret)
        if token and (authorized := self._authorized(secret)):
            return authorized
        if not (private or token) or (self._known is not None and secret not in self._known):
            raise not_authenticated()
        name = secret.removeprefix("pk_")
        account = OTHER_ACCOUNT if name.startswith("other") else DEMO_ACCOUNT
        scopes = self._known[secret] if self._known is not None else None
        return Caller(account, account if private else f"oauth {secret}", scopes)

    def _authorized(self, token: str) -> Caller | None:
        """The owner of the token, if OAuth gave it; Refused (401) when it has ended."""
        try:
            allowed = self._tokens.allowed_with(token)
        except NotGranted:
            raise not_authenticated() from None
        if allowed is None:
            return None
        quota = f"oauth {allowed.client_id} {allowed.account}"
        return Caller(allowed.account, quota, frozenset(allowed.scopes))


def missing_scopes(scopes: Sequence[str]) -> Refused:
    """The 403 of a key without the scopes that an endpoint needs."""
    detail = f"Your API key is missing the required scopes for this request: {', '.join(scopes)}"
    title = "You do not have permission to perform this action."
    return Refused(403, [Problem("permission_denied", title, detail)])


def not_authenticated() -> Refused:
    """The 401 of a missing, malformed or unknown key."""
    title = "Incorrect authentication credentials."
    problem = Problem("authentication_failed", title, "Missing or invalid private key.")
    return Refused(401, [problem])
