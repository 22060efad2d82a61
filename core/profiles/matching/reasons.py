"""Why rows are not sent, and what is left out of those that are."""

from enum import StrEnum

import polars as pl


class Reason(StrEnum):
    """Why a row is not sent; each row that isn't has exactly one."""

    missing_email = "missing_email"
    invalid_email = "invalid_email"
    external_id_too_long = "external_id_too_long"
    too_large = "too_large"
    excluded = "excluded"
    suppressed = "suppressed"
    erased = "erased"
    duplicate_email = "duplicate_email"


class Warned(StrEnum):
    """What was left out of a profile that is sent all the same."""

    invalid_phone = "invalid_phone"
    unknown_country = "unknown_country"
    rounded_by_spreadsheet = "rounded_by_spreadsheet"
    invalid_field = "invalid_field"
    not_finite_number = "not_finite_number"
    cleaned_text = "cleaned_text"


REASONS = pl.Enum(Reason)
