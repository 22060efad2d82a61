"""The contract: what Klaviyo's own client does against Klaviyo, it does against the sandbox."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import ApiException, BadRequestException, UnauthorizedException

from core import sandbox

NEWSLETTER = "Y6nRLr"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("sandbox")
    with sandbox.running(folder, delay=0, limits=False) as address:
        yield address


@pytest.fixture
def klaviyo(url: str) -> KlaviyoAPI:
    return KlaviyoAPI("pk_official", max_retries=1, test_host=url)


def import_of(emails: list[str], list_id: str = NEWSLETTER) -> dict[str, Any]:
    profiles = [
        {"type": "profile", "attributes": {"email": email, "properties": {"place": place}}}
        for place, email in enumerate(emails)
    ]
    return {
        "data": {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
            "relationships": {"lists": {"data": [{"type": "list", "id": list_id}]}},
        }
    }


def pages(method: Any, *arguments: str, **options: Any) -> Iterator[Any]:
    """Every entry of every page; the client itself takes a cursor out of https links only."""
    page = method(*arguments, **options)
    yield from page.data
    while page.links.next:
        cursor = dict(parse_qsl(urlsplit(page.links.next).query))["page[cursor]"]
        page = method(*arguments, page_cursor=cursor, **options)
        yield from page.data


def test_it_reads_the_account(klaviyo: KlaviyoAPI):
    (account,) = klaviyo.Accounts.get_accounts().data
    assert account.attributes.test_account
    assert account.attributes.contact_information.organization_name == "Baltic Outfitters"


def test_it_lists_all_pages_of_lists(klaviyo: KlaviyoAPI):
    found = list(pages(klaviyo.Lists.get_lists, page_size=5))
    assert len(found) >= 12
    assert len({entry.id for entry in found}) == len(found)
    assert NEWSLETTER in {entry.id for entry in found}


def test_it_creates_a_list_and_finds_it_by_name(klaviyo: KlaviyoAPI):
    attributes = {"name": "From the official client", "opt_in_process": "single_opt_in"}
    made = klaviyo.Lists.create_list({"data": {"type": "list", "attributes": attributes}}).data
    (found,) = klaviyo.Lists.get_lists(filter='equals(name,"From the official client")').data
    assert found.id == made.id


def test_it_reads_a_list_with_its_count_and_flows(klaviyo: KlaviyoAPI):
    found = klaviyo.Lists.get_list(
        "VpX3qT", additional_fields_list=["profile_count"], include=["flow-triggers"]
    )
    assert found.data.attributes.profile_count == 0
    (flow,) = klaviyo.Lists.get_flows_triggered_by_list("VpX3qT").data
    assert (flow.attributes.status, flow.attributes.trigger_type) == ("live", "Added to List")


def test_it_imports_polls_pages_errors_reads_and_removes_members(klaviyo: KlaviyoAPI):
    emails = [f"refused{n}@example.com" for n in range(45)] + ["anna@example.com", "b@example.com"]
    job = klaviyo.Profiles.bulk_import_profiles(import_of(emails)).data
    done = klaviyo.Profiles.get_bulk_import_profiles_job(job.id, include=["lists"])
    counts = done.data.attributes
    assert (counts.status, counts.total_count) == ("complete", 47)
    assert (counts.completed_count, counts.failed_count) == (2, 45)
    assert [entry.id for entry in done.included] == [NEWSLETTER]

    errors = list(pages(klaviyo.Profiles.get_errors_for_bulk_import_profiles_job, job.id))
    refused = [error.attributes.original_payload["attributes"]["email"] for error in errors]
    assert refused == emails[:45]
    assert errors[44].attributes.source.pointer == "/data/attributes/profiles/data/44"

    members = list(pages(klaviyo.Lists.get_profiles_for_list, NEWSLETTER, page_size=1))
    assert [member.attributes.email for member in members] == emails[45:]
    assert members[0].attributes.joined_group_at is not None

    ids = {"data": [{"type": "profile", "id": member.id} for member in members]}
    klaviyo.Lists.remove_profiles_from_list(NEWSLETTER, ids)
    assert klaviyo.Lists.get_profiles_for_list(NEWSLETTER).data == []


def test_it_finds_its_job_among_the_newest(klaviyo: KlaviyoAPI):
    job = klaviyo.Profiles.bulk_import_profiles(import_of(["c@example.com"], "Te5tQa")).data
    newest = klaviyo.Profiles.get_bulk_import_profiles_jobs(sort="-created_at", page_size=1).data
    assert newest[0].id == job.id
    assert newest[0].relationships.lists.data[0].id == "Te5tQa"


def test_it_reads_profiles_with_their_consent(klaviyo: KlaviyoAPI):
    found = klaviyo.Profiles.get_profiles(
        filter='any(email,["visitor1@store.baltic-outfitters.example"])',
        additional_fields_profile=["subscriptions"],
    ).data
    marketing = found[0].attributes.subscriptions.email.marketing
    assert (marketing.consent, marketing.can_receive_email_marketing) == ("SUBSCRIBED", True)


def test_it_upserts_and_changes_one_profile(klaviyo: KlaviyoAPI):
    attributes = {"email": "one@example.com", "first_name": "One", "properties": {"code": "01234"}}
    made = klaviyo.Profiles.create_or_update_profile(
        {"data": {"type": "profile", "attributes": attributes}}
    ).data
    change = {"type": "profile", "id": made.id, "attributes": {"last_name": "Two"}}
    changed = klaviyo.Profiles.update_profile(made.id, {"data": change}).data
    assert (changed.attributes.first_name, changed.attributes.last_name) == ("One", "Two")
    assert changed.attributes.properties == {"code": "01234"}


def test_it_creates_a_profile_once_and_puts_it_on_a_list(klaviyo: KlaviyoAPI):
    body = {"data": {"type": "profile", "attributes": {"email": "Once@Example.com"}}}
    made = klaviyo.Profiles.create_profile(body).data
    with pytest.raises(ApiException) as again:
        klaviyo.Profiles.create_profile(body)
    assert again.value.status == 409
    (error,) = json.loads(again.value.body)["errors"]
    assert error["meta"]["duplicate_profile_id"] == made.id

    klaviyo.Lists.add_profiles_to_list("Pr3sVw", {"data": [{"type": "profile", "id": made.id}]})
    (member,) = klaviyo.Lists.get_profiles_for_list("Pr3sVw").data
    assert (member.id, member.attributes.email) == (made.id, "once@example.com")


def test_it_asks_for_the_deletion_of_a_person(klaviyo: KlaviyoAPI):
    klaviyo.Profiles.bulk_import_profiles(import_of(["gone@example.com"]))
    profile = {"type": "profile", "attributes": {"email": "gone@example.com"}}
    data = {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": profile}}}
    assert klaviyo.Profiles.get_profiles(filter='equals(email,"gone@example.com")').data
    klaviyo.Data_Privacy.request_profile_deletion({"data": data})
    assert not klaviyo.Profiles.get_profiles(filter='equals(email,"gone@example.com")').data


def test_it_reads_what_hangs_on_a_list(klaviyo: KlaviyoAPI):
    messages = klaviyo.Campaigns.get_campaign_messages(
        filter='equals(status,"scheduled")', include=["campaign"]
    )
    sale = next(m for m in messages.data if m.attributes.definition.name == "Winter sale")
    assert sale.attributes.definition.send_options.send_time.hour == 8
    id = sale.relationships.campaign.data.id
    (campaign,) = klaviyo.Campaigns.get_campaigns(filter=f'any(id,["{id}"])').data
    assert campaign.attributes.definition.name == "Winter sale"
    segments = klaviyo.Segments.get_segments(include=["flow-triggers"])
    assert [s.attributes.name for s in segments.data] == ["Engaged readers", "VIPs of Riga"]
    (flow,) = klaviyo.Segments.get_flows_triggered_by_segment("SgVipR").data
    assert flow.attributes.name == "Invitation to the Riga store"


def test_it_reads_the_usage_of_the_plan(klaviyo: KlaviyoAPI):
    usage = klaviyo.Billing.list_billing_usage().data
    assert {row.attributes.unit for row in usage} == {"profiles", "messages", "credits"}
    assert klaviyo.Billing.get_billing_usage("active_profiles").data.attributes.usage_used > 0


def test_it_understands_a_refusal_that_names_its_rows(klaviyo: KlaviyoAPI):
    with pytest.raises(BadRequestException) as refused:
        klaviyo.Profiles.bulk_import_profiles(import_of(["good@example.com", "bad@", "a b@c.de"]))
    assert "/data/attributes/profiles/data/1/attributes/email" in refused.value.body
    assert "/data/attributes/profiles/data/2/attributes/email" in refused.value.body


def test_it_is_refused_without_a_good_key(url: str):
    with pytest.raises(UnauthorizedException):
        KlaviyoAPI("not a key", max_retries=1, test_host=url).Lists.get_lists()


def test_subscribing_is_not_offered(klaviyo: KlaviyoAPI):
    with pytest.raises(ApiException) as refused:
        klaviyo.Profiles.get_bulk_suppress_profiles_jobs()
    assert refused.value.status == 404
