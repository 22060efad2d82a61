"""What is left out of profiles that are sent all the same, as warnings of their rows."""

from collections.abc import Callable, Mapping

import polars as pl

from core.columns import column, own
from core.profiles.matching import bodies, countries, optional
from core.profiles.matching.fields import RegionColumn, Use
from core.profiles.matching.legible import rounded
from core.profiles.matching.matching import PHONE, TEXTS, Matching
from core.profiles.matching.reasons import Warned
from core.profiles.matching.texts import UNSEEN


def warnings_of(matching: Matching) -> Mapping[str, pl.Expr]:
    """For each kind, whether a row carries it."""
    phone_rounded, unknown_country = _of_unread_phone(matching, rounded), _unknown_country(matching)
    invalid = _of_unread_phone(matching, bodies.present) & ~phone_rounded
    return {
        Warned.invalid_phone: invalid & ~unknown_country,
        Warned.unknown_country: invalid & unknown_country,
        Warned.rounded_by_spreadsheet: phone_rounded | _rounded_identifier(matching),
        Warned.invalid_field: _invalid_field(matching),
        Warned.not_finite_number: _not_finite(matching),
        Warned.cleaned_text: _had_unseen_characters(matching),
    }


def _of_unread_phone(
    matching: Matching, look: Callable[[pl.Expr, bodies.Dtype], pl.Expr]
) -> pl.Expr:
    """What `look` says of phone numbers that could not be read; false for all others.

    The others are null here, so that only the few unread ones are looked at.
    """
    target = matching.targets.get("phone_number")
    if target is None:
        return pl.lit(False)
    value, dtype = matching.given(target.column)
    return look(pl.when(pl.col(PHONE).is_null()).then(value), dtype).fill_null(value=False)


def _unknown_country(matching: Matching) -> pl.Expr:
    """Whether a number without calling code stayed unread, for its country isn't understood."""
    if matching.match.phone_number is None or not isinstance(matching.phone_region, RegionColumn):
        return pl.lit(False)
    country = column(matching.phone_region.column).cast(pl.String)
    unread = pl.when(pl.col(PHONE).is_null()).then(country)
    code = unread.map_batches(countries.codes, return_dtype=pl.String, is_elementwise=True)
    number = bodies.text(*matching.given(matching.match.phone_number))
    local = ~number.str.strip_chars_start().str.starts_with("+").fill_null(value=True)
    return bodies.present(unread, pl.String()).fill_null(value=False) & code.is_null() & local


def _rounded_identifier(matching: Matching) -> pl.Expr:
    """Whether an identifier but the phone is left out because digits of it are lost."""
    found = []
    for target in matching.targets.values():
        value, dtype = matching.given(target.column)
        if target.use is not Use.text or not target.exact:
            continue
        if matching.is_cleaned_text(target):
            found.append(value.is_not_null() & pl.col(own(target.name)).is_null())
        else:
            found.append(rounded(value, dtype))
    return pl.any_horizontal(pl.lit(False), *found)


def _had_unseen_characters(matching: Matching) -> pl.Expr:
    """Whether a text is sent without characters that it had."""
    if not any(map(matching.is_cleaned_text, matching.targets.values())):
        return pl.lit(False)
    return pl.col(TEXTS).struct.field(UNSEEN)


def _invalid_field(matching: Matching) -> pl.Expr:
    """Whether an optional field is left out because it hasn't its form."""
    found = (
        optional.left_out(*matching.given(target.column), pl.col(own(target.name)))
        for target in matching.targets.values()
        if matching.is_checked(target)
    )
    return pl.any_horizontal(pl.lit(False), *found)


def _not_finite(matching: Matching) -> pl.Expr:
    """Whether a number that is not finite is left out."""
    found = (bodies.not_finite(*matching.given(t.column)) for t in matching.targets.values())
    return pl.any_horizontal(pl.lit(False), *(one for one in found if one is not None))
