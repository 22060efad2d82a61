"""The one door to httpx: whoever speaks HTTP takes its parts from here.

httpx has had no stable release since December 2024. A successor that keeps its shape is one edit.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from ssl import SSLContext

from httpx import (
    Auth,
    BaseTransport,
    Client,
    ConnectError,
    ConnectTimeout,
    HTTPError,
    InvalidURL,
    LocalProtocolError,
    PoolTimeout,
    ProxyError,
    ReadTimeout,
    Request,
    RequestError,
    Response,
    Timeout,
    TimeoutException,
    UnsupportedProtocol,
    create_ssl_context,
    get,
)

from core.destinations.addresses import is_loopback

__all__ = [
    "BEFORE_SENDING",
    "Auth",
    "BaseTransport",
    "Client",
    "HTTPError",
    "InvalidURL",
    "ProxyError",
    "ReadTimeout",
    "Request",
    "RequestError",
    "Response",
    "TimeoutException",
    "TooLong",
    "client",
    "get",  # for single sign-on, which asks once whether a provider is there
]

CONNECT_TIMEOUT = 10.0  # seconds
LONGEST_ANSWER = 10_000_000  # bytes: a page of either destination has far less than a tenth
# With these nothing of the request has left, or not all of it, so it can't have arrived.
BEFORE_SENDING = (
    ConnectError,
    ConnectTimeout,
    PoolTimeout,
    ProxyError,
    LocalProtocolError,
    UnsupportedProtocol,
)


class TooLong(RequestError):
    """An answer of more than LONGEST_ANSWER bytes; no more than that was read of it."""


def client(
    base_url: str,
    timeout: float,
    auth: Auth | tuple[str, str],
    headers: dict[str, str] | None = None,
    sending: Callable[[Request], None] | None = None,
    transport: BaseTransport | None = None,
) -> Client:
    """Connections to one server, `timeout` in seconds; `sending` hears of each request.

    The environment's proxy is obeyed, unless the address is this machine; the secret goes nowhere
    else than to `base_url`, for no redirect is followed.
    """
    return Client(
        base_url=base_url,
        auth=auth,
        headers=headers,
        timeout=Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout)),
        follow_redirects=False,
        transport=transport,
        verify=_certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
        trust_env=not is_loopback(base_url),
        event_hooks={"request": [sending] if sending else [], "response": [_read_within_limit]},
    )


def _read_within_limit(response: Response) -> None:
    """Reads the answer, unpacked, before httpx does, which would read any length. TooLong."""
    read, pieces = 0, []
    for piece in response.iter_bytes():
        read += len(piece)
        if read > LONGEST_ANSWER:
            raise TooLong("", request=response.request)
        pieces.append(piece)
    response._content = b"".join(pieces)  # where httpx looks before it reads by itself


@lru_cache(1)
def _certificates(_file: str | None, _folder: str | None) -> SSLContext:
    """What is trusted, as long as the environment names the same: reading it takes 25 ms."""
    return create_ssl_context()
