"""What listmonk and the servers before it refuse becomes a sentence that says what to do."""

import logging
import socket
import traceback
from urllib.parse import quote

import pytest

from core.destinations.listmonk import ListmonkSettings
from core.destinations.listmonk.settings import SCOPES
from core.errors import (
    DestinationFailed,
    Forbidden,
    Invalid,
    Missing,
    NotAccepted,
    Rejected,
    Unavailable,
)
from tests.destinations.listmonk.conftest import KEY
from tests.sandbox.listmonk.local import Local

READING = ("GET /api/lists", "GET /api/subscribers")


def test_the_account_is_the_server_by_its_root_url(local: Local, opened):
    destination = opened()
    account = destination.account()
    assert account.id == "https://news.baltic-outfitters.example"
    assert (account.name, account.test, account.time_zone) == (
        "news.baltic-outfitters.example",
        False,
        None,
    )
    assert destination.account() is account
    assert destination.requests == 1


def test_a_root_url_that_was_never_set_tells_nobody_apart(local: Local, opened):
    local.switch("settings", root_url="http://localhost:9000")
    assert opened().account().id == str(local.base_url).rstrip("/")


@pytest.mark.parametrize("version", ["v5.1.0", "v6.0.2", "v4.1.0"])
def test_an_older_version_is_refused_in_a_sentence(local: Local, opened, version: str):
    local.switch("settings", version=version)
    with pytest.raises(Rejected, match=f"is version {version}, but v6.1 or newer is needed"):
        opened().account()


@pytest.mark.parametrize("version", ["v6.1.0", "v6.2.0-rc1", "v7.0.0", "v10.0", "nightly"])
def test_newer_versions_are_taken(local: Local, opened, version: str):
    local.switch("settings", version=version)
    assert opened().account().id


def test_permissions_that_are_missing_are_told_before_a_run(local: Local, opened):
    assert opened().missing() == ()
    local.switch("users", users={KEY: ["lists:get_all", "subscribers:get_all"]})
    assert set(opened().missing()) == set(SCOPES) - {"lists:get_all", "subscribers:get_all"}


def test_a_list_role_stands_in_for_all_lists(local: Local, opened):
    held = [name for name in SCOPES if not name.startswith("lists:")]
    local.switch("users", users={KEY: held}, lists={"1": ["list:get", "list:manage"]})
    assert opened().missing() == ()


@pytest.mark.parametrize(
    ("ask", "scope"),
    [
        (lambda one: one.mailings("1"), "campaigns:get_all"),
        (lambda one: one.create_list("New", True), "lists:manage_all"),
        (lambda one: one.known(["a@example.com"]), "subscribers:get_all"),
        (lambda one: one.take_off("1", ["1"]), "subscribers:manage"),
        (lambda one: one.list_facts("1", count=True), "subscribers:get_all"),
    ],
)
def test_a_permission_that_is_missing_is_named(local: Local, opened, ask, scope: str):
    local.switch("users", users={KEY: ["lists:get_all"]})
    with pytest.raises(Forbidden, match=f"lacks a permission: {scope}") as caught:
        ask(opened())
    assert caught.value.scopes == (scope,)


def test_sql_and_lists_are_permissions_of_their_own(local: Local, opened):
    local.switch("users", users={KEY: ["subscribers:get_all"]})
    with pytest.raises(Forbidden) as caught:
        opened().ids_of(["a@example.com"])
    assert caught.value.scopes == ("subscribers:sql_query",)
    with pytest.raises(Forbidden) as caught:
        opened().list_facts("1")
    assert caught.value.scopes == ("lists:get_all",)


def test_the_former_user_is_asked_where_the_new_one_is_refused(local: Local, opened):
    local.switch("users", users={"former:secret": None})
    assert opened(former="former:secret").account()
    with pytest.raises(NotAccepted, match=r"doesn't accept the API user.* says: “invalid API"):
        opened().account()


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("", "missing"),
        ("t" * 48, "no colon"),
        ("segferry:a b", "space"),
        ("segferry:\n", "can't be"),
        ("ség:token", "can't be"),
        ("a b:token", "space"),
        (":token", "can't be"),
    ],
)
def test_what_can_be_no_api_user_is_told_without_being_quoted(opened, key: str, word: str):
    with pytest.raises(Invalid, match=word) as caught:
        opened(key)
    assert caught.value.field == "api_key"
    assert "token;" not in key or key not in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble_may_pass(local: Local, opened, status: int):
    local.switch("faults", kind="status", status=status, times=5)
    destination = opened()
    with pytest.raises(Unavailable, match=f"problem of its own .status {status}"):
        destination.ids_of(["a@example.com"])
    assert destination.requests == 5
    local.switch("faults", kind="status", status=status, times=4)
    assert destination.ids_of(["a@example.com"]) == {}


def test_a_server_in_between_that_asks_for_a_rest_is_given_one(local: Local, opened, clock):
    local.switch("faults", kind="status", status=429, retry_after=7)
    destination = opened()
    assert destination.account()
    assert (destination.throttled, sum(clock.slept)) == (1, pytest.approx(7, abs=0.3))
    local.switch("faults", kind="status", status=429, retry_after=900)
    with pytest.raises(Unavailable, match="too many requests") as caught:
        destination.missing()
    assert caught.value.retry_after == 900


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, "finds the request too large"),
        (414, "finds the request too large"),
        (404, "has no usable listmonk at /api/config .* v6.1 or newer"),
        (405, "has no usable listmonk at /api/config"),
        (400, "refused the request. listmonk says: “No.”"),
    ],
)
def test_what_sending_again_cant_mend_is_rejected(local: Local, opened, status: int, words: str):
    local.switch("faults", kind="status", status=status, detail="No.")
    with pytest.raises(Rejected, match=words):
        opened().account()


def test_another_program_at_the_address_is_told(script, address, opened):
    script.says(200, b"<html>Welcome</html>").says(302, location="https://elsewhere.example")
    script.says(403, b"<html>Forbidden</html>").says(200, {"data": {}})
    with pytest.raises(Unavailable, match="isn't listmonk's JSON"):
        opened(base_url=address).account()
    with pytest.raises(Rejected, match="redirects to another address"):
        opened(base_url=address).account()
    with pytest.raises(Rejected, match=r"has no usable listmonk at /api/config .*status 403"):
        opened(base_url=address).account()
    with pytest.raises(Rejected, match=r"listmonk.s answer is missing “data\.root_url”"):
        opened(base_url=address).account()


def test_nobody_listening_is_unavailable(opened):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="refuses connections"):
        opened(base_url=f"http://127.0.0.1:{port}").account()


def test_words_in_another_language_are_quoted_and_not_read(local: Local, opened):
    local.switch("faults", kind="status", status=400, detail="Liste nicht gefunden")
    with pytest.raises(Missing, match="no list “1”"):
        opened().list_facts("1")


@pytest.mark.parametrize("url", ["", "listmonk", "ftp://x.example", "http://listmonk.example.com"])
def test_the_address_is_needed_and_safe(url: str):
    with pytest.raises(ValueError, match=r"address|https"):
        ListmonkSettings(base_url=url)
    with pytest.raises(ValueError, match="base_url"):
        ListmonkSettings()


def test_the_token_never_shows(local: Local, opened, caplog):
    caplog.set_level(logging.DEBUG)
    local.switch("users", users={})
    destination = opened()
    shown = [repr(destination), repr(vars(destination._client))]
    for ask in (destination.account, lambda: list(destination.lists())):
        with pytest.raises(DestinationFailed) as caught:
            ask()
        shown.append("".join(traceback.format_exception(caught.value)))
    shown.append(caplog.text)
    token = KEY.partition(":")[2]
    assert not any(token in text or quote(token) in text for text in shown)
