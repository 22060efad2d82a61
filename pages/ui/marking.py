"""Stub."""

from core.destinations.klaviyo.settings import is_loopback
from pages.ui import kit


def mark(row):
    return kit.badge_md("sandbox") if is_loopback(row.base_url) else ""
