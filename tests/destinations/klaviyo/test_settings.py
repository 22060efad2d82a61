from datetime import date

import pytest
from pydantic import ValidationError

from core.destinations import Credentials
from core.destinations.klaviyo import SCOPES, KlaviyoSettings, revision_end
from core.destinations.limits import Limits
from core.destinations.register import open_destination, settings_of
from core.errors import Invalid, Unknown


def test_the_defaults_are_the_real_klaviyo_and_the_pinned_revision():
    assert KlaviyoSettings().model_dump() == {
        "base_url": "https://a.klaviyo.com",
        "revision": "2026-10-15",
        "timeout": 60.0,
        "tries": 5,
    }


def test_the_scopes_are_the_least_and_each_says_what_it_is_for():
    assert list(SCOPES) == [
        "accounts:read",
        "lists:read",
        "lists:write",
        "profiles:read",
        "profiles:write",
    ]
    assert all(SCOPES.values())


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8765",
        "http://127.8.8.8",
        "http://localhost:1",
        "http://[::1]:8765",
        "https://klaviyo.example",
        "HTTPS://A.KLAVIYO.COM",
    ],
)
def test_https_anywhere_and_http_on_this_machine_are_addresses(url):
    assert KlaviyoSettings(base_url=url + "/").base_url == url


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://a.klaviyo.com", "unencrypted"),
        ("http://192.168.1.5:8765", "unencrypted"),
        ("http://127.0.0.1.evil.example", "unencrypted"),
        ("http://localhost@evil.example", "is not one like"),
        ("https://user:word@a.klaviyo.com", "is not one like"),
        ("https://a.klaviyo.com/api", "is not one like"),
        ("https://a.klaviyo.com?x=1", "is not one like"),
        ("https://a.klaviyo.com:0", "is not one like"),
        ("https://a.klaviyo.com:99999", "is not one like"),
        ("https://[::1", "is not one like"),
        ("ftp://127.0.0.1", "is not one like"),
        ("a.klaviyo.com", "is not one like"),
        ("", "is not one like"),
    ],
)
def test_other_addresses_are_refused_with_the_field_at_fault(url, problem):
    with pytest.raises(Invalid, match=problem) as caught:
        open_destination("klaviyo", {"base_url": url}, Credentials("pk_1"), Limits())
    assert caught.value.field == "base_url"
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    ("revision", "end"),
    [
        ("2026-07-15", date(2028, 7, 15)),
        ("2026-10-15", date(2028, 10, 15)),
        ("2024-02-29", date(2026, 2, 28)),
    ],
)
def test_a_revision_is_supported_for_two_years(revision, end):
    assert revision_end(revision) == end


@pytest.mark.parametrize("revision", ["", "latest", "2026-7-15", "20260715", "2026-02-30"])
def test_a_revision_that_is_no_date_is_refused(revision):
    with pytest.raises(Invalid, match="is not a date like 2026-10-15") as caught:
        settings_of("klaviyo", {"revision": revision})
    assert caught.value.field == "revision"


def test_an_unknown_setting_is_refused_by_name():
    with pytest.raises(Invalid, match="revison") as caught:
        settings_of("klaviyo", {"revison": "2026-07-15"})
    assert caught.value.field == "revison"


def test_another_revision_may_be_chosen():
    assert settings_of("klaviyo", {"revision": "2026-07-15"}).revision == "2026-07-15"


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        KlaviyoSettings().revision = "2026-10-15"


def test_an_unknown_type_of_destination_is_told_with_the_nearest():
    with pytest.raises(Unknown, match="Did you mean “klaviyo”"):
        open_destination("klavio", {}, Credentials("pk_1"), Limits())
