"""Addresses of servers: which are safe to send a secret to, which lead to this machine only."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from core.texts import _


def checked_address(url: str, example: str) -> str:
    """The address without what is superfluous. Raises ValueError unless it is safe to send to.

    `example` is a good one, for the sentence.
    """
    if problem := _url_problem(url.strip(), example):
        raise ValueError(problem)
    return url.strip().rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether the address is this very machine, so that nothing leaves it."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _url_problem(url: str, example: str) -> str | None:
    try:
        parts = urlsplit(url)
        odd = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        bad = not parts.hostname or parts.scheme not in {"http", "https"} or parts.port == 0
    except ValueError:
        odd, bad = "", True
    if bad or odd:
        return _("The address “{url}” is not one like {example}.").format(
            url=url.rpartition("@")[2], example=example
        )
    if parts.scheme == "http" and not is_loopback(url):
        return _(
            "The address “{url}” would send the key and the profiles unencrypted; begin it with"
            " https. Only this machine itself may be reached by http."
        ).format(url=url)
    return None
