import logging
import re
import traceback
from pathlib import Path

import httpx
import pytest

from core.destinations.klaviyo import SCOPES, KlaviyoSettings
from core.destinations.klaviyo.auth import PrivateKey
from core.destinations.klaviyo.endpoints import ENDPOINTS
from core.destinations.klaviyo.settings import OPTIONAL_SCOPES
from core.errors import DestinationFailed, Invalid

ROOT = Path(__file__).parents[3]


def test_each_request_carries_the_key_and_the_headers_of_klaviyo(klaviyo, script, key):
    script.says(200, {"data": []})
    list(klaviyo.lists())
    headers = script.asked[0].headers
    assert headers["authorization"] == f"Klaviyo-API-Key {key}"
    assert headers["revision"] == "2026-10-15"
    assert headers["accept"] == headers["content-type"] == "application/vnd.api+json"
    assert headers["user-agent"].startswith("segferry/")


def test_white_space_around_a_pasted_key_is_dropped(key):
    request = httpx.Request("GET", "https://a.klaviyo.com")
    next(PrivateKey(f"\n {key}\t").auth_flow(request))
    assert request.headers["Authorization"] == f"Klaviyo-API-Key {key}"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "The private API key is empty"),
        (" \n", "The private API key is empty"),
        ("pk_a b", "has a space in it"),
        ("pk_a\u00a0b", "has a space in it"),
        ("pk_a\nb", "has a line break in it"),
        ("pk_1\r\npk_2", "has a line break in it"),
        ("pk_ā", "a character in it that no key has"),
        ("pk_\x7f", "a character in it that no key has"),
        ("\u200bpk_0123", "More than the key was pasted"),
        ("Klaviyo-API-Key pk_0123", "Paste only the part that begins with pk_"),
        ("Authorization: Klaviyo-API-Key pk_0123", "Paste only the part that begins with pk_"),
        ("KLAVIYO_API_KEY=pk_0123", "Paste only the part that begins with pk_"),
        ('"pk_0123"', "Paste only the part that begins with pk_"),
        ("XK4p9T", r"Klaviyo's public key \(the site ID\)"),
        ("sk_live_51H0123", "a key of Stripe, not of Klaviyo"),
        ("pk_live_51H0123456789abcdefghijkl", "a key of Stripe"),
        ("rk_test_0123", "a key of Stripe"),
        ("SG.aBc.dEf", "a key of SendGrid"),
        ("xkeysib-0123", "a key of Brevo"),
        ("key-" + "0a" * 16, "a key of Mailgun"),
        ("0a" * 16 + "-us6", "a key of Mailchimp"),
        ("shpat_0123", "a key of Shopify"),
        ("Bearer abc", "This is a token"),
        ("Authorization: Bearer abc", "This is a token"),
        ("eyJhbGciOi.eyJzdWIi.sig-1", "This is a token"),
    ],
)
def test_what_is_no_private_key_is_told_as_what_it_is_and_never_quoted(key, sentence):
    with pytest.raises(Invalid, match=sentence) as caught:
        PrivateKey(key)
    assert caught.value.field == "api_key"
    assert not key.strip() or key.strip() not in str(caught.value)


@pytest.mark.parametrize("key", ["not_a_key", "revoked", "pk_test_1", "pk_AbCdEf_0123", "key-1"])
def test_whatever_else_might_be_a_key_is_left_to_klaviyo(key):
    assert PrivateKey(key).fingerprint


def test_the_key_is_not_in_what_holds_it(key):
    assert repr(PrivateKey(key)) == str(PrivateKey(key)) == "<PrivateKey>"


def test_the_fingerprint_tells_keys_apart():
    prints = {PrivateKey(key).fingerprint for key in ("pk_1", "pk_2", " pk_1 ")}
    assert len(prints) == 2
    assert not any("pk_1" in print for print in prints)


def test_the_key_never_shows_in_reprs_errors_or_logs(open_at, address, script, caplog, key):
    caplog.set_level(logging.DEBUG)
    script.refuses(401, f"The key {key} is wrong.").refuses(403, "No.").says(200, b"<html>")
    script.says(-1)
    klaviyo = open_at(address)
    told = [
        repr(klaviyo),
        repr(vars(klaviyo)),
        repr(vars(klaviyo._client)),
        repr(vars(klaviyo._client.exchange._http)),
        str(KlaviyoSettings()),
    ]
    for _ in range(3):
        with pytest.raises(DestinationFailed) as caught:
            klaviyo.list_facts("Y6nRLr")
        told += ["".join(traceback.format_exception(caught.value)), repr(caught.value)]
    told += [caplog.text]
    assert "Klaviyo says: “The key pk_… is wrong.”" in told[5]
    assert "httpcore" in caplog.text
    assert not any(key in text or key[3:] in text for text in told)


def test_the_table_of_endpoints_holds_nothing_that_touches_consent():
    erase = ENDPOINTS["erase"]
    assert (erase.method, erase.path) == ("POST", "/api/data-privacy-deletion-jobs")
    assert erase.scopes == ("data-privacy:write",)
    for endpoint in ENDPOINTS.values():
        if endpoint is erase:
            continue
        for word in ("subscri", "suppress", "consent", "privacy", "client"):
            assert word not in endpoint.path
        assert set(endpoint.scopes) <= {*SCOPES, *OPTIONAL_SCOPES}
    writing = {e.name for e in ENDPOINTS.values() if e.method != "GET"}
    assert writing == {"import", "create_list", "take_off", "clear", "erase"}


def test_nobody_is_deleted_but_by_who_erases_people():
    calls = [
        path.relative_to(ROOT).as_posix()
        for folder in ("core", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"\.erase\(", path.read_text())
    ]
    assert calls == ["core/destinations/klaviyo/__init__.py", "core/person/erasing.py"]


def test_nothing_outside_the_table_is_reachable_by_query_for(klaviyo, script):
    with pytest.raises(KeyError):
        klaviyo._client.get("profile-subscription-bulk-create-jobs", object)
    assert script.asked == []
