"""People at Klaviyo: asked about in portions, only with what is needed; lists; what it refuses."""

import json

import pytest

from core.destinations import Known
from core.destinations.dependents import Mailing
from core.destinations.klaviyo.asking import filter_of, portions
from core.errors import AnswerLost, Forbidden, Missing, Rejected, Unavailable

LIST = {"data": {"id": "L1", "attributes": {"name": "Līgo", "opt_in_process": "double_opt_in"}}}


def profile(email: str | None, id: str = "P1", marketing: object = None) -> dict:
    told = {"email": {"marketing": marketing}} if marketing else None
    return {"id": id, "type": "profile", "attributes": {"email": email, "subscriptions": told}}


def page(*profiles: dict, following: str | None = None) -> dict:
    return {"data": list(profiles), "links": {"next": following}}


def test_emails_are_asked_for_a_hundred_at_a_time_each_once_and_in_lower_case():
    emails = [f"P{n}@Example.com" for n in range(250)] + ["p0@example.com", ""]
    cut = list(portions(emails))
    assert [len(portion) for portion in cut] == [100, 100, 50]
    assert cut[0][0] == "p0@example.com"
    assert list(portions([])) == []


def test_long_emails_are_cut_so_that_the_address_stays_short_enough():
    emails = [f"{n:03}{'x' * 61}@{'y' * 180}.com" for n in range(100)]
    cut = list(portions(emails))
    assert [email for portion in cut for email in portion] == emails
    assert len(cut) > 2


def test_a_filter_of_long_emails_fits_into_eight_kilobytes(klaviyo, script):
    for _ in range(10):
        script.says(200, page())
    klaviyo.known(f"{n:03}{'+' * 61}@{'y' * 180}.com" for n in range(100))
    assert script.asked
    assert all(len(json.dumps(asked.query)) < 8_000 for asked in script.asked)


@pytest.mark.parametrize(
    ("email", "quoted"),
    [
        ("o'neil@example.com", """any(email,["o'neil@example.com"])"""),
        ('a"b@example.com', r"""any(email,["a\"b@example.com"])"""),
        ("a\\b@example.com", r"""any(email,["a\\b@example.com"])"""),
    ],
)
def test_quotes_and_backslashes_stay_inside_the_filter(email, quoted):
    assert filter_of([email]) == quoted


def test_only_ids_and_emails_are_transferred_where_ids_are_wanted(klaviyo, script, address):
    following = f"{address}/api/profiles?page%5Bcursor%5D=b"
    script.says(200, page(profile("a+1@example.com"), following=following))
    script.says(200, page(profile("B@example.com", "P2")))
    found = klaviyo.ids_of(["a+1@example.com", "b@example.com"])
    assert found == {"a+1@example.com": "P1", "b@example.com": "P2"}
    assert (script.asked[0].method, script.asked[0].path) == ("GET", "/api/profiles")
    assert script.asked[0].query == {
        "filter": 'any(email,["a+1@example.com","b@example.com"])',
        "page[size]": "100",
        "fields[profile]": "email",
    }
    assert script.asked[1].query == {"page[cursor]": "b"}


def test_whoever_was_not_asked_for_is_no_answer(klaviyo, script):
    script.says(200, page(profile("other@example.com"), profile(None, "P2")))
    assert klaviyo.ids_of(["a@example.com"]) == {}


def test_consent_is_asked_for_and_nothing_else(klaviyo, script):
    marketing = {
        "can_receive_email_marketing": False,
        "consent": "SUBSCRIBED",
        "suppression": [{"reason": "HARD_BOUNCE", "timestamp": "2026-01-01T00:00:00Z"}],
    }
    script.says(200, page(profile("a@example.com", "P1", marketing)))
    known = klaviyo.known(["a@example.com"])
    assert known == {"a@example.com": Known("P1", False, "SUBSCRIBED", ("HARD_BOUNCE",))}
    query = script.asked[0].query
    assert query["additional-fields[profile]"] == "subscriptions"
    assert query["fields[profile]"].split(",") == [
        "email",
        "subscriptions.email.marketing.can_receive_email_marketing",
        "subscriptions.email.marketing.consent",
        "subscriptions.email.marketing.suppression",
    ]


@pytest.mark.parametrize("suppression", [None, []])
def test_who_is_not_suppressed_has_no_reasons(klaviyo, script, suppression):
    marketing = {"can_receive_email_marketing": True, "consent": "NEVER_SUBSCRIBED"}
    script.says(200, page(profile("a@example.com", "P", marketing | {"suppression": suppression})))
    assert klaviyo.known(["a@example.com"])["a@example.com"].suppressions == ()


def test_a_profile_without_subscriptions_can_not_receive_email(klaviyo, script):
    script.says(200, page(profile("a@example.com")))
    assert klaviyo.known(["a@example.com"])["a@example.com"].can_receive is False


def test_a_thousand_are_taken_off_in_one_request_each_once(klaviyo, script):
    script.says(204, b"").says(204, b"")
    klaviyo.take_off("L1", [f"P{n}" for n in range(1_500)] + ["P0"])
    assert [(asked.method, asked.path) for asked in script.asked] == [
        ("DELETE", "/api/lists/L1/relationships/profiles")
    ] * 2
    sizes = [len(json.loads(asked.body)["data"]) for asked in script.asked]
    assert sizes == [1_000, 500]


def test_taking_off_is_tried_again_while_klaviyo_is_unwell(klaviyo, script):
    script.refuses(503).says(204, b"")
    klaviyo.take_off("L1", ["P1"])
    assert klaviyo.requests == 2


def test_a_list_is_not_made_again_after_a_lost_answer(klaviyo, script):
    script.refuses(503)
    with pytest.raises(AnswerLost, match="may have created the list “Līgo”"):
        klaviyo.create_list("Līgo", True)
    assert klaviyo.requests == 1


def test_a_list_is_made_with_its_name_and_its_opt_in_process(klaviyo, script):
    script.says(201, LIST).says(201, LIST)
    klaviyo.create_list("Līgo", True)
    klaviyo.create_list("Līgo", False)
    sent = [json.loads(asked.body)["data"] for asked in script.asked]
    assert [one["attributes"] for one in sent] == [
        {"name": "Līgo", "opt_in_process": "double_opt_in"},
        {"name": "Līgo", "opt_in_process": "single_opt_in"},
    ]


def test_the_limit_of_lists_a_day_is_told_as_such(klaviyo, script):
    script.refuses(429, retry_after="40000")
    with pytest.raises(Unavailable, match="150 new lists a day") as caught:
        klaviyo.create_list("Līgo", True)
    assert caught.value.retry_after == 40_000


def test_only_flows_that_are_live_count(klaviyo, script):
    states = [("live", False), ("draft", False), ("manual", False), ("live", True), ("live", None)]
    flows = [
        {"id": f"F{n}", "attributes": {"name": None, "status": status, "archived": archived}}
        for n, (status, archived) in enumerate(states)
    ]
    script.says(200, {"data": flows})
    assert klaviyo.mailings("L1") == [Mailing("F0", "F0"), Mailing("F4", "F4")]
    assert script.asked[0].path == "/api/lists/L1/flow-triggers"


def test_a_key_without_the_scope_of_flows_is_told_to_get_that_one_too(klaviyo, script):
    script.refuses(403, "Missing scopes: flows:read.")
    with pytest.raises(Forbidden, match=r"profiles:write, flows:read, and enter") as caught:
        klaviyo.mailings("L1")
    assert caught.value.scopes == ("flows:read",)


@pytest.mark.parametrize("ask", ["mailings", "members_among", "take_off"])
def test_a_list_that_is_gone_is_named(klaviyo, script, ask):
    script.refuses(404)
    more = () if ask == "mailings" else (["x"],)
    with pytest.raises(Missing, match="There is no list “L1”"):
        getattr(klaviyo, ask)("L1", *more)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "refused this profile in this Klaviyo account. Klaviyo says: “No.”"),
        (409, "conflicts with what is already in this Klaviyo account"),
        (413, "finds the profile of .. bytes too large; it takes 100 KB"),
    ],
)
def test_what_klaviyo_refuses_of_one_profile_is_a_sentence(klaviyo, script, status, sentence):
    script.refuses(status, pointer="/data/attributes/email")
    with pytest.raises(Rejected, match=sentence):
        klaviyo.clear("P1", ["title"])
    assert klaviyo.requests == 1


def test_fields_are_emptied_in_one_request_by_null_and_unset(klaviyo, script):
    script.says(200, {"data": profile("a@example.com")})
    klaviyo.clear("P1", ["title", "location.city", "location.zip", "properties.size"])
    assert (script.asked[0].method, script.asked[0].path) == ("PATCH", "/api/profiles/P1")
    assert json.loads(script.asked[0].body) == {
        "data": {
            "type": "profile",
            "id": "P1",
            "attributes": {"title": None, "location": {"city": None, "zip": None}},
            "meta": {"patch_properties": {"unset": ["size"]}},
        }
    }


def test_emptying_nothing_asks_nothing(klaviyo):
    klaviyo.clear("P1", [])
    assert klaviyo.requests == 0


def test_people_are_asked_about_within_the_limits_of_that_endpoint(klaviyo, script, clock):
    for _ in range(160):
        script.says(200, page())
    klaviyo.ids_of(f"p{n}@example.com" for n in range(16_000))
    moments = [asked.at for asked in script.asked]
    assert len(moments) == 160
    assert all(later - earlier >= 1 for earlier, later in zip(moments, moments[75:], strict=False))
    assert moments[-1] - moments[0] < 2.2
