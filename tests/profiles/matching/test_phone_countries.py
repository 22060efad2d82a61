"""The country of phone numbers that don't say theirs, as far as the data speak for one."""

import polars as pl

from core.profiles.matching.phone_countries import PhoneCountries, phone_countries
from core.profiles.sources import Kind

SCHEMA = {"phone": Kind.text, "land": Kind.text, "tier": Kind.text}


def _of(phones: list, lands: list | None = None) -> PhoneCountries:
    lands = lands or [""] * len(phones)
    frame = pl.LazyFrame({"phone": phones, "land": lands, "tier": ["gold"] * len(phones)})
    return phone_countries(frame, SCHEMA, pl.col("phone"), pl.String())


def test_the_calling_code_of_the_others_is_tried_out_on_all_that_say_none():
    found = _of(["+371 2000 0101", "20000102", "2000-0103", "12", "", None])
    assert found == PhoneCountries(without=3, valid={"LV": 2})


def test_columns_of_countries_are_tried_out_too_and_the_best_comes_first():
    found = _of(["20000102", "20000103", "+372 5123456"], ["Latvija", "LV", "Estonia"])
    assert next(iter(found.valid.items())) == ("LV", 2)


def test_without_anything_that_speaks_for_a_country_none_is_named():
    assert _of(["20000102", "x"]) == PhoneCountries(without=2, valid={})
    assert _of([]) == PhoneCountries(without=0, valid={})
