"""OAuth as Klaviyo offers it: a page where a person allows an app, and its tokens (PKCE, S256).

GET  /oauth/authorize  the page; any client_id will do
POST /oauth/authorize  what the person decided: back to the app's redirect_uri
POST /oauth/token      a code or a refresh token for tokens; any client_secret will do
POST /oauth/revoke     ends an authorization
"""

import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from core.sandbox.page import document
from core.sandbox.request_log import Entry
from core.sandbox.start import ORGANIZATIONS
from core.sandbox.tokens import Allowed, Grant, NotGranted
from core.sandbox.world import World
from core.texts import _

FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 20_000  # of a form
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # of a SHA-256
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FIELDS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
NO_STORE = {"cache-control": "no-store"}

Form = Mapping[str, str]
Action = Callable[[World, Request], Awaitable[Response]]


class _Wrong(Exception):
    """A request that a page answers with 400, in these words."""


async def _authorize(_world: World, request: Request) -> Response:
    try:
        form = dict(request.query_params)
        _check(form)
    except _Wrong as wrong:
        return _refused(str(wrong))
    return _question(form)


async def _decide(world: World, request: Request) -> Response:
    try:
        decided = await _form(request)
        _check(decided)
    except _Wrong as wrong:
        return _refused(str(wrong))
    answer = {"error": "access_denied"}
    if decided.get("decision") == "allow":
        answer = {"code": world.tokens.code(_allowed(decided))}
    query = urlencode(answer | {"state": decided["state"]})
    mark = "&" if urlsplit(decided["redirect_uri"]).query else "?"
    return RedirectResponse(f"{decided['redirect_uri']}{mark}{query}", 303, NO_STORE)


async def _token(world: World, request: Request) -> Response:
    try:
        client, form = _client(request), await _form(request)
        return JSONResponse(_answer(_granted(world, client, form), world), headers=NO_STORE)
    except _Wrong as wrong:
        return _error(400, "invalid_request", str(wrong))
    except NotGranted as failed:
        return _error(401 if failed.code == "invalid_client" else 400, failed.code, str(failed))


async def _revoke(world: World, request: Request) -> Response:
    try:
        _client(request)
        world.tokens.revoke((await _form(request)).get("token", ""))
    except _Wrong as wrong:
        return _error(400, "invalid_request", str(wrong))
    except NotGranted as failed:
        return _error(401, failed.code, str(failed))
    return JSONResponse({}, headers=NO_STORE)


def _check(form: Form) -> None:
    """Raises _Wrong for what Klaviyo's page would not go on with."""
    if missing := [name for name in FIELDS if not form.get(name)]:
        raise _Wrong(_("The address lacks {names}.").format(names=", ".join(missing)))
    if form["response_type"] != "code":
        raise _Wrong(_("The response_type has to be “code”."))
    if form["code_challenge_method"] != "S256" or not CHALLENGE.fullmatch(form["code_challenge"]):
        raise _Wrong(_("A code_challenge of the code_challenge_method S256 is needed."))
    to = urlsplit(form["redirect_uri"])
    safe = to.scheme == "https" or (to.scheme == "http" and to.hostname in LOOPBACK)
    if not (safe and to.hostname) or to.fragment:
        raise _Wrong(_("The redirect_uri has to be an https address, or one of this machine."))


def _allowed(decided: Form) -> Allowed:
    account = decided.get("account", "")
    return Allowed(
        client_id=decided["client_id"],
        redirect_uri=decided["redirect_uri"],
        challenge=decided["code_challenge"],
        scopes=tuple(decided["scope"].split()),
        account=account if account in ORGANIZATIONS else next(iter(ORGANIZATIONS)),
    )


def _question(form: Form) -> Response:
    title = _("{name} wants to use this account").format(name=form["client_id"])
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(form[name])}">' for name in FIELDS
    )
    accounts = "".join(
        f'<p><label><input type="radio" name="account" value="{id}"{checked}> '
        f"{escape(name)} · {id}</label></p>"
        for (id, name), checked in zip(ORGANIZATIONS.items(), (" checked", ""), strict=True)
    )
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in form["scope"].split())
    buttons = "".join(
        f'<button name="decision" value="{value}">{escape(label)}</button>'
        for value, label in (("allow", _("Allow")), ("deny", _("Deny")))
    )
    back = _("Then you go back to {host}.").format(host=urlsplit(form["redirect_uri"]).netloc)
    return document(
        title,
        f"<h1>{escape(title)}</h1><p>{escape(_('A sandbox on this machine, not Klaviyo.'))}</p>"
        f'<form method="post" action="/oauth/authorize">{hidden}{accounts}'
        f"<ul>{scopes}</ul><p>{escape(back)}</p><nav>{buttons}</nav></form>",
    )


def _refused(sentence: str) -> Response:
    title = _("This app can't be allowed")
    body = f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>"
    return document(title, body, status=400)


def _granted(world: World, client: str, form: Form) -> Grant:
    kind, lasts = form.get("grant_type"), world.settings.expires_in
    if kind == "authorization_code":
        code, verifier = form.get("code", ""), form.get("code_verifier", "")
        redirect_uri = form.get("redirect_uri", "")
        return world.tokens.exchange(client, code, verifier, redirect_uri, lasts)
    if kind == "refresh_token":
        return world.tokens.refresh(client, form.get("refresh_token", ""), lasts)
    raise NotGranted("invalid_grant_type", "There is no such grant_type.")


def _answer(grant: Grant, world: World) -> dict[str, Any]:
    return {
        "access_token": grant.access,
        "token_type": "Bearer",
        "expires_in": world.settings.expires_in,
        "refresh_token": grant.refresh,
        "scope": " ".join(grant.allowed.scopes),
    }


def _client(request: Request) -> str:
    """The client_id of HTTP Basic. Raises NotGranted without one."""
    scheme, _space, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        client, _colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        client = secret = ""
    if scheme.lower() != "basic" or not client or not secret:
        raise NotGranted("invalid_client", "Client id and secret are needed as HTTP Basic.")
    return client


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise _Wrong(_("The content type has to be {form}.").format(form=FORM))
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise _Wrong(_("The form is too large."))
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _error(status: int, code: str, detail: str) -> Response:
    return JSONResponse({"error": code, "error_description": detail}, status, NO_STORE)


def _logged(action: Action) -> Action:
    """The request log counts it; its query and its body are secrets."""

    async def answer(world: World, request: Request) -> Response:
        response = await action(world, request)
        path, status = request.url.path, response.status_code
        world.log.add(Entry(world.clock(), request.method, path, "", status, 0, None), path)
        return response

    return answer


ACTIONS = (
    ("GET", "/oauth/authorize", _logged(_authorize)),
    ("POST", "/oauth/authorize", _logged(_decide)),
    ("POST", "/oauth/token", _logged(_token)),
    ("POST", "/oauth/revoke", _logged(_revoke)),
)
