"""OAuth of the sandbox: its page, codes that serve once, tokens that end, revoking."""

from typing import Any

import httpx
import pytest

from core.sandbox.tokens import CODE_HOLDS, UNUSED_HOLDS
from tests.sandbox.local import Local

# RFC 7636, appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
BACK = "https://segferry.example/auth/klaviyo"
SCOPES = "accounts:read lists:read"
APP = ("segferry", "any secret")
ASKED = {
    "response_type": "code",
    "client_id": "segferry",
    "redirect_uri": BACK,
    "scope": SCOPES,
    "state": "a state & more",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def decided(local: Local, **choice: str) -> httpx.URL:
    """Where the browser goes after the decision."""
    answer = httpx.post(f"{local.base_url}/oauth/authorize", data=ASKED | choice)
    assert answer.status_code == 303, answer.text
    return httpx.URL(answer.headers["location"])


def token(local: Local, app: tuple[str, str] = APP, **form: str) -> httpx.Response:
    return httpx.post(f"{local.base_url}/oauth/token", data=form, auth=app)


def exchanged(local: Local, code: str, **other: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    return token(local, **form | {"redirect_uri": BACK} | other)


def granted(local: Local, **choice: str) -> dict[str, Any]:
    """The tokens of an app that was allowed."""
    code = decided(local, decision="allow", **choice).params["code"]
    return exchanged(local, code).raise_for_status().json()


def refreshed(local: Local, refresh_token: str) -> httpx.Response:
    return token(local, grant_type="refresh_token", refresh_token=refresh_token)


def asking(local: Local, access: str, path: str = "/api/accounts") -> httpx.Response:
    return local.get(path, headers={"authorization": f"Bearer {access}"})


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_the_page_names_the_app_its_scopes_and_where_it_goes_back_to(local: Local):
    answer = httpx.get(f"{local.base_url}/oauth/authorize", params=ASKED)
    assert answer.status_code == 200
    for word in ("segferry", "accounts:read", "lists:read", "segferry.example", "Allow", "Deny"):
        assert word in answer.text
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in ASKED),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
        ("redirect_uri", "http://segferry.example/back"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "https://segferry.example/#back"),
    ],
)
def test_a_wrong_address_is_told_and_leads_nowhere(local: Local, name: str, value: str):
    wrong = ASKED | {name: value, "decision": "allow"}
    url = f"{local.base_url}/oauth/authorize"
    for answer in (httpx.get(url, params=wrong), httpx.post(url, data=wrong)):
        assert answer.status_code == 400
        assert name in answer.text


def test_what_an_app_calls_itself_is_no_markup(local: Local):
    wrong = ASKED | {"client_id": "<b>me</b>", "scope": '"><i>all'}
    page = httpx.get(f"{local.base_url}/oauth/authorize", params=wrong).text
    assert "<b>" not in page
    assert "<i>" not in page


def test_allowing_leads_back_with_the_state_and_a_code_that_serves_once(local: Local):
    back = decided(local, decision="allow")
    assert back.copy_with(query=None) == BACK
    assert back.params["state"] == ASKED["state"]
    answer = exchanged(local, back.params["code"]).json()
    assert answer["expires_in"] == 3600
    assert answer["scope"] == SCOPES
    assert refused(exchanged(local, back.params["code"])) == (400, "invalid_grant")


@pytest.mark.parametrize("decision", ["deny", "", "something"])
def test_all_but_allowing_leads_back_without_a_code(local: Local, decision: str):
    back = decided(local, decision=decision)
    assert back.params["error"] == "access_denied"
    assert "code" not in back.params


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", "forged"),
        ("code_verifier", "another-verifier"),
        ("code_verifier", ""),
        ("redirect_uri", "https://evil.example"),
    ],
)
def test_a_code_is_worth_nothing_without_what_it_was_asked_with(
    local: Local, name: str, value: str
):
    code = decided(local, decision="allow").params["code"]
    assert refused(exchanged(local, **{"code": code, name: value})) == (400, "invalid_grant")


def test_a_code_holds_ten_minutes_for_its_app(local: Local):
    code = decided(local, decision="allow").params["code"]
    local.clock.now += CODE_HOLDS
    assert refused(exchanged(local, code)) == (400, "invalid_grant")
    code = decided(local, decision="allow").params["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    other = token(local, ("other", "x"), redirect_uri=BACK, **form)
    assert refused(other) == (400, "invalid_grant")


def test_tokens_need_the_apps_id_and_secret_as_a_form(local: Local):
    url = f"{local.base_url}/oauth/token"
    assert refused(httpx.post(url, data={"grant_type": "refresh_token"})) == (401, "invalid_client")
    assert refused(httpx.post(url, auth=("segferry", ""))) == (401, "invalid_client")
    assert refused(httpx.post(url, json={}, auth=APP)) == (400, "invalid_request")
    assert refused(token(local, grant_type="password")) == (400, "invalid_grant_type")


def test_an_access_token_opens_what_was_allowed_until_it_ends(local: Local):
    local.switch("settings", expires_in=60)
    access = granted(local, account="Qw7rZb")["access_token"]
    assert asking(local, access).json()["data"][0]["id"] == "Qw7rZb"
    assert asking(local, access, "/api/profiles").status_code == 403
    local.clock.now += 60
    assert asking(local, access).status_code == 401


def test_refreshing_gives_new_tokens_and_uses_the_refresh_token_up(local: Local):
    first = granted(local)
    second = refreshed(local, first["refresh_token"]).json()
    assert second["access_token"] != first["access_token"]
    for access in (first["access_token"], second["access_token"]):
        assert asking(local, access).status_code == 200
    assert refused(refreshed(local, first["refresh_token"])) == (400, "invalid_grant")
    assert refreshed(local, second["refresh_token"]).status_code == 200


def test_a_refresh_token_ends_when_nobody_uses_it_for_90_days(local: Local):
    unused = granted(local)["refresh_token"]
    local.clock.now += UNUSED_HOLDS + 1
    assert refused(refreshed(local, unused)) == (400, "invalid_grant")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(local: Local, which: str):
    tokens, others = granted(local), granted(local)
    url = f"{local.base_url}/oauth/revoke"
    assert httpx.post(url, data={"token": tokens[which]}).status_code == 401
    assert httpx.post(url, data={"token": tokens[which]}, auth=APP).status_code == 200
    assert asking(local, tokens["access_token"]).status_code == 401
    assert refused(refreshed(local, tokens["refresh_token"])) == (400, "invalid_grant")
    assert asking(local, others["access_token"]).status_code == 200


def test_all_authorizations_can_be_ended_by_a_switch(local: Local):
    tokens = granted(local)
    assert local.delete("/sandbox/tokens").status_code == 200
    assert asking(local, tokens["access_token"]).status_code == 401
    assert refused(refreshed(local, tokens["refresh_token"])) == (400, "invalid_grant")


def test_a_token_that_never_was_issued_opens_the_demo_account(local: Local):
    assert asking(local, "anything").json()["data"][0]["id"] == "XK4p9T"


def test_the_log_counts_requests_without_their_secrets(local: Local):
    granted(local)
    assert local.calls()["POST", "/oauth/token", 200] == 1
    assert "code" not in local.get("/sandbox/requests").text
