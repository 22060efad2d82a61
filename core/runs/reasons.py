"""Why a row was not exported, and what was left out of a profile, in words."""

from core.destinations.capabilities import Capabilities
from core.store.tables.runs import Run
from core.texts import _

# Each reason in words, and what a person can do about it, with what differs by destination.
REASONS: dict[str, tuple[str, str]] = {
    "missing_email": (_("No email"), _("Fill the field in the source")),
    "invalid_email": (_("Email not valid"), _("Correct it in the source")),
    "duplicate_email": (_("Duplicate email"), _("Nothing: the first in the order was sent")),
    "too_large": (_("Profile larger than {largest} KB"), _("Match fewer or shorter fields")),
    "external_id_too_long": (
        _("External ID too long"),
        _("Match a field of at most {longest} characters"),
    ),
    "excluded": (_("Excluded by a segment"), _("Nothing: the export leaves these people out")),
    "suppressed": (
        _("Suppressed in {destination}"),
        _("Nothing: the export leaves out who may get no marketing by email"),
    ),
    "refused": (_("Refused by {destination}"), _("See {destination}'s words in the file")),
    "refused_before": (
        _("Refused last time by {destination}"),
        _("Change the row, or try all of them again"),
    ),
    "missing": (
        _("Accepted, but not on the list"),
        _("See why in the file; a later run sends them"),
    ),
    "held_back": (_("Data held back"), _("See why in the file; a later run sends them")),
}
WARNINGS: dict[str, str] = {
    "invalid_phone": _("phone numbers aren't valid; they are left out, the profiles are sent"),
    "unknown_country": _(
        "phone numbers without +country have a country that isn't understood; they are left out, "
        "the profiles are sent"
    ),
    "rounded_by_spreadsheet": _(
        "numbers were rounded by a spreadsheet (4.47712E+11); where they are phone numbers, IDs or "
        "postcodes they are left out, else sent as text"
    ),
    "invalid_field": _(
        "optional fields, such as locales, time zones, IP addresses or coordinates, aren't valid; "
        "they are left out, the profiles are sent"
    ),
    "not_finite_number": _("numbers are not finite; they are left out, the profiles are sent"),
    "shared_external_id": _(
        "profiles share their external ID with others; the destination may make one of them"
    ),
    "shared_phone": _(
        "profiles share their phone number with others; the destination may make one of them"
    ),
    "empty_word": _("cells hold a word for nothing, such as NULL; they are taken as empty"),
    "unclear_number": _(
        "numbers have two readings, as 1.234 has; they are kept as text until the source says its "
        "decimal sign"
    ),
    "unclear_date": _(
        "dates have two readings, as 01/02/2026 has; they are kept as text until the source says "
        "their order"
    ),
    "odd_value": _("cells are not of their column's kind; they are left out"),
    "changed_column": _(
        "cells made their column another kind than it was at the last reading, or are empty in one "
        "that was mostly filled"
    ),
    "short_row": _("rows lack fields at their end; they are taken as empty"),
    "doubtful_letters": _("cells have letters that don't fit: the encoding may be another one"),
    "cleaned_text": _("profiles had invisible characters in their texts; they are sent without"),
}


def reason_words(reason: str, destination: Capabilities) -> tuple[str, str] | None:
    """A reason in words, and what a person can do about it; None for one that isn't known."""
    if reason not in REASONS:
        return None
    layout = destination.layout
    given = {
        "destination": destination.title,
        "largest": f"{layout.largest // 1_000:,}",
        "longest": layout.longest.get("external_id", 0),
    }
    words, cure = REASONS[reason]
    return words.format(**given), cure.format(**given)


def reason_counts(run: Run) -> dict[str, int]:
    """Profiles that were not exported, by reason; those that the destination refused among them."""
    return {**run.rejected, **({"refused": run.refused} if run.refused else {})}
