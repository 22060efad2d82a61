"""The proxy that this computer's environment names for the way to Klaviyo."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from core.errors import Invalid
from core.texts import _


def proxy_for(url: str) -> str:
    """`host:port` of the proxy on the way there, without its password; empty when there is none.

    The same variables and exceptions as httpx obeys. Raises Invalid for what is no proxy.
    """
    to = urlsplit(url)
    known = getproxies()
    given = known.get(to.scheme) or known.get("all", "")
    if not given or proxy_bypass(to.netloc):
        return ""
    try:
        place = urlsplit(given if "://" in given else f"http://{given}")
        port = place.port or (443 if place.scheme == "https" else 80)
    except ValueError:
        raise unusable() from None  # its cause may quote the password
    if place.scheme not in {"http", "https"} or not place.hostname:
        raise unusable()
    return f"{place.hostname}:{port}"


def unusable() -> Invalid:
    """For a proxy of an unknown kind; it isn't quoted, for it may hold a password."""
    return Invalid(
        _(
            "The proxy that this computer's environment names (HTTPS_PROXY, ALL_PROXY) can't be"
            " used. It has to be like http://proxy.example:3128."
        )
    )
