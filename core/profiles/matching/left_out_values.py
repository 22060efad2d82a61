"""What is left out of profiles that are sent all the same, as warnings of their rows."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from core.columns import column, own
from core.profiles.matching import bodies, countries, optional
from core.profiles.matching.fields import RegionColumn, Use
from core.profiles.matching.legible import rounded
from core.profiles.matching.matching import PHONE, TEXTS, Matching
from core.profiles.matching.reasons import Warned
from core.profiles.matching.texts import UNSEEN

Cells = Iterator[tuple[str, pl.Expr]]  # columns, and whether a prepared row's cell is meant


def warnings_of(matching: Matching) -> Mapping[str, pl.Expr]:
    """For each kind, whether a row carries it."""
    found = {str(kind): _any_of(cells) for kind, cells in _cells(matching).items()}
    return found | {str(Warned.cleaned_text): _had_unseen_characters(matching)}


def cells_left_out(matching: Matching) -> Mapping[Warned, Cells]:
    """For each kind the columns in which it may be met, and whether a cell there is."""
    return _cells(matching) | {Warned.cleaned_text: _cleaned_texts(matching)}


def _cells(matching: Matching) -> dict[Warned, Cells]:
    """Of all kinds but the cleaned texts, which one look at all of them tells sooner."""
    return {
        Warned.invalid_phone: _invalid_phone(matching),
        Warned.unknown_country: _unknown_country(matching),
        Warned.rounded_by_spreadsheet: _rounded(matching),
        Warned.invalid_field: _invalid_fields(matching),
        Warned.not_finite_number: _not_finite(matching),
    }


def _any_of(cells: Cells) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(is_met for _column, is_met in cells))


def _invalid_phone(matching: Matching) -> Cells:
    """A number that could not be read for another reason than those below."""
    if target := matching.targets.get("phone_number"):
        yield target.column, _invalid(matching) & ~_of_unknown_country(matching)


def _unknown_country(matching: Matching) -> Cells:
    """A country that isn't understood, so that its number stayed unread."""
    if isinstance(region := matching.phone_region, RegionColumn):
        yield region.column, _invalid(matching) & _of_unknown_country(matching)


def _invalid(matching: Matching) -> pl.Expr:
    """Whether a number stayed unread though none of its digits is lost."""
    return _of_unread_phone(matching, bodies.present) & ~_of_unread_phone(matching, rounded)


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


def _of_unknown_country(matching: Matching) -> pl.Expr:
    """Whether a number without calling code stayed unread, for its country isn't understood."""
    if matching.match.phone_number is None or not isinstance(matching.phone_region, RegionColumn):
        return pl.lit(False)
    country = column(matching.phone_region.column).cast(pl.String)
    unread = pl.when(pl.col(PHONE).is_null()).then(country)
    code = unread.map_batches(countries.codes, return_dtype=pl.String, is_elementwise=True)
    number = bodies.text(*matching.given(matching.match.phone_number))
    local = ~number.str.strip_chars_start().str.starts_with("+").fill_null(value=True)
    return bodies.present(unread, pl.String()).fill_null(value=False) & code.is_null() & local


def _rounded(matching: Matching) -> Cells:
    """An identifier that is left out because digits of it are lost."""
    for target in matching.targets.values():
        value, dtype = matching.given(target.column)
        if target.use is Use.phone:
            yield target.column, _of_unread_phone(matching, rounded)
        elif target.use is not Use.text or not target.exact:
            continue
        elif matching.is_cleaned_text(target):
            yield target.column, value.is_not_null() & pl.col(own(target.name)).is_null()
        else:
            yield target.column, rounded(value, dtype)


def _had_unseen_characters(matching: Matching) -> pl.Expr:
    """Whether a text is sent without characters that it had."""
    if not any(map(matching.is_cleaned_text, matching.targets.values())):
        return pl.lit(False)
    return pl.col(TEXTS).struct.field(UNSEEN)


def _cleaned_texts(matching: Matching) -> Cells:
    """A text that is sent without characters that it had."""
    for target in filter(matching.is_cleaned_text, matching.targets.values()):
        given = column(target.column).cast(matching.text_type(target))
        yield target.column, (given != pl.col(own(target.name))).fill_null(value=False)


def _invalid_fields(matching: Matching) -> Cells:
    """An optional field that is left out because it hasn't its form."""
    for target in filter(matching.is_checked, matching.targets.values()):
        given = matching.given(target.column)
        yield target.column, optional.left_out(*given, pl.col(own(target.name)))


def _not_finite(matching: Matching) -> Cells:
    """A number that is left out because it is not finite."""
    for target in matching.targets.values():
        is_met = bodies.not_finite(*matching.given(target.column))
        if is_met is not None:
            yield target.column, is_met
