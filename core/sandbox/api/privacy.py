"""Data privacy: a person is deleted for good, a moment after it was asked for."""

from typing import cast

from core.sandbox.api.call import Call
from core.sandbox.jsonapi import Json, Reply, bad_request
from core.sandbox.state import deletions
from core.sandbox.validation import EMAIL, PHONE

IDENTIFIERS = ("email", "phone_number")
PROFILE = "/data/attributes/profile"
PATTERNS = {"email": EMAIL, "phone_number": PHONE}


def ask_deletion(call: Call) -> Reply:
    """POST /api/data-privacy-deletion-jobs: one identifier, 202 without a body, irreversible.

    Everybody with that email, phone number or id is deleted, also where there is nobody yet when
    it is asked for (official specification, request_profile_deletion, 2026-07-15).
    """
    field, value = _identifier(_profile(call.document))
    due = call.now + call.world.settings.delay
    with call.world.state.writing() as db:
        deletions.ask(db, call.account, field, value, due)
    call.world.importer.nudge()
    return Reply(202)


def _profile(document: Json) -> Json:
    try:
        profile = document["data"]["attributes"]["profile"]["data"]
    except (KeyError, TypeError):
        raise bad_request("A profile is required.", pointer=PROFILE) from None
    if document["data"].get("type") != "data-privacy-deletion-job":
        what = "The resource type must be 'data-privacy-deletion-job'."
        raise bad_request(what, pointer="/data/type")
    good = isinstance(profile, dict) and profile.get("type") == "profile"
    if not good or not isinstance(profile.get("attributes"), dict):
        what = "A profile needs the type 'profile' and attributes."
        raise bad_request(what, pointer=f"{PROFILE}/data")
    return cast(Json, profile)


def _identifier(profile: Json) -> tuple[str, str]:
    attributes = profile["attributes"]
    given = {name: attributes[name] for name in IDENTIFIERS if attributes.get(name)}
    given |= {"id": profile["id"]} if profile.get("id") else {}
    if len(given) != 1:
        what = "Exactly one identifier must be given: email, phone_number or id."
        raise bad_request(what, pointer=f"{PROFILE}/data")
    field, value = next(iter(given.items()))
    where = f"{PROFILE}/data/{'id' if field == 'id' else f'attributes/{field}'}"
    if not isinstance(value, str) or not (field == "id" or PATTERNS[field].fullmatch(value)):
        raise bad_request(f"Invalid {field.replace('_', ' ')}.", pointer=where)
    return field, value.lower() if field == "email" else value
