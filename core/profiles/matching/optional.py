"""Optional fields that a destination may refuse: what doesn't have their form is left out."""

from collections.abc import Callable, Mapping
from functools import cache
from zoneinfo import available_timezones

import polars as pl

from core.profiles.matching.bodies import Dtype, present, text

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_HEX = "[0-9A-Fa-f]{1,4}"
_IP6 = "|".join(
    [
        rf"(?:{_HEX}:){{7}}{_HEX}",
        rf"(?:{_HEX}:){{6}}{_IP4}",
        *(rf"(?:{_HEX}:){{1,{n}}}(?::{_HEX}){{1,{7 - n}}}" for n in range(1, 7)),
        rf"(?:{_HEX}:){{1,7}}:",
        rf":(?:(?::{_HEX}){{1,7}}|:)",
        rf"(?:{_HEX}:){{1,5}}:{_IP4}",
        *(rf"(?:{_HEX}:){{1,{n}}}(?::{_HEX}){{1,{5 - n}}}:{_IP4}" for n in range(1, 5)),
        rf"::(?:{_HEX}:){{0,5}}{_IP4}",
    ]
)
# RFC 5646: language, script, region, variants, extensions, private use
_SUBTAGS = (
    r"(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
)
IP = rf"(?-u)^(?:{_IP4}|{_IP6})$"
LOCALE = rf"(?-u)^[A-Za-z]{{2,3}}{_SUBTAGS}$"


def fitting(field: str, value: pl.Expr, dtype: Dtype) -> tuple[pl.Expr, Dtype]:
    """The value of a field of FORMS as it is sent, null where it has not the field's form."""
    return FORMS[field](value, dtype)


def left_out(value: pl.Expr, dtype: Dtype, fits: pl.Expr) -> pl.Expr:
    """Whether `fitting` made null of something; numbers that aren't finite are told otherwise."""
    return present(value, dtype).fill_null(value=False) & fits.is_null()


def _degrees(most: int) -> Callable[[pl.Expr, Dtype], tuple[pl.Expr, Dtype]]:
    def within(value: pl.Expr, dtype: Dtype) -> tuple[pl.Expr, Dtype]:
        return pl.when(value.is_between(-most, most)).then(value), dtype

    return within


def _matching(pattern: str) -> Callable[[pl.Expr, Dtype], tuple[pl.Expr, Dtype]]:
    def matching(value: pl.Expr, dtype: Dtype) -> tuple[pl.Expr, Dtype]:
        bare = text(value, dtype).str.strip_chars()
        return pl.when(bare.str.contains(pattern)).then(bare), pl.String()

    return matching


def _time_zone(value: pl.Expr, dtype: Dtype) -> tuple[pl.Expr, Dtype]:
    bare = text(value, dtype).str.strip_chars()
    return pl.when(bare.is_in(_zones().implode())).then(bare), pl.String()


@cache
def _zones() -> pl.Series:
    """The names of IANA's database."""
    return pl.Series(sorted(available_timezones()))


FORMS: Mapping[str, Callable[[pl.Expr, Dtype], tuple[pl.Expr, Dtype]]] = {
    "locale": _matching(LOCALE),
    "location.timezone": _time_zone,
    "location.ip": _matching(IP),
    "location.latitude": _degrees(90),
    "location.longitude": _degrees(180),
}
