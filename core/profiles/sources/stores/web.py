"""One file of a web server, by https: to checked addresses only, redirects too.

Not by obstore, which follows redirects wherever they lead and resolves names by itself.
"""

import re
import socket
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, suppress
from email.utils import parsedate_to_datetime
from functools import partial
from glob import has_magic
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import quote, urljoin, urlsplit

from core.errors import Invalid, Outside, SourceFailed
from core.profiles.sources.limits import MEGABYTE
from core.profiles.sources.stores import failures, hosts, trust
from core.profiles.sources.stores.address import WEB, Address
from core.profiles.sources.stores.objects import Object, same
from core.texts import _

SILENT = 30.0  # seconds until a server counts as silent
REDIRECTS = 5
MOVED = frozenset({301, 302, 303, 307, 308})
LENGTH = re.compile(r"[0-9]{1,18}")
NO_HEAD = frozenset({405, 501})
SAFE = "/%!$&'()*+,;=:@~?"  # what is sent as it is written
HEADERS = {"User-Agent": "Segferry", "Accept-Encoding": "identity", "Connection": "close"}


class Web:
    """The file at an address. `allowed` are the stores that the operator named.

    Where the source is `confined`, nothing else is asked.
    """

    def __init__(self, address: Address, allowed: Sequence[str], confined: bool) -> None:
        self._address, self._allowed, self._confined = address, allowed, confined
        path = address.key.partition("?")[0]
        if has_magic(path) or not path or path.endswith("/"):
            text = _("{path} names no file: a web server lists none. Write the path of one.")
            raise Invalid(text.format(path=address.shown), "path")

    def found(self) -> tuple[Object, ...]:
        """The file; only its headers are asked for."""
        answer = self._followed("HEAD")
        if answer.status in NO_HEAD:
            answer.close()
            answer = self._followed("GET")
        with answer:
            self._check_status(answer)
            return (self._object(answer),)

    def check_not_logged(self, objects: Sequence[Object]) -> None:
        """A file of a web server is none of a table's."""

    def read(self, one: Object) -> Generator[bytes, None, None]:
        """The bytes of the file, if it still is this version."""
        with self._translated(), self._followed("GET") as answer:
            self._check_status(answer)
            chunks = iter(partial(answer.read1, MEGABYTE), b"")
            yield from same(one, self._object(answer), chunks, failures.changed(one.address))

    def _translated(self) -> AbstractContextManager[None]:
        return failures.translated(self._address, self._address.store)

    def _followed(self, method: str) -> HTTPResponse:
        """The answer, redirects followed as far as they lead where one may ask."""
        url, address = self._address.shown, self._address
        with self._translated():
            for _time in range(REDIRECTS):
                answer = self._answer(method, url, address)
                moved = answer.headers.get("Location")
                if answer.status not in MOVED or not moved:
                    return answer
                answer.close()
                url = urljoin(url, moved)
                address = self._redirected(url)
        text = _("{path} is redirected again and again. Write the path where the file is.")
        raise SourceFailed(text.format(path=self._address.shown))

    def _redirected(self, url: str) -> Address:
        """Where a redirect leads; its query may hold a signature, so it is never shown."""
        parts = urlsplit(url)
        target = Address(WEB, parts.netloc.lower(), parts.path.lstrip("/"))
        if parts.scheme != WEB or "@" in parts.netloc or not parts.hostname:
            raise self._elsewhere(f"{parts.scheme}://{parts.hostname or ''}")
        try:
            target.check()
            if self._confined:
                target.check_within(self._allowed)
        except (Invalid, Outside):
            raise self._elsewhere(target.store) from None
        return target

    def _answer(self, method: str, url: str, address: Address) -> HTTPResponse:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        known = hosts.addresses(address, host, port, self._allowed)
        connection = _Connection(host, port, known)
        query = f"?{parts.query}" if parts.query else ""
        target = quote(f"{parts.path or '/'}{query}", safe=SAFE)  # what is no ASCII, and blanks
        try:
            connection.request(method, target, headers=HEADERS)
            return connection.getresponse()
        except OSError:
            connection.close()
            raise
        except HTTPException:
            connection.close()
            text = _("{host} doesn't answer as a web server does. Correct the path.")
            raise SourceFailed(text.format(host=host)) from None

    def _check_status(self, answer: HTTPResponse) -> None:
        """Raises SourceFailed where it has no file for us."""
        if answer.status == 200:
            return
        answer.close()
        texts = {404: failures.MISSING, 410: failures.MISSING}
        denied = _("{path} is for nobody without a password, or not for this server: {why}.")
        texts |= {401: denied, 403: denied}
        text = texts.get(answer.status, failures.OTHER)
        raise SourceFailed(text.format(path=self._address.shown, why=answer.status))

    def _object(self, answer: HTTPResponse) -> Object:
        """Raises SourceFailed where nothing says which version it is."""
        tag, length = answer.headers.get("ETag"), answer.headers.get("Content-Length", "")
        written = None
        with suppress(ValueError, TypeError):
            written = parsedate_to_datetime(answer.headers.get("Last-Modified", ""))
        if not tag and not written:
            text = _(
                "{path}: its server tells neither an ETag nor when it was written, so nobody would "
                "notice a change. Have it send one of them, or put the file elsewhere."
            )
            raise SourceFailed(text.format(path=self._address.shown))
        size = int(length) if LENGTH.fullmatch(length) else None
        return Object(self._address, size, written, tag)

    def _elsewhere(self, where: str) -> Outside:
        text = _(
            "{path} is redirected to {where}, from which nothing is read. Write the path where "
            "the file is, or have that host added to SEGFERRY_SOURCE_STORES."
        )
        return Outside(text.format(path=self._address.shown, where=where), "path")


class _Connection(HTTPSConnection):
    """A connection to one of the checked addresses of a host."""

    def __init__(self, host: str, port: int, known: Sequence[str]) -> None:
        self._trusted = trust.context()
        super().__init__(host, port, timeout=SILENT, context=self._trusted)
        self._known = known

    def connect(self) -> None:
        """To the first that answers. Raises OSError."""
        plain = self._reached()
        try:
            self.sock = self._trusted.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _reached(self) -> socket.socket:
        for address in self._known[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.port), SILENT / 6)
        return socket.create_connection((self._known[-1], self.port), SILENT / 6)
