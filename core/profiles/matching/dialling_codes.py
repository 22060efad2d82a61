"""The numbering plans of the world (those of the phonenumbers library) as polars expressions."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata

REGIONS = frozenset(SUPPORTED_REGIONS)  # ISO 3166 alpha-2, the ones that have a numbering plan
ASCII = "(?-u)"  # spares polars the digits of other scripts, which never get here
KINDS = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)

Shape = tuple[tuple[int, ...], str]  # possible lengths in digits, pattern


@dataclass(frozen=True, slots=True)
class Plan:
    """How one region's numbers are dialled, and which are valid; patterns are for polars."""

    calling_code: str
    idd: str | None  # what is dialled before a foreign number
    prefix: str | None  # what is dialled before a number within the country
    rewriting_group: int  # the prefix's group that, when found, rewrites the number; 0 for none
    leading: str | None  # distinguishes the regions that share a calling code
    general: Shape  # of any number at all
    kinds: tuple[Shape, ...]  # of mobile numbers, of landlines, and so on
    mobile: Shape | None

    def possible(self, number: pl.Expr) -> pl.Expr:
        """Whether the significant number has the shape of this plan's numbers at all."""
        return _fits(number, *self.general)

    def valid(self, number: pl.Expr) -> pl.Expr:
        """Whether the significant number is one of a kind that the plan knows."""
        kinds = [_fits(number, *kind) for kind in self.kinds]
        return self.possible(number) & pl.any_horizontal(kinds) if kinds else pl.lit(False)

    def valid_mobile(self, number: pl.Expr) -> pl.Expr:
        """Whether it is a valid number of a mobile phone."""
        return _fits(number, *self.mobile) & self.possible(number) if self.mobile else pl.lit(False)

    @property
    def repeats_code(self) -> bool:
        """Whether a number with its calling code can be as long as one without."""
        lengths, code = self.general[0], len(self.calling_code)
        return any(length - code in lengths for length in lengths) if lengths else True

    def chosen(self, number: pl.Expr) -> pl.Expr:
        """Whether this region answers for the number among those of its calling code."""
        return number.str.contains(self.leading) if self.leading else self.valid(number)

    def prefixed(self, number: pl.Expr) -> pl.Expr:
        """Whether the prefix dialled within the country takes anything from the number."""
        if self.prefix is None:
            return pl.lit(False)
        if re.match(self.prefix.removeprefix(ASCII), "") is None:
            return number.str.contains(self.prefix)
        return number.str.extract(self.prefix, 0).str.len_bytes().fill_null(0) > 0


@cache
def plan(region: str) -> Plan:
    """The plan of a region of REGIONS, or of a calling code such as "800" that has no region."""
    found = _tables(region)
    prefix, rewrite = found.national_prefix_for_parsing, found.national_prefix_transform_rule
    return Plan(
        calling_code=str(found.country_code),
        idd=_start(found.international_prefix),
        prefix=_start(prefix),
        rewriting_group=re.compile(prefix).groups if prefix and rewrite else 0,
        leading=_start(found.leading_digits),
        general=_shape(found.general_desc),
        kinds=_kinds(found),
        mobile=_shape(found.mobile) if _has_numbers(found.mobile) else None,
    )


def _tables(region: str) -> Any:
    if region.isdigit():
        return PhoneMetadata.metadata_for_nongeo_region(int(region))
    return PhoneMetadata.metadata_for_region(region)


@cache
def sharing(calling_code: str) -> tuple[Plan, ...]:
    """The plans behind a calling code, the main one first."""
    regions = COUNTRY_CODE_TO_REGION_CODE[int(calling_code)]
    return tuple(plan(calling_code if region == "001" else region) for region in regions)


@cache
def calling_code_pattern() -> str:
    """Finds the calling code at the start of an international number; none starts another."""
    return f"^(?:{'|'.join(map(str, COUNTRY_CODE_TO_REGION_CODE))})"


def _kinds(found: Any) -> tuple[Shape, ...]:
    """The patterns of the kinds of numbers, those of the same lengths in one."""
    patterns: dict[tuple[int, ...], list[str]] = {}
    for kind in KINDS:
        desc = getattr(found, kind)
        if _has_numbers(desc):
            lengths = tuple(desc.possible_length)
            patterns.setdefault(lengths, []).append(desc.national_number_pattern)
    return tuple((lengths, _whole("|".join(some))) for lengths, some in patterns.items())


def _has_numbers(desc: Any) -> bool:
    return desc is not None and bool(desc.national_number_pattern)


def _fits(number: pl.Expr, lengths: tuple[int, ...], pattern: str) -> pl.Expr:
    fits = number.str.contains(pattern)
    return number.str.len_bytes().is_in(lengths) & fits if lengths else fits


def _shape(desc: Any) -> Shape:
    return tuple(desc.possible_length), _whole(desc.national_number_pattern)


def _whole(pattern: str) -> str:
    return f"{ASCII}^(?:{pattern})$"


def _start(pattern: str | None) -> str | None:
    return f"{ASCII}^(?:{pattern})" if pattern else None
