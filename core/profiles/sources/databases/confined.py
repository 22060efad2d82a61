"""What a source made in the browser may connect to: nothing that only this machine may.

The server's own rights are more than those of who fills in a form: its sockets, files of
passwords and keys, variables with credentials, and what listens on this machine.
"""

import os
import socket
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
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
OPEN_FILES = Path("/proc/self/fd")
NO_FILE = f"{os.devnull}/none"  # of passwords, so that libpq takes none of this user


def checked(address: Address, fence: Fence, servers: Collection[str]) -> Address:
    """The address, if it may be read, so that what was checked is what is connected to.

    `servers` are hosts that the operator named. Raises Invalid, Outside, SourceFailed.
    """
    if address.file:
        (real,) = fence.checked((address.file,))
        return replace(address, database=str(real), inode=_inode(real))
    _check_options(address, fence)
    named = address.host.lower() in servers
    if address.engine.name == "bigquery" and not named:
        raise _outside(address)
    if address.engine.name not in RESOLVED:
        return address
    known = _resolved(address)
    if not all(_is_good(one, named) for one in known):
        raise _outside(address)
    if address.engine.name == "postgresql":
        return _pinned(address, known[0])
    return replace(address, known=known[0])


def check_opened(address: Address) -> None:
    """Raises SourceFailed unless the file that was checked is the one that is open now.

    Names move: a link may have stood in its place for as long as it was opened.
    """
    if address.file is None or address.inode is None:
        return
    if _inode(address.file) != address.inode or not _is_open(address.inode):
        text = _(
            "{path} was replaced while it was being opened, so it is not used. Try again once "
            "nobody is changing it."
        )
        raise SourceFailed(text.format(path=address.file))


def _inode(path: Path) -> tuple[int, int] | None:
    """Device and inode; none where there is nothing, or a link."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return None if stat.S_ISLNK(found.st_mode) else (found.st_dev, found.st_ino)


def _is_open(inode: tuple[int, int]) -> bool:
    """Whether this program has the file open, as far as the system tells."""
    if not OPEN_FILES.is_dir():
        return True
    found = set()
    for number in os.listdir(OPEN_FILES):
        with suppress(OSError):
            one = os.fstat(int(number))
            found.add((one.st_dev, one.st_ino))
    return inode in found


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
