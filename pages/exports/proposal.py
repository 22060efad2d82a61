"""Proposes a data matching from the names of a source's columns."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from core.profiles.matching.fields import Match, Place
from core.profiles.sources import Kind

PLACE = tuple(Place.model_fields)
PERSON = tuple(name for name in Match.model_fields if name not in ("location", "properties"))
# Frequent names of columns, besides the attribute's own; compared without case and signs.
OFTEN = {
    "email": ("mail", "emailaddress", "epasts", "primaryemail", "contactemail"),
    "phone_number": ("phone", "mobile", "mobilephone", "telephone", "tel", "talrunis", "telefon"),
    "external_id": ("customerid", "id", "customernumber", "userid", "contactid", "klientaid"),
    "first_name": ("firstname", "givenname", "forename", "vards", "vorname"),
    "last_name": ("lastname", "surname", "familyname", "uzvards", "nachname"),
    "organization": ("organisation", "company", "employer"),
    "locale": ("language", "lang"),
    "address1": ("address", "street", "adrese"),
    "city": ("town", "pilseta", "ort", "stadt"),
    "zip": ("postcode", "postalcode", "zipcode", "plz"),
    "country": ("countrycode", "valsts", "land"),
    "timezone": ("tz",),
    "latitude": ("lat",),
    "longitude": ("lon", "lng"),
}


def propose(schema: Mapping[str, Kind]) -> dict[str, Any]:
    """A matching guessed from the columns' names, in the shape of the configuration file."""
    bare = {_bare(column): column for column in reversed(list(schema))}
    person = {a: c for a in PERSON if (c := _guess(a, bare))}
    return person | {"location": {a: c for a in PLACE if (c := _guess(a, bare))}}


def _guess(attribute: str, bare: Mapping[str, str]) -> str | None:
    """The column with the attribute's name or one that is often used for it."""
    for name in (attribute, *OFTEN.get(attribute, ())):
        if column := bare.get(_bare(name)):
            return column
    return None


def _bare(name: str) -> str:
    """The name without case, signs and accents."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if c.isalnum())
