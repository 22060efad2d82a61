"""OAuth as Klaviyo speaks it: the way to its authorize page, codes to tokens, tokens to new ones.

Addresses, parameters and errors as in Klaviyo's documentation (“Make API calls using OAuth”).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, Field

from core.destinations import http, never
from core.destinations.bounded import answer
from core.destinations.exchange import read_answer, utc_now
from core.destinations.http import RequestError, Response
from core.destinations.klaviyo.endpoints import Endpoint
from core.destinations.klaviyo.failures import Call, failure, withdrawn
from core.destinations.klaviyo.settings import BASE_URL, SCOPES, KlaviyoSettings
from core.destinations.oauth import Client, OAuth, Tokens, challenge
from core.destinations.outages import misshapen, outage
from core.destinations.proxies import proxy_for
from core.destinations.windows import Rate
from core.errors import AuthorizationEnded, DestinationFailed, Rejected
from core.settings import Settings
from core.texts import _

AUTHORIZE_URL = "https://www.klaviyo.com/oauth/authorize"  # for people; all else is asked at a.
RATE = Rate("oauth", 1, 15)  # none is documented; tokens are asked for once an hour
TOKEN = Endpoint("token", "POST", "/oauth/token", RATE, ())
REVOKE = Endpoint("revoke", "POST", "/oauth/revoke", RATE, ())
INVALID_GRANT, INVALID_CLIENT = "invalid_grant", "invalid_client"
CODE = re.compile(r"[a-z_]{1,40}")  # what an error may be called, to be shown

Secret = Annotated[str, Field(pattern=r"^[!-~]+$")]  # else httpx would quote it in its own error


class _Answer(BaseModel):
    access_token: Secret
    refresh_token: Secret | None = None
    expires_in: int = Field(gt=0)
    scope: str | None = None  # those granted, parted by blanks (RFC 6749, 3.3)


@dataclass(frozen=True, slots=True)
class App:
    """The OAuth app of this installation, and the Klaviyo that it is registered with."""

    client: Client
    settings: KlaviyoSettings

    @property
    def base_url(self) -> str:
        """The address of that Klaviyo."""
        return self.settings.base_url

    def authorize_url(
        self, redirect_uri: str, state: str, verifier: str, optional: Sequence[str] = ()
    ) -> str:
        """Where a person's browser goes to allow it; it carries the verifier's SHA-256 only.

        Requested are the scopes that every connection needs, and these `optional` ones.
        """
        own = self.base_url != BASE_URL
        page = f"{self.base_url}/oauth/authorize" if own else AUTHORIZE_URL
        query = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": redirect_uri,
            "scope": " ".join([*SCOPES, *optional]),
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge(verifier),
        }
        return f"{page}?{urlencode(query)}"

    def exchange(
        self, code: str, verifier: str, redirect_uri: str, now: Callable[[], datetime] = utc_now
    ) -> Tokens:
        """The tokens for a code, which serves once. Raises Rejected, Unavailable.

        AuthorizationEnded when the code holds no longer.
        """
        form = {"grant_type": "authorization_code", "code": code}
        form |= {"code_verifier": verifier, "redirect_uri": redirect_uri}
        answer = _tokens(self, form, lambda _call: _too_late())
        if answer.refresh_token is None:
            raise misshapen(_call(self, TOKEN), "refresh_token")
        return _until(now(), answer, answer.refresh_token)

    def refresh(self, token: str, now: Callable[[], datetime] = utc_now) -> Tokens:
        """New tokens for a refresh token; where no new one of that kind comes, it stays.

        Raises Rejected, Unavailable; AuthorizationEnded when it was withdrawn.
        """
        form = {"grant_type": "refresh_token", "refresh_token": token}
        answer = _tokens(self, form, withdrawn)
        return _until(now(), answer, answer.refresh_token or token)

    def revoke(self, token: str) -> None:
        """Ends an authorization by its refresh token. Raises Rejected, Unavailable.

        AuthorizationEnded when it had ended before.
        """
        _posted(self, REVOKE, {"token": token, "token_type_hint": "refresh_token"}, withdrawn)


def refusal(error: str) -> Rejected:
    """The error that the authorize page sends back instead of a code; for the caller to raise."""
    if error == "access_denied":
        return Rejected(_("Access was denied at Klaviyo, so nothing was connected."))
    return Rejected(_with_code(_("Klaviyo doesn't let this app authenticate."), error))


def _client(settings: Settings) -> Client:
    return Client(settings.klaviyo_client_id, settings.klaviyo_client_secret)


OAUTH = OAuth(
    variables=("SEGFERRY_KLAVIYO_CLIENT_ID", "SEGFERRY_KLAVIYO_CLIENT_SECRET"),
    client=_client,
    app=App,
    refusal=refusal,
)


def _until(now: datetime, answer: _Answer, refresh: str) -> Tokens:
    until = now + timedelta(seconds=answer.expires_in)
    scopes = None if answer.scope is None else tuple(answer.scope.split())
    return Tokens(answer.access_token, refresh, until, scopes)


def _tokens(app: App, form: Mapping[str, str], ended: Callable[[Call], str]) -> _Answer:
    return read_answer(_call(app, TOKEN), _Answer, _posted(app, TOKEN, form, ended))


def _posted(
    app: App, endpoint: Endpoint, form: Mapping[str, str], ended: Callable[[Call], str]
) -> Response:
    settings, call = app.settings, _call(app, endpoint)
    try:
        auth = (app.client.id, app.client.secret)
        with http.client(settings.base_url, settings.timeout, auth) as client:
            request = client.build_request("POST", endpoint.path, data=form)
            response = answer(client, request, settings.timeout, never)
    except RequestError as error:
        raise outage(call, error, utc_now()) from error
    if response.is_success:
        return response
    raise _failed(call, response, ended)


def _call(app: App, endpoint: Endpoint) -> Call:
    url = app.settings.base_url
    return Call(
        endpoint,
        account="",
        revision=app.settings.revision,
        host=urlsplit(url).netloc,
        proxy=proxy_for(url),
        by_oauth=True,
    )


def _failed(call: Call, response: Response, ended: Callable[[Call], str]) -> DestinationFailed:
    code = _code(response)
    if code == INVALID_GRANT:
        return AuthorizationEnded(ended(call))
    if code == INVALID_CLIENT or response.status_code == HTTPStatus.UNAUTHORIZED:
        return Rejected(_unknown_app())
    if response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN):
        return Rejected(_with_code(_("Klaviyo doesn't let this app authenticate."), code))
    return failure(call, response)


def _code(response: Response) -> str:
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return ""


def _with_code(sentence: str, code: str) -> str:
    """Only what looks like a code of OAuth: these words come from an address or an answer."""
    advice = _("Check the app's redirect address and scopes at Klaviyo.")
    told = _("It says: {code}.").format(code=code) if CODE.fullmatch(code) else ""
    return " ".join(filter(None, (sentence, told, advice)))


def _too_late() -> str:
    return _(
        "Klaviyo no longer accepts this authentication: it took too long, or was already "
        "used. Authenticate again."
    )


def _unknown_app() -> str:
    return _(
        "Klaviyo doesn't know this app. Check SEGFERRY_KLAVIYO_CLIENT_ID and"
        " SEGFERRY_KLAVIYO_CLIENT_SECRET, then restart Segferry."
    )
