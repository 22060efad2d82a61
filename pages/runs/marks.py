"""How a connection is marked wherever it is shown: live, test account or sandbox; its state."""

from urllib.parse import urlsplit

from core.destinations.addresses import is_loopback
from core.destinations.register import kind_of
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _
from pages.ui import kit
from pages.ui.words import plain


def kind(row: ConnectionRow) -> str:
    """What it is, as kit.STATUS names it: sandbox, test or live."""
    if is_loopback(row.base_url):
        return "sandbox"
    return "test" if row.test_account else "live"


def type_name(row: ConnectionRow) -> str:
    """Its type as people know it, its title."""
    return kind_of(row.type).title


def mark(row: ConnectionRow) -> str:
    """Its badge, for a line of markdown; with the host where it is its own."""
    return f"{kit.badge_md(kind(row))} {plain(_own_host(row))}".strip()


def in_words(row: ConnectionRow) -> str:
    """Its name and what it is, as plain words; with the host where it is its own."""
    return f"{row.name}, {kit.STATUS[kind(row)][0]} {_own_host(row)}".strip()


def list_page(row: ConnectionRow | None, list_id: str) -> str | None:
    """Where people look at a list of the connection; None where it has no such page."""
    return kind_of(row.type).capabilities.list_page(row.base_url, list_id) if row else None


def list_page_label(row: ConnectionRow | None) -> str:
    """What the link to that page says."""
    return _("Open list in {destination}").format(destination=plain(type_name(row))) if row else ""


def _own_host(row: ConnectionRow) -> str:
    """Where it is, if that isn't where all connections of its type are."""
    host = urlsplit(row.base_url).netloc
    known = kind(row) == "sandbox" or host == urlsplit(kind_of(row.type).address or "").netloc
    return "" if known else host


def status(row: ConnectionRow) -> str:
    """The word of `kit.STATUS` for the connection."""
    if row.removal is not None:
        return "removing"
    return "connected" if row.state == ConnectionState.ok else str(row.state)
