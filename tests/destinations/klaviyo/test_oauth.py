"""The protocol of OAuth against a server that answers as told, and requests with its tokens."""

from base64 import b64encode
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from core.destinations import Credentials
from core.destinations.klaviyo import KlaviyoSettings, oauth, open_klaviyo
from core.destinations.limits import Limits
from core.destinations.oauth import Client, Tokens
from core.errors import AuthorizationEnded, DestinationFailed, Invalid, Rejected, Unavailable

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ANSWER = {"access_token": "an-access-token", "refresh_token": "a-refresh-token", "expires_in": 3600}
ACCOUNT = {
    "id": "XK4p9T",
    "attributes": {
        "test_account": True,
        "contact_information": {"organization_name": "Baltic Outfitters"},
    },
}


@pytest.fixture
def app(address) -> oauth.App:
    settings = KlaviyoSettings(base_url=address, timeout=5)
    return oauth.App(Client("the-app", "the-secret"), settings)


@pytest.fixture
def opened(address, clock):
    """Opens Klaviyo, played by the script, with credentials; closed after the test."""
    ways = ExitStack()

    def opener(limits: Limits | None = None, **credentials):
        settings = KlaviyoSettings(base_url=address, tries=1)
        shared = limits or Limits(clock, clock.sleep)
        return ways.enter_context(open_klaviyo(settings, Credentials(**credentials), shared))

    with ways:
        yield opener


def test_a_code_becomes_tokens(app, script):
    script.says(200, ANSWER)
    tokens = app.exchange("c0de", "verifier", "https://s.example/back", now=lambda: NOW)
    assert (tokens.access, tokens.refresh) == ("an-access-token", "a-refresh-token")
    assert tokens.expires_at == NOW + timedelta(hours=1)
    (asked,) = script.asked
    assert (asked.method, asked.path) == ("POST", "/oauth/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["authorization"] == f"Basic {b64encode(b'the-app:the-secret').decode()}"
    assert dict(parse_qsl(asked.body.decode())) == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "code_verifier": "verifier",
        "redirect_uri": "https://s.example/back",
    }


@pytest.mark.parametrize("again", [True, False])
def test_a_refresh_token_stays_unless_a_new_one_comes(app, script, again):
    script.says(200, ANSWER if again else ANSWER | {"refresh_token": None})
    assert app.refresh("an old one").refresh == ("a-refresh-token" if again else "an old one")
    form = dict(parse_qsl(script.asked[0].body.decode()))
    assert form == {"grant_type": "refresh_token", "refresh_token": "an old one"}


def test_revoking_names_the_refresh_token(app, script):
    script.says(200)
    app.revoke("a-refresh-token")
    assert script.asked[0].path == "/oauth/revoke"
    form = dict(parse_qsl(script.asked[0].body.decode()))
    assert form == {"token": "a-refresh-token", "token_type_hint": "refresh_token"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (400, {"error": "invalid_grant"}, AuthorizationEnded, "withdrew .* authenticate again"),
        (400, {"error": "invalid_scope"}, Rejected, "It says: invalid_scope"),
        (400, {"error": "<b>x"}, Rejected, "authenticate. Check the app's redirect"),
        (401, {"error": "invalid_client"}, Rejected, "SEGFERRY_KLAVIYO_CLIENT_SECRET"),
        (401, b"", Rejected, "SEGFERRY_KLAVIYO_CLIENT_ID"),
        (404, b"", Rejected, "nothing at /oauth/token"),
        (429, b"", Unavailable, "too many requests"),
        (503, b"", Unavailable, "problem of its own"),
        (200, b"<html>", Unavailable, "isn't Klaviyo's JSON"),
        (200, {"access_token": "a\nb"}, Rejected, "access_token"),
        (200, {"access_token": "a", "expires_in": 0}, Rejected, "expires_in"),
        (-1, b"", Unavailable, "closed the connection"),
    ],
)
def test_each_failure_has_its_kind_and_its_sentence(app, script, status, body, kind, sentence):
    script.says(status, body)
    with pytest.raises(kind, match=sentence) as caught:
        app.refresh("a-refresh-token")
    assert type(caught.value) is kind or kind is Rejected
    assert not any(s in str(caught.value) for s in ("a-refresh-token", "the-secret", "<b>"))


def test_secrets_follow_no_redirect(app, script, address):
    script.says(307, location=f"{address}/elsewhere")
    with pytest.raises(Rejected, match="is not sent there"):
        app.refresh("a-refresh-token")
    assert len(script.asked) == 1


def test_where_nothing_listens_is_told_as_for_any_other_request(app):
    gone = oauth.App(Client("a", "b"), KlaviyoSettings(base_url="http://127.0.0.1:9"))
    with pytest.raises(Unavailable, match="refuses connections"):
        gone.refresh("a-refresh-token")


def test_a_code_without_a_refresh_token_is_odd(app, script):
    script.says(200, ANSWER | {"refresh_token": None})
    with pytest.raises(Rejected, match="refresh_token"):
        app.exchange("c0de", "verifier", "https://s.example/back")


def test_reprs_hide_what_opens(app):
    tokens = Tokens("an-access-token", "a-refresh-token", NOW)
    opener = Credentials("pk_secret", "pk_former", lambda _refused: "an-access-token")
    told = f"{app!r} {tokens!r} {opener!r}"
    assert not [s for s in ("the-secret", "token", "pk_") if s in told.replace("Tokens", "")]


def test_a_token_wins_over_the_key(opened, script):
    script.says(200, {"data": []})
    list(opened(key="pk_1", token=lambda _refused: "tok").lists())
    assert script.asked[0].headers["authorization"] == "Bearer tok"


def test_a_refused_token_is_replaced_once(opened, script):
    given: list[str | None] = []

    def token(refused: str | None) -> str:
        given.append(refused)
        return "new" if refused else "old"

    script.refuses(401).says(200, {"data": []})
    way = opened(token=token)
    list(way.lists())
    assert [asked.headers["authorization"] for asked in script.asked] == [
        "Bearer old",
        "Bearer new",
    ]
    assert way.requests == 2
    assert [refused for refused in given if refused] == ["old"]
    script.refuses(401).refuses(401)
    with pytest.raises(AuthorizationEnded, match="authenticate again"):
        list(way.lists())
    assert len(script.asked) == 4


def test_a_token_that_klaviyo_quotes_is_not_shown(opened, script):
    script.refuses(403, "No: Authorization was Bearer tok-en.123_x, and that lacks a scope.")
    with pytest.raises(Rejected, match=r"was Bearer … and that lacks") as caught:
        list(opened(token=lambda _refused: "tok-en.123_x").lists())
    assert "tok-en" not in str(caught.value)


def test_a_missing_scope_of_an_app_is_told_as_such(opened, script):
    script.refuses(403)
    with pytest.raises(Rejected, match=r"authorization of .* lacks a scope: lists:read"):
        list(opened(token=lambda _refused: "tok").lists())


def test_a_batch_whose_token_cant_be_renewed_surely_did_not_arrive(opened, script):
    def token(refused: str | None) -> str:
        if refused:
            raise Unavailable("no token for now")
        return "old"

    script.refuses(401)
    with pytest.raises(Unavailable, match="no token for now") as caught:
        opened(token=token).send("Y6nRLr", ['{"type":"profile","attributes":{"email":"a@b.cd"}}'])
    assert type(caught.value) is Unavailable


def test_where_the_key_is_refused_the_former_one_is_asked(opened, script):
    script.refuses(401).says(200, {"data": []})
    way = opened(key="pk_new", former="pk_old")
    list(way.lists())
    sent = [asked.headers["authorization"] for asked in script.asked]
    assert sent == ["Klaviyo-API-Key pk_new", "Klaviyo-API-Key pk_old"]
    assert way.requests == 2


@pytest.mark.parametrize("status", [400, 403, 404])
def test_the_former_key_is_asked_for_no_other_reason(opened, script, status):
    script.refuses(status)
    with pytest.raises(DestinationFailed):
        list(opened(key="pk_new", former="pk_old").lists())
    assert len(script.asked) == 1


def test_where_both_keys_are_refused_it_is_told_once(opened, script):
    script.refuses(401).refuses(401)
    with pytest.raises(Rejected, match="doesn't accept the private key"):
        list(opened(key="pk_new", former="pk_old").lists())
    assert len(script.asked) == 2


def test_a_batch_goes_with_the_former_key_whole(opened, script):
    job = {"data": {"id": "j", "attributes": {"status": "queued", "created_at": NOW.isoformat()}}}
    script.refuses(401).says(202, job)
    body = '{"type":"profile","attributes":{"email":"a@b.cd"}}'
    opened(key="pk_new", former="pk_old").send("Y6nRLr", [body])
    first, second = (asked.body for asked in script.asked)
    assert first == second
    assert body.encode() in first


def test_credentials_of_nothing_are_refused(opened):
    with pytest.raises(Invalid, match="private API key is empty"):
        opened()


def test_an_authorization_has_a_quota_of_its_own_beside_the_keys(opened, script, clock):
    limits = Limits(clock, clock.sleep)
    for credentials in ({"key": "pk_1"}, {"token": lambda _refused: "tok"}):
        script.says(200, {"data": [ACCOUNT]})
        opened(limits, **credentials).account()
    assert clock.slept == []
    script.says(200, {"data": [ACCOUNT]})
    opened(limits, token=lambda _refused: "tok").account()
    assert clock.slept
