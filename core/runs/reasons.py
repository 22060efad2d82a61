"""Why a row was not exported, and what was left out of a profile, in words."""

from collections.abc import Callable

from core.destinations.capabilities import Capabilities
from core.store.tables.runs import Run
from core.texts import _, many

# Each reason in words, and what a person can do about it, with what differs by destination.
REASONS: dict[str, tuple[str, str]] = {
    "missing_email": (_("No email"), _("Fill the field in the source")),
    "invalid_email": (_("Email not valid"), _("Correct it in the source")),
    "duplicate_email": (_("Duplicate email"), _("Nothing: the first row with it was sent")),
    "too_large": (_("Profile larger than {largest} KB"), _("Match fewer or shorter fields")),
    "external_id_too_long": (
        _("External ID too long"),
        _("Match a field of at most {longest} characters"),
    ),
    "excluded": (_("Excluded by a segment"), _("Nothing: the export excludes these people")),
    "suppressed": (
        _("Suppressed in {destination}"),
        _("Nothing: the export skips suppressed profiles"),
    ),
    "erased": (_("Erased"), _("Nothing: they wanted to be erased, and stay left out")),
    "refused": (_("Refused by {destination}"), _("See what {destination} says in the file")),
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
# Each warning in words, which follow the number of profiles, cells or rows that it counts.
WARNINGS: dict[str, Callable[[int], str]] = {
    "invalid_phone": lambda n: many(
        "phone number isn't valid and is left out; the profile is sent",
        "phone numbers aren't valid and are left out; the profiles are sent",
        n,
    ),
    "unknown_country": lambda n: many(
        "phone number without +country has an unknown country and is left out; the profile is sent",
        "phone numbers without +country have an unknown country and are left out; the profiles "
        "are sent",
        n,
    ),
    "rounded_by_spreadsheet": lambda n: many(
        "number was rounded by a spreadsheet (4.47712E+11); as a phone number, ID or postcode it "
        "is left out, otherwise it is sent as text",
        "numbers were rounded by a spreadsheet (4.47712E+11); as phone numbers, IDs or postcodes "
        "they are left out, otherwise they are sent as text",
        n,
    ),
    "invalid_field": lambda n: many(
        "optional field, such as a locale, time zone, IP address or coordinate, isn't valid and is "
        "left out; the profile is sent",
        "optional fields, such as locales, time zones, IP addresses or coordinates, aren't valid "
        "and are left out; the profiles are sent",
        n,
    ),
    "not_finite_number": lambda n: many(
        "number is not usable (infinite or not a number) and is left out; the profile is sent",
        "numbers are not usable (infinite or not a number) and are left out; the profiles are sent",
        n,
    ),
    "shared_external_id": lambda n: many(
        "profile shares its external ID with others; the destination may merge them",
        "profiles share their external ID with others; the destination may merge them",
        n,
    ),
    "shared_phone": lambda n: many(
        "profile shares its phone number with others; the destination may merge them",
        "profiles share their phone number with others; the destination may merge them",
        n,
    ),
    "empty_word": lambda n: many(
        "cell has a word that means empty, such as NULL, and counts as empty",
        "cells have a word that means empty, such as NULL, and count as empty",
        n,
    ),
    "unclear_number": lambda n: many(
        "number, such as 1.234, can be read in two ways and is kept as text until the source says "
        "its decimal sign",
        "numbers, such as 1.234, can be read in two ways and are kept as text until the source "
        "says its decimal sign",
        n,
    ),
    "unclear_date": lambda n: many(
        "date, such as 01/02/2026, can be read in two ways and is kept as text until the source "
        "says its order",
        "dates, such as 01/02/2026, can be read in two ways and are kept as text until the source "
        "says their order",
        n,
    ),
    "odd_value": lambda n: many(
        "cell doesn't fit the type of its column and is left out",
        "cells don't fit the type of their column and are left out",
        n,
    ),
    "cut_value": lambda n: many(
        "cell has more digits than are read, or a time in a field of dates, and is cut",
        "cells have more digits than are read, or a time in a field of dates, and are cut",
        n,
    ),
    "changed_column": lambda n: many(
        "cell changed the type of its column since the last reading, or is empty in a column that "
        "was mostly filled",
        "cells changed the type of their column since the last reading, or are empty in a column "
        "that was mostly filled",
        n,
    ),
    "short_row": lambda n: many(
        "row has no fields at its end; they count as empty",
        "rows have no fields at their end; they count as empty",
        n,
    ),
    "doubtful_letters": lambda n: many(
        "cell has letters that don't fit: the encoding may be wrong",
        "cells have letters that don't fit: the encoding may be wrong",
        n,
    ),
    "cleaned_text": lambda n: many(
        "profile had invisible characters in its texts and is sent without them",
        "profiles had invisible characters in their texts and are sent without them",
        n,
    ),
}


def warning_words(kind: str, n: int) -> str:
    """What a warning says after its number n; the kind itself for one that isn't known."""
    return WARNINGS[kind](n) if kind in WARNINGS else kind.replace("_", " ")


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
