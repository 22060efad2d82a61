"""Which certificates of servers are trusted: as for destinations those of certifi, or as told."""

import os
import ssl
from functools import lru_cache

NAMED = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def context() -> ssl.SSLContext:
    """What checks servers' certificates, as the environment says now."""
    return _context(*map(os.environ.get, NAMED))


def options() -> dict[str, bytes]:
    """The same for obstore, beside what the system trusts."""
    return {} if any(map(os.environ.get, NAMED)) else {"root_certificate": _roots()}


@lru_cache(1)  # reading them takes 25 ms
def _context(file: str | None, folder: str | None) -> ssl.SSLContext:
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=folder)
    return ssl.create_default_context(cadata=_roots().decode())


@lru_cache(1)
def _roots() -> bytes:
    import certifi

    with open(certifi.where(), "rb") as file:
        return file.read()
