"""Which country the phone numbers of a source are likely from that don't say it themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from core.columns import column
from core.profiles.matching import bodies, phones
from core.profiles.matching.countries import codes
from core.profiles.matching.dialling_codes import REGIONS, calling_code_pattern
from core.profiles.sources import Kind, Schema

LOOKED_AT = 50_000  # rows in which columns of countries are looked for
MOST = 3  # countries that are tried out
UNDERSTOOD = 0.9  # share of a column's values that are countries, 0 to 1
FEW = 250  # different values that a column of countries has at most


@dataclass(frozen=True, slots=True)
class PhoneCountries:
    """How many numbers say no country, and how many of those would be valid in each; best first."""

    without: int
    valid: Mapping[str, int]  # by the ISO 3166 code of two letters


def phone_countries(
    frame: pl.LazyFrame, schema: Schema, phone: pl.Expr, dtype: bodies.Dtype
) -> PhoneCountries:
    """Of the rows' phone numbers; each country that the data speak of is tried out on all."""
    text = bodies.text(phone, dtype).str.strip_chars().alias("text")
    given = frame.filter(bodies.present(phone, dtype)).select(text)
    numbers = given.collect(engine="streaming")["text"]
    says = numbers.str.starts_with("+")
    bare = numbers.filter(~says)
    candidates = dict.fromkeys([*_prefixes(numbers.filter(says)), *_columns(frame, schema)])
    tried = bare.to_frame("text")
    valid = {
        country: tried.select(phones.e164(pl.col("text"), country).count()).item()
        for country in list(candidates)[:MOST]
    }
    best = sorted(valid.items(), key=lambda pair: -pair[1])
    return PhoneCountries(bare.len(), {country: n for country, n in best if n})


def _prefixes(numbers: pl.Series) -> Sequence[str]:
    """The countries of the commonest calling codes, of each the main one."""
    code = numbers.head(LOOKED_AT).str.replace_all(r"[^0-9]", "")
    codes_found = code.str.extract(calling_code_pattern(), 0).drop_nulls()
    commonest = codes_found.value_counts(sort=True).head(2).to_series()
    found = [COUNTRY_CODE_TO_REGION_CODE[int(one)][0] for one in commonest]
    return [one for one in found if one in REGIONS]


def _columns(frame: pl.LazyFrame, schema: Schema) -> Sequence[str]:
    """The commonest countries of the columns that hold such."""
    names = [name for name, kind in schema.items() if kind is Kind.text]
    some = frame.select(column(name).cast(pl.String) for name in names).head(LOOKED_AT).collect()
    found: list[str] = []
    for values in some.iter_columns():
        counts = values.drop_nulls().rename("it").value_counts(sort=True, name="n")
        if 0 < counts.height <= FEW:
            found += _countries(counts)
    return found


def _countries(counts: pl.DataFrame) -> Sequence[str]:
    known = counts.with_columns(code=codes(counts["it"])).drop_nulls("code")
    if int(known["n"].sum()) < UNDERSTOOD * int(counts["n"].sum()):
        return ()
    ordered = known.group_by("code").agg(pl.col("n").sum()).sort("n", descending=True)
    return ordered["code"].head(2).to_list()
