"""The proxy that this computer's environment names for the way to a destination."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from core.destinations.addresses import is_loopback
from core.errors import Invalid
from core.texts import _

KINDS = ("http", "https", "all")


def proxy_for(url: str) -> str:
    """`host:port` of the proxy on the way there, without its password; empty when there is none.

    The same variables and exceptions as httpx obeys, which opens every proxy that is named,
    whichever it needs. Raises Invalid for one that is none.
    """
    if is_loopback(url):
        return ""
    named = getproxies()
    known = {kind: _place(named[kind]) for kind in KINDS if named.get(kind)}
    to = urlsplit(url)
    if proxy_bypass(to.netloc):
        return ""
    return known.get(to.scheme) or known.get("all", "")


def _place(given: str) -> str:
    try:
        parts = urlsplit(given if "://" in given else f"http://{given}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _unusable() from None  # its cause may quote the password
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _unusable()
    return f"{parts.hostname}:{port}"


def _unusable() -> Invalid:
    """The proxy isn't quoted, for it may hold a password."""
    return Invalid(
        _(
            "The proxy that this computer's environment names (HTTPS_PROXY, ALL_PROXY) can't be"
            " used. It has to be like http://proxy.example:3128."
        )
    )
