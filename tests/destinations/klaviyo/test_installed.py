"""What an installation sets of Klaviyo: the revision of its API, and when its support ends."""

from datetime import date, timedelta

from core.destinations.klaviyo import installed, support
from core.destinations.support import NEAR
from core.settings import Settings

GIVEN = Settings(klaviyo_revision=date(2026, 1, 15))
END = date(2028, 1, 15)


def test_every_connection_speaks_the_revision_of_the_installation():
    assert installed(GIVEN) == {"revision": "2026-01-15"}


def test_the_end_is_near_from_ninety_days_before():
    api = support(GIVEN)
    assert (api.version, api.end) == ("2026-01-15", END)
    assert not api.is_near(END - timedelta(NEAR + 1))
    assert api.is_near(END - timedelta(NEAR))


def test_the_warning_counts_the_days_that_are_left():
    api = support(GIVEN)
    assert "of its API in 1 day. Update" in api.warning(END - timedelta(1))
    assert "of its API in 0 days. Update" in api.warning(END + timedelta(5))
