"""How a connection is marked wherever it is used: live, a test account, or the sandbox."""

from urllib.parse import urlsplit

from core.destinations.klaviyo.settings import BASE_URL, is_loopback
from core.models import ConnectionRow
from pages.ui import kit
from pages.ui.words import plain


def mark(row: ConnectionRow) -> str:
    """Its badge, for a line of markdown; with the host where that is neither Klaviyo nor here."""
    if is_loopback(row.base_url):
        return kit.badge_md("sandbox")
    badge = kit.badge_md("test" if row.test_account else "live")
    host = urlsplit(row.base_url).netloc
    return badge if host == urlsplit(BASE_URL).netloc else f"{badge} {plain(host)}"
