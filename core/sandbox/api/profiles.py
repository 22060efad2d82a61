"""Profiles: read with a filter, imported one at a time, and changed."""

from typing import Any

from core.sandbox.api.call import Call
from core.sandbox.importer import touched_by
from core.sandbox.jsonapi import Json, Reply, bad_request, moment, not_found, one, relation
from core.sandbox.merging import Known, duplicate
from core.sandbox.paging import choice_of, collection, filter_of, page_of, sparse
from core.sandbox.state import profiles
from core.sandbox.state.profiles import Profile
from core.sandbox.validation import LOCATION, TEXTS, checked_profile

EXTRA = ("subscriptions", "predictive_analytics")


def get_profiles(call: Call) -> Reply:
    """GET /api/profiles."""
    page = page_of(call.query, default=20, most=100)
    wanted = filter_of(call.query, ("id", "email", "phone_number", "external_id"))
    subscriptions = subscriptions_wanted(call)
    sort = call.query.get("sort", "created")
    if sort.removeprefix("-") not in profiles.SORTS:
        raise bad_request(f"'{sort}' is not a valid sort.", parameter="sort")
    with call.world.state.reading() as db:
        found, key = profiles.some(db, call.account, wanted, sort, page)
    data = [
        sparse(profile_resource(p, call.base, subscriptions=subscriptions), call.query)
        for p in found
    ]
    return Reply(200, collection(call.url, call.query, data, key))


def get_profile(call: Call) -> Reply:
    """GET /api/profiles/{id}."""
    return _shown(call, _profile_of(call), 200)


def create_profile(call: Call) -> Reply:
    """POST /api/profiles: Refused (409) if an identifier is somebody's already."""
    data = checked_profile(call.document)
    with call.world.state.writing() as db:
        if known := touched_by(db, call.account, [data]):
            raise duplicate(known[0])
        profile = Known(call.account, (), profiles.last_number(db)).upsert(data, call.now)
        profiles.write(db, [profile])
    return _shown(call, profile, 201)


def import_profile(call: Call) -> Reply:
    """POST /api/profile-import: 201 for a new profile, 200 for one that was there."""
    return _upserted(call, checked_profile(call.document))


def update_profile(call: Call) -> Reply:
    """PATCH /api/profiles/{id}: null clears a field."""
    found = _profile_of(call)
    data = checked_profile(call.document)
    if data.get("id") != found.id:
        raise bad_request("The id must be the one in the address.", pointer="/data/id")
    return _upserted(call, data)


def subscriptions_wanted(call: Call) -> bool:
    """Whether the subscriptions are asked for."""
    return "subscriptions" in choice_of(call.query, "additional-fields[profile]", EXTRA)


def profile_resource(profile: Profile, base: str, *, subscriptions: bool = False) -> Json:
    """A profile as the API shows it."""
    self = f"{base}/profiles/{profile.id}"
    names = ("lists", "segments", "push-tokens", "conversation")
    attributes: Json = {
        "email": profile.email,
        "phone_number": profile.phone,
        "external_id": profile.external_id,
        **{name: profile.body.get(name) for name in TEXTS},
        "created": moment(profile.created),
        "updated": moment(profile.updated),
        "last_event_date": None,
        "location": dict.fromkeys(LOCATION) | profile.body.get("location", {}),
        "properties": profile.body.get("properties", {}),
    }
    if subscriptions:
        attributes["subscriptions"] = subscriptions_of(profile)
    return {
        "type": "profile",
        "id": profile.id,
        "attributes": attributes,
        "relationships": {name: relation(self, name) for name in names},
        "links": {"self": f"{self}/"},
    }


def subscriptions_of(profile: Profile) -> Json:
    """Consent per channel; a profile that was never asked is NEVER_SUBSCRIBED."""
    consent: dict[str, Any] = profile.consent or {}
    at, reason = moment(consent.get("at")), consent.get("suppression")
    email = {
        "can_receive_email_marketing": profile.email is not None and reason is None,
        "consent": consent.get("consent", "NEVER_SUBSCRIBED"),
        "consent_timestamp": at,
        "last_updated": at,
        "method": None,
        "method_detail": None,
        "custom_method_detail": None,
        "double_optin": None,
        "suppression": [{"reason": reason, "timestamp": at}] if reason else [],
        "list_suppressions": [],
    }
    sms = {
        "can_receive_sms_marketing": False,
        "consent": "NEVER_SUBSCRIBED",
        "consent_timestamp": None,
        "method": None,
        "method_detail": None,
        "last_updated": None,
    }
    return {
        "email": {"marketing": email},
        "sms": {"marketing": sms},
        "mobile_push": None,
        "whatsapp": None,
    }


def _profile_of(call: Call) -> Profile:
    with call.world.state.reading() as db:
        found = profiles.get(db, call.account, profiles.number_of(call.path["id"]))
    if found is None:
        raise not_found(f"A profile with id {call.path['id']} does not exist.")
    return found


def _upserted(call: Call, data: Json) -> Reply:
    with call.world.state.writing() as db:
        known = touched_by(db, call.account, [data])
        upserting = Known(call.account, known, profiles.last_number(db))
        profile = upserting.upsert(data, call.now, clearing=True)
        profiles.write(db, [profile])
    new = all(profile.n != other.n for other in known)
    return _shown(call, profile, 201 if new else 200)


def _shown(call: Call, profile: Profile, status: int) -> Reply:
    resource = profile_resource(profile, call.base, subscriptions=subscriptions_wanted(call))
    return Reply(status, one(sparse(resource, call.query)))
