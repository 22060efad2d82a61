"""What an installation sets of Klaviyo for all connections: the revision of its API."""

from collections.abc import Mapping

from core.destinations.klaviyo.settings import revision_end
from core.destinations.support import Support
from core.settings import Settings
from core.texts import _, many


def installed(settings: Settings) -> Mapping[str, object]:
    """The settings of every connection here."""
    return {"revision": settings.klaviyo_revision.isoformat()}


def support(settings: Settings) -> Support:
    """How long Klaviyo supports the revision."""
    revision = settings.klaviyo_revision.isoformat()

    def words(days: int) -> str:
        return many(
            "Klaviyo ends its support of the revision {revision} of its API in {n} day. Update "
            "Segferry, or set SEGFERRY_KLAVIYO_REVISION to a newer one.",
            "Klaviyo ends its support of the revision {revision} of its API in {n} days. Update "
            "Segferry, or set SEGFERRY_KLAVIYO_REVISION to a newer one.",
            days,
            revision=revision,
        )

    return Support(_("revision of Klaviyo's API"), revision, revision_end(revision), words)
