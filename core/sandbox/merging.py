"""How a profile takes in new attributes: an upsert that never empties a field unless asked to."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.sandbox.jsonapi import Json, Problem, Refused
from core.sandbox.state.profiles import Profile, number_of
from core.sandbox.validation import PHONE, TEXTS

NESTED = ("location", "properties")


class Known:
    """The profiles that an import may touch, found by any of their identifiers."""

    def __init__(self, account: str, profiles: Iterable[Profile], last_number: int) -> None:
        self._account = account
        self._last = last_number
        self._emails: dict[str, Profile] = {}
        self._phones: dict[str, Profile] = {}
        self._external: dict[str, Profile] = {}
        self._numbers: dict[int, Profile] = {}
        for profile in profiles:
            self._remember(profile)

    def upsert(self, resource: Json, now: float, *, clearing: bool = False) -> Profile:
        """The profile that the resource is about, changed or new; Refused (409) if it is two.

        Empty values are ignored; with `clearing` a null empties its field.
        """
        attributes = resource["attributes"]
        email = (attributes.get("email") or "").lower() or None
        external = attributes.get("external_id") or None
        phone = attributes.get("phone_number")
        phone = phone if phone and PHONE.fullmatch(phone) else None
        profile = self._find(number_of(resource.get("id")), email, external, phone)
        self._forget(profile)
        profile.email, profile.external_id = email or profile.email, external or profile.external_id
        profile.phone, profile.updated = phone or profile.phone, now
        profile.created = profile.created or now
        _merge(profile.body, attributes, clearing)
        if clearing:
            _clear_identifiers(profile, attributes)
        _unset(profile.body, resource)
        self._remember(profile)
        return profile

    def _find(
        self, n: int | None, email: str | None, external: str | None, phone: str | None
    ) -> Profile:
        by_phone = self._phones.get(phone or "")
        found = [
            profile
            for profile in (
                self._numbers.get(n or 0),
                self._emails.get(email or ""),
                self._external.get(external or ""),
            )
            if profile is not None
        ] or ([by_phone] if by_phone and not email else [])
        if len({profile.n for profile in found}) > 1:
            raise duplicate(found[-1])
        return found[0] if found else self._new()

    def _new(self) -> Profile:
        self._last += 1
        return Profile(self._last, self._account, None, None, None, 0.0, 0.0, {})

    def _forget(self, profile: Profile) -> None:
        self._emails.pop(profile.email or "", None)
        self._phones.pop(profile.phone or "", None)
        self._external.pop(profile.external_id or "", None)

    def _remember(self, profile: Profile) -> None:
        self._numbers[profile.n] = profile
        if profile.email:
            self._emails[profile.email] = profile
        if profile.phone:
            self._phones[profile.phone] = profile
        if profile.external_id:
            self._external[profile.external_id] = profile


def duplicate(other: Profile) -> Refused:
    """The 409 that names the profile which has the identifier already."""
    detail = "A profile already exists with one of these identifiers."
    meta = {"duplicate_profile_id": other.id}
    return Refused(409, [Problem("duplicate_profile", "Conflict.", detail, meta=meta)])


def _merge(body: Json, attributes: Mapping[str, Any], clearing: bool) -> None:
    _take(body, {name: value for name, value in attributes.items() if name in TEXTS}, clearing)
    for name in NESTED:
        if value := attributes.get(name):
            _take(body.setdefault(name, {}), value, clearing)


def _take(target: Json, values: Mapping[str, Any], clearing: bool) -> None:
    target.update({k: value for k, value in values.items() if value is not None and value != ""})
    if clearing:
        for name, value in values.items():
            if value is None:
                target.pop(name, None)


def _clear_identifiers(profile: Profile, attributes: Mapping[str, Any]) -> None:
    for name, field in (("email", "email"), ("phone_number", "phone"), ("external_id",) * 2):
        if name in attributes and attributes[name] is None:
            setattr(profile, field, None)


def _unset(body: Json, resource: Json) -> None:
    if not resource.get("meta"):
        return
    unset = resource["meta"]["patch_properties"]["unset"]
    for name in [unset] if isinstance(unset, str) else unset:
        body.get("properties", {}).pop(name, None)
