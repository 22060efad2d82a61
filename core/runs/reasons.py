"""Why a row was not exported, and what was left out of a profile, in words."""

from core.store.tables.runs import Run
from core.texts import _

# Each reason in words, and what a person can do about it.
REASONS: dict[str, tuple[str, str]] = {
    "missing_email": (_("No email"), _("Fill the field in the source")),
    "invalid_email": (_("Email not valid"), _("Correct it in the source")),
    "duplicate_email": (_("Duplicate email"), _("Nothing: the first in the order was sent")),
    "too_large": (_("Profile larger than 100 KB"), _("Match fewer or shorter fields")),
    "external_id_too_long": (
        _("External ID too long"),
        _("Match a field of at most 255 characters"),
    ),
    "excluded": (_("Excluded by a segment"), _("Nothing: the export leaves these people out")),
    "suppressed": (
        _("Suppressed in Klaviyo"),
        _("Nothing: the export leaves out who may get no marketing by email"),
    ),
    "refused": (_("Refused by Klaviyo"), _("See Klaviyo's words in the file")),
}
WARNINGS: dict[str, str] = {
    "invalid_phone": _("phone numbers aren't valid; they are left out, the profiles are sent"),
    "not_finite_number": _("numbers are not finite; they are left out, the profiles are sent"),
}


def reason_counts(run: Run) -> dict[str, int]:
    """Profiles that were not exported, by reason; those that Klaviyo refused among them."""
    return {**run.rejected, **({"refused": run.refused} if run.refused else {})}
