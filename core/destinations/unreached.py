"""Why no connection came about: the name, a blocker, a proxy, the certificate, the clock."""

import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from core.destinations.calls import Call
from core.destinations.http import ProxyError, RequestError, TimeoutException
from core.errors import DestinationFailed, Rejected, Unavailable
from core.texts import _

NOT_YET, EXPIRED, SELF_SIGNED, OTHER_NAME, OTHER_ADDRESS = 9, 10, 18, 62, 64  # OpenSSL's x509_vfy.h
UNKNOWN_ISSUER = frozenset({2, 19, 20, 21})
UNENCRYPTED = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})


def unreached(call: Call, error: RequestError, now: datetime) -> DestinationFailed:
    """The error for an exchange that ended before anything was sent; `now` is by our clock."""
    causes = list(_causes(error))
    broken = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if not call.proxy and (address := _blocked(call.host)):
        return Unavailable(_blocker(call, address))
    if isinstance(broken, ssl.SSLCertVerificationError):
        return Rejected(_untrusted(call, getattr(broken, "verify_code", 0), now))
    if broken:
        return Unavailable(_unencrypted(call, broken))
    if call.proxy:
        return _by_proxy(call, error, causes)
    return Unavailable(_directly(error, causes).format(host=call.host))


def untrusted(error: RequestError) -> bool:
    """Whether it was the certificate, whatever httpx calls the error."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


def nowhere(addresses: Iterable[str]) -> str | None:
    """The address that a blocker gives instead of the true one; None for a server's addresses."""
    found = [ip_address(address.partition("%")[0]) for address in addresses]
    if found and all(address.is_unspecified or address.is_loopback for address in found):
        return str(found[0])
    return None


def _blocked(netloc: str) -> str | None:
    host = urlsplit(f"//{netloc}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        ip_address(host)
    except ValueError:
        try:
            return nowhere(str(found[4][0]) for found in socket.getaddrinfo(host, None))
        except (OSError, UnicodeError):
            return None
    return None


def _blocker(call: Call, address: str) -> str:
    return _(
        "The name {host} leads to {address} instead of a server: a DNS blocker or a hosts file"
        " answers for it. Allow the name there; the request was not sent."
    ).format(host=call.host, address=address)


def _untrusted(call: Call, code: int, now: datetime) -> str:
    if code in {NOT_YET, EXPIRED}:
        return _out_of_date(call, code, now)
    if code == SELF_SIGNED:
        text = _(
            "{host} shows a certificate that it signed itself, so the request was not sent. Check"
            " the address of the connection, and whether a proxy opens encrypted traffic."
        )
    elif code in {OTHER_NAME, OTHER_ADDRESS}:
        text = _(
            "What answers at {host} shows the certificate of another host, so the request was not"
            " sent. Check the address of the connection, and whether this network asks to sign in"
            " first."
        )
    elif code in UNKNOWN_ISSUER:
        text = _(
            "The certificate of {host} comes from an unknown issuer, so nothing was sent. "
            "If a proxy of yours opens encrypted traffic, name the file with its "
            "certificate in SSL_CERT_FILE."
        )
    else:
        text = _(
            "The certificate of {host} can't be trusted, so the request was not sent. Check the"
            " address of the connection, this computer's clock, and whether a proxy opens encrypted"
            " traffic."
        )
    return text.format(host=call.host)


def _out_of_date(call: Call, code: int, now: datetime) -> str:
    """The clock comes first: a server with an old certificate is rare, a wrong clock isn't."""
    text = _(
        "This computer's clock says {now}; if that is wrong, set it and try again. If it is right,"
        " the certificate of {host} has expired, so the request was not sent: tell whoever runs it."
    )
    if code == NOT_YET:
        text = _(
            "This computer's clock says {now}; if that is wrong, set it and try again. If it is"
            " right, the certificate of {host} isn't valid yet, so the request was not sent: tell"
            " whoever runs it."
        )
    return text.format(host=call.host, now=f"{now.astimezone():%Y-%m-%d %H:%M %Z}")


def _unencrypted(call: Call, broken: ssl.SSLError) -> str:
    text = _(
        "No encrypted connection to {host} could be made. Check the address of the "
        "connection, and whether a proxy is in between."
    )
    if getattr(broken, "reason", "") in UNENCRYPTED:
        text = _(
            "{host} answers without encryption (plain HTTP), so the request was not sent. Check the"
            " address of the connection, above all its port."
        )
    return text.format(host=call.host)


def _by_proxy(call: Call, error: RequestError, causes: list[BaseException]) -> DestinationFailed:
    status = re.match(r"[45]\d\d\b", str(error)) if isinstance(error, ProxyError) else None
    if status and status[0] == "407":
        text = _(
            "The proxy {proxy} wants a name and a password. Put them into HTTPS_PROXY, as in"
            " http://name:password@proxy.example:3128."
        )
    elif status:
        text = _(
            "The proxy {proxy} blocks {host} (status {status}). Ask whoever runs it to "
            "allow it, or bypass the proxy for {host} with NO_PROXY."
        )
    else:
        text = _to_proxy(error, causes)
    kind = Rejected if status and status[0].startswith("4") else Unavailable
    return kind(text.format(proxy=call.proxy, host=call.host, status=status and status[0]))


def _to_proxy(error: RequestError, causes: list[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _("The name of the proxy {proxy} can't be found. Check HTTPS_PROXY.")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return _("The proxy {proxy} refuses connections: nothing listens there. Check HTTPS_PROXY.")
    if isinstance(error, TimeoutException):
        return _("The proxy {proxy} can't be reached in time. Check HTTPS_PROXY and the network.")
    return _("{host} can't be reached through the proxy {proxy}. Check HTTPS_PROXY.")


def _directly(error: RequestError, causes: list[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _(
            "The name {host} can't be found. Check the address of the connection and whether this"
            " computer is online."
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return _("{host} refuses connections: nothing listens there. Check the address.")
    if isinstance(error, TimeoutException):
        return _("{host} can't be reached in time. Check whether this computer is online.")
    return _("{host} can't be reached. Check the network and the address of the connection.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__  # httpcore hides the cause: `from None`
