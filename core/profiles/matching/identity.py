"""What says who somebody is, as hashes: identifiers that are sent, and the key of a person."""

import polars as pl

from core.profiles.matching import bodies
from core.profiles.matching.legible import rounded
from core.profiles.matching.matching import PHONE, Matching
from core.profiles.matching.shared import Shared
from core.xxh64 import xxh64


def identifiers_of(matching: Matching) -> dict[str, pl.Expr]:
    """For each of Shared that is matched, a hash of what is sent, null for nothing.

    By polars, which is quicker: it is compared within one reading only.
    """
    found: dict[str, pl.Expr] = {}
    if target := matching.targets.get("external_id"):
        value = matching.value(target)
        some = pl.when(bodies.present(*value)).then(bodies.text(*value).hash())
        found[str(Shared.shared_external_id)] = some
    if "phone_number" in matching.targets:
        phone = pl.when(pl.col(PHONE).is_not_null()).then(pl.col(PHONE).hash())
        found[str(Shared.shared_phone)] = phone
    return found


def person_hash(matching: Matching) -> pl.Expr:
    """The hash of what says who somebody is: the key, else the external ID; null: nothing."""
    return xxh64(_person(matching))


def former_person_hash(matching: Matching) -> pl.Expr:
    """The same in the form of former versions, by polars."""
    text = _person(matching)
    return pl.when(text.is_not_null()).then(text.hash())


def _person(matching: Matching) -> pl.Expr:
    if matching.key is None or matching.key == matching.match.external_id:
        if (target := matching.targets.get("external_id")) is None:
            return pl.lit(None, pl.String)
        sent = matching.value(target)
        return pl.when(bodies.present(*sent)).then(bodies.text(*sent))
    value, dtype = matching.given(matching.key)
    some = bodies.present(value, dtype) & ~rounded(value, dtype)
    return pl.when(some).then(bodies.text(value, dtype).str.strip_chars())
