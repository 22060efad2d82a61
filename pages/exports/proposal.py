"""Proposes a data matching from the names of a source's columns."""

import unicodedata
from collections.abc import Collection, Mapping

from core.profiles.matching.fields import FIELDS
from core.profiles.sources import Kind

# Frequent names of columns, besides the field's own; compared without case and signs.
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


def propose(schema: Mapping[str, Kind], fields: Collection[str]) -> dict[str, str]:
    """Columns for these fields, guessed from the columns' names: {"location.city": "Town"}."""
    bare = {_bare(column): column for column in reversed(list(schema))}
    return {name: c for name in FIELDS if name in fields and (c := _guess(name, bare))}


def _guess(field: str, bare: Mapping[str, str]) -> str | None:
    """The column with the field's name or one that is often used for it."""
    own = field.rpartition(".")[2]
    for name in (own, *OFTEN.get(own, ())):
        if column := bare.get(_bare(name)):
            return column
    return None


def _bare(name: str) -> str:
    """The name without case, signs and accents."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if c.isalnum())
