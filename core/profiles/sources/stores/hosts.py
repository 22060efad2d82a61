"""Which servers of the web may be asked: no address that only this machine or its network knows.

A name can be made to point anywhere, and a redirect leads anywhere. So names are resolved here,
each address that one has is checked, and the connection goes to one that was.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from core.errors import Outside
from core.profiles.sources.stores.address import WEB, Address
from core.texts import _

# Where machines of clouds tell their own credentials; nobody may name these as allowed.
NEVER = tuple(
    map(ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32"))
)
TRANSLATED = ip_network("64:ff9b::/96")  # addresses of IPv4, for those who have only IPv6


def addresses(address: Address, host: str, port: int, allowed: Sequence[str]) -> list[str]:
    """The addresses of the host, all of them good to be asked.

    Private ones are where the operator allowed the host by its name. Raises Outside, gaierror.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    known = [str(one[4][0]) for one in found]
    named = any(_names(place, address.bucket) for place in allowed)
    if not all(_is_good(text, named) for text in known):
        text = _(
            "{path}: {host} is at an address within this machine or its network, where nothing "
            "is read. If that is meant, have the host added to SEGFERRY_SOURCE_STORES."
        )
        raise Outside(text.format(path=address.shown, host=host), "path")
    return known


def plain(text: str) -> IPv4Address | IPv6Address:
    """The address of this text; IPv4 within IPv6 is what it is."""
    one = ip_address(text.partition("%")[0])
    inner = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    if one in TRANSLATED:
        inner = IPv4Address(int(one) & 0xFFFFFFFF)
    return inner or one


def is_never(one: IPv4Address | IPv6Address) -> bool:
    """Whether nobody may ask there, whatever the operator allows."""
    return one.is_multicast or one.is_unspecified or any(one in network for network in NEVER)


def _is_good(text: str, named: bool) -> bool:
    """Whether an address may be asked."""
    one = plain(text)
    return not is_never(one) and (named or one.is_global)


def _names(place: str, bucket: str) -> bool:
    scheme, _sign, rest = place.partition("://")
    return scheme == WEB and rest.partition("/")[0].lower() == bucket
