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
        "phone numbers, IDs or postcodes were rounded by a spreadsheet (4.47712E+11); they are "
        "left out, the profiles are sent"
    ),
    "not_finite_number": _("numbers are not finite; they are left out, the profiles are sent"),
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
