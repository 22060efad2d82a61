"""What a source made in the browser may connect to: nothing that only this machine may.

The server's own rights are more than those of who fills in a form: its sockets, files of
passwords and keys, variables with credentials, and what listens on this machine.
"""

import os
import socket
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from core.errors import Invalid, Outside, SourceFailed
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.failures import sentence
from core.profiles.sources.fence import Fence
from core.profiles.sources.stores import hosts
from core.texts import _

TLS = ("ssl_ca", "ssl_verify_cert", "ssl_verify_identity")
OF_LIBPQ = (
    *("sslmode", "sslrootcert", "sslsni", "ssl_min_protocol_version", "sslnegotiation"),
    *("application_name", "channel_binding", "connect_timeout", "gssencmode", "options"),
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "require_auth"),
    *("target_session_attrs", "tcp_user_timeout"),
)
OPTIONS: Mapping[str, Collection[str]] = {
    "postgresql": OF_LIBPQ,
    "mysql": TLS,
    "mariadb": TLS,
    "snowflake": ("warehouse", "role"),
    "databricks": ("http_path",),
    "spark": ("use_ssl", "token", "user_id"),
}
AUTHORITIES = ("sslrootcert", "ssl_ca")  # options that name a file
RESOLVED = (
    "postgresql",
    "mysql",
    "mariadb",
    "databricks",
    "trino",
    "spark",
)  # by a host
NO_FILE = f"{os.devnull}/none"  # of passwords, so that libpq takes none of this user


def checked(address: Address, fence: Fence, servers: Collection[str]) -> Address:
    """The address, if it may be read, so that what was checked is what is connected to.

    `servers` are hosts that the operator named. Raises Invalid, Outside, SourceFailed.
    """
    if address.file:
        fence.checked((address.file,))
        return address
    _check_options(address, fence)
    named = address.host.lower() in servers
    if address.engine.name == "bigquery" and not named:
        raise _outside(address)
    if address.engine.name not in RESOLVED:
        return address
    known = _resolved(address)
    if not all(_is_good(one, named) for one in known):
        raise _outside(address)
    return _pinned(address, known[0]) if address.engine.name == "postgresql" else address


def _check_options(address: Address, fence: Fence) -> None:
    for name, value in address.options.items():
        if name not in OPTIONS.get(address.engine.name, ()):
            text = _(
                "The option “{name}” of a URL isn't taken in the browser. Leave it out, or have "
                "the source applied by the command line."
            )
            raise Invalid(text.format(name=name), "url")
        if name in AUTHORITIES and value != "system":
            fence.checked((Path(value),))


def _resolved(address: Address) -> list[str]:
    """The addresses of the host, IPv4 first. Raises Invalid for a socket, SourceFailed."""
    if not address.host or address.host.startswith(("/", "@")):
        raise Invalid(_("Give the host of the server."), "url")
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        error = socket.gaierror("Name or service not known")
        raise SourceFailed(sentence(error, address, 0)) from None
    return [str(one[4][0]) for one in sorted(found, key=lambda one: one[0] != socket.AF_INET)]


def _is_good(text: str, named: bool) -> bool:
    one = hosts.plain(text)
    return not hosts.is_never(one) and (named or not (one.is_loopback or _is_here(str(one))))


def _is_here(text: str) -> bool:
    """Whether it is an address of this machine."""
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((text, 0))
    except OSError:
        return False
    return True


def _pinned(address: Address, known: str) -> Address:
    """The URL with the address that was checked, and without passwords that this machine keeps."""
    parts = urlsplit(address.url)
    more = {"hostaddr": known, "passfile": NO_FILE}
    if not address.password:
        more["password"] = ""  # else libpq takes the one in PGPASSWORD
    query = "&".join(filter(None, (parts.query, urlencode(more))))
    return replace(address, url=parts._replace(query=query).geturl())


def _outside(address: Address) -> Outside:
    text = _(
        "{path}: from there sources made in the browser read nothing, for it is this machine or "
        "asked with its own rights. If that is meant, have {host} added to "
        "SEGFERRY_SOURCE_DATABASES."
    )
    return Outside(text.format(path=address.shown, host=address.host), "url")
