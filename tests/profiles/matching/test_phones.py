"""Phone numbers: the same answers as the phonenumbers library, for whole columns."""

import re

import phonenumbers
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.profiles.matching import phones
from core.profiles.matching.dialling_codes import REGIONS


def e164(texts: list[str | None], region: str | None) -> list[str | None]:
    frame = pl.DataFrame({"phone": pl.Series(texts, dtype=pl.String)})
    return frame.select(phones.e164(pl.col("phone"), region)).to_series().to_list()


def by_library(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    form = phonenumbers.PhoneNumberFormat.E164
    return phonenumbers.format_number(number, form) if valid else None


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("20000101", "LV", "+37120000101"),
        ("+371 2000 0101", "LV", "+37120000101"),
        ("00371 20-000-101", "LV", "+37120000101"),
        ("37120000101", "LV", "+37120000101"),
        ("(+371) 20.000.101", None, "+37120000101"),
        ("+37120000101", "US", "+37120000101"),
        ("8 612 34567", "LT", "+37061234567"),
        ("0 612 34567", "LT", "+37061234567"),
        ("+370 612 34567", "LV", "+37061234567"),
        ("5123 4567", "EE", "+37251234567"),
        ("030 901820", "DE", "+4930901820"),
        ("+49 (0)30 901820", "LV", "+4930901820"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0) 7911 123456", "GB", "+447911123456"),
        ("(650) 253-0000", "US", "+16502530000"),
        ("1-650-253-0000", "US", "+16502530000"),
        ("011 371 20000101", "US", "+37120000101"),
        ("604 555 0123", "CA", "+16045550123"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("02 1234 5678", "IT", "+390212345678"),
        ("+39 02 1234 5678", "LV", "+390212345678"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("8~10 371 20000101", "RU", "+37120000101"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("+54 9 11 2345 6789", "AR", "+5491123456789"),
        ("0 15 11 96123-4567", "BR", "+5511961234567"),
        ("044 55 1234 5678", "MX", None),
        ("55 1234 5678", "MX", "+525512345678"),
        ("650 253 0000 ext. 12", "US", "+16502530000"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("\uff0b\uff13\uff17\uff11 20000101", "LV", "+37120000101"),
        ("tel:+371-20000101", "LV", "+37120000101"),
        ("20000101", None, None),
        ("20000101", "XX", None),
        ("12345", "LV", None),
        ("+999 20000101", "LV", None),
        ("+371 2000010", "LV", None),
        ("nothing", "LV", None),
        ("", "LV", None),
        ("2" * 300, "LV", None),
    ],
)
def test_a_number_becomes_e164_as_by_the_library(text, region, expected):
    assert e164([text], region) == [expected]
    assert by_library(text, region) == expected


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("4915123456789", "DE", "+4915123456789"),
        ("49 170 1234567", "DE", "+491701234567"),
        ("4915123456789 ext. 5", "DE", "+4915123456789"),
        ("4930901820", "DE", "+4930901820"),
        ("436641234567", "AT", "+436641234567"),
        ("04915123456789", "DE", "+494915123456789"),  # dialled so within the country
        ("+494915123456789", "DE", "+494915123456789"),
        ("0491 5123456", "DE", "+494915123456"),
        ("4916412345", "DE", None),  # a pager, or somebody in Leer
        ("4916412345 ext. 5", "DE", None),
        ("12025550123", "US", "+12025550123"),
        ("919876543210", "IN", "+919876543210"),
        ("9198765432", "IN", "+919198765432"),
    ],
)
def test_a_number_with_its_calling_code_but_no_plus_is_nobody_elses(text, region, expected):
    assert e164([text], region) == [expected]


def test_empty_rows_stay_in_place():
    assert e164([None, "20000101", None, "12", "+4930901820"], "LV") == [
        *(None, "+37120000101", None, None, "+4930901820")
    ]
    assert e164([], "LV") == []


def test_each_row_may_name_its_own_country_in_any_case():
    frame = pl.DataFrame(
        {
            "phone": ["20000101", "030 901820", "20000101", "+37120000101", None, "20000101"],
            "country": ["LV", " de", "nowhere", None, "LV", None],
        }
    )
    found = frame.select(phones.e164(pl.col("phone"), pl.col("country"))).to_series().to_list()
    assert found == ["+37120000101", "+4930901820", None, "+37120000101", None, None]
    names = frame.with_columns(country=pl.Series(["Latvija", "DEU", "", None, "lva", "Lettland"]))
    found = names.select(phones.e164(pl.col("phone"), pl.col("country"))).to_series().to_list()
    assert found == ["+37120000101", "+4930901820", None, "+37120000101", None, "+37120000101"]


@pytest.mark.parametrize("text", ["7.62e-12", "4.47712E+11", "3,71261E+10", "7.10e10", "1E+10"])
@pytest.mark.parametrize("region", ["AC", "LV", "US"])
def test_what_a_spreadsheet_rounded_is_no_number(text, region):
    assert e164([text], region) == [None]


KINDS = list(range(11))
PREFIXES = ["", "0", "00", "+", "8", "1", "15", "9", "011", "031"]
BETWEEN = st.sampled_from(["", "", "", " ", "-", ".", "(", ")", "/", "\u00a0"])
AFTER = st.sampled_from(["", "", "", " ", "\n", " x12", " ext 5", "a", "#", "/x3", ";ext=3"])


@st.composite
def numbers(draw: st.DrawFn, region: str) -> str:
    """A number much like those of the region or of another, written in one of many ways."""
    place = draw(st.sampled_from([region, region, *sorted(REGIONS)]))
    example = phonenumbers.example_number_for_type(place, draw(st.sampled_from(KINDS)))
    example = example or phonenumbers.example_number(place)
    digits = list(phonenumbers.national_significant_number(example))
    for at in draw(st.lists(st.integers(0, len(digits) - 1), max_size=4)):
        digits[at] = draw(st.sampled_from("0123456789"))
    code = draw(st.sampled_from(["", str(example.country_code)]))
    trunk = draw(st.sampled_from(["", "", "0", "1", "8", "15", "9"]))
    plain = draw(st.sampled_from(PREFIXES)) + code + trunk + "".join(digits)
    spaced = "".join(char + draw(BETWEEN) for char in plain) if draw(st.booleans()) else plain
    return spaced + draw(AFTER)


@st.composite
def columns(draw: st.DrawFn) -> tuple[str, list[str]]:
    region = draw(st.sampled_from(sorted(REGIONS)))
    return region, draw(st.lists(st.one_of(numbers(region), st.text(max_size=12)), max_size=25))


@settings(deadline=None, max_examples=40)
@given(columns())
def test_any_column_gets_the_answers_of_the_library(column):
    region, texts = column
    for text, found in zip(texts, e164(texts, region), strict=True):
        assert found == by_library(text, region) or found in with_code(text, region)


def with_code(text: str, region: str) -> set[str | None]:
    """What may become of a text that begins with the region's calling code, without a plus."""
    digits = phonenumbers.normalize_digits_only(re.split("[a-z#;,]", text.casefold())[0])
    code = str(phonenumbers.country_code_for_region(region))
    if "+" in text or "\uff0b" in text or not digits.startswith(code):
        return set()
    return {None, by_library(f"+{digits}", None)}
