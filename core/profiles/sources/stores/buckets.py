"""Buckets of S3, Azure and Google: found and read by obstore, credentials from the environment."""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from core.errors import SourceFailed
from core.profiles.sources.formats import KNOWN, Format
from core.profiles.sources.limits import MEGABYTE
from core.profiles.sources.logged import LOGGED, around
from core.profiles.sources.places import HIDDEN
from core.profiles.sources.stores import failures, trust
from core.profiles.sources.stores.address import Address
from core.profiles.sources.stores.objects import Object, same
from core.texts import _

CONNECT, READ = timedelta(seconds=5), timedelta(seconds=30)  # until a server counts as silent
RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
LISTED = 100_000  # files below a glob's folders
ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
}


class Buckets:
    """The files that an address means, in a bucket; `seconds` bound a request."""

    def __init__(self, address: Address, seconds: float) -> None:
        self._address = address
        endpoint = _endpoint(address.scheme)
        self._host = urlsplit(endpoint).netloc.rpartition("@")[2] or address.store
        with self._translated():
            self._store = _store(address, seconds, endpoint)

    def found(self) -> tuple[Object, ...]:
        """The files, by their keys."""
        with self._translated():
            files = self._listed()
        if not files:
            text = _("There is no {kinds} file at {path}. Put one there, or correct the path.")
            raise SourceFailed(text.format(path=self._address.shown, kinds=KNOWN))
        return tuple(sorted(files, key=lambda one: one.address.key))

    def check_not_logged(self, objects: Sequence[Object]) -> None:
        """Raises SourceFailed where a file belongs to a table with a log."""
        folders = {folder for one in objects for folder in around(one.path.parent)}
        with self._translated():
            for folder in sorted(one for one in folders if "=" not in one.name):
                for kind, log in LOGGED.items():
                    if self._holds(folder, log):
                        raise SourceFailed(_logged(self._address.at(str(folder)), kind))

    def read(self, one: Object) -> Generator[bytes, None, None]:
        """The bytes of the file, if it still is this version."""
        import obstore

        with failures.translated(one.address, self._host):
            answer = obstore.get(self._store, one.address.key)
            now, chunks = self._object(answer.meta), answer.stream(min_chunk_size=MEGABYTE)
            yield from same(one, now, map(bytes, chunks), failures.changed(one.address))

    def _listed(self) -> list[Object]:
        key = self._address.key
        single = None if not key or key.endswith("/") else self._single(key)
        if single and single.size:
            return [single]
        if has_magic(key):
            return list(self._matching(key))
        within = list(self._within(key.rstrip("/")))
        return within or ([single] if single else [])

    def _single(self, key: str) -> Object | None:
        import obstore

        with suppress(FileNotFoundError):
            return self._object(obstore.head(self._store, key))
        return None

    def _within(self, folder: str) -> Iterator[Object]:
        """The known files of a folder and of its partitions."""
        import obstore

        found = obstore.list_with_delimiter(self._store, folder or None)
        for one in found["objects"]:
            name = PurePosixPath(one["path"])
            if not name.name.startswith(HIDDEN) and Format.named(name):
                yield self._object(one)
        for prefix in found["common_prefixes"]:
            name = PurePosixPath(prefix)
            if "=" in name.name and not name.name.startswith(HIDDEN):
                yield from self._within(prefix)

    def _matching(self, pattern: str) -> Iterator[Object]:
        """The files that a glob means, of all that lie below the folders before its wildcards."""
        import obstore

        count, parts = 0, pattern.split("/")
        for batch in obstore.list(self._store, self._address.fixed or None):
            count += len(batch)
            if count > LISTED:
                text = _(
                    "{path}: more than {n} files would have to be looked through. Write more of "
                    "the folder before the first wildcard."
                )
                raise SourceFailed(text.format(path=self._address.shown, n=f"{LISTED:,}"))
            yield from (self._object(one) for one in batch if _fits(one["path"].split("/"), parts))

    def _holds(self, folder: PurePosixPath, log: str) -> bool:
        """Whether something lies at the log's place in the folder; it may end in a wildcard."""
        import obstore

        log_folder, _slash, name = log.partition("/")
        batches = obstore.list(self._store, str(folder / log_folder), chunk_size=100)
        found: Sequence[Any] = next(iter(batches), [])
        return any(fnmatchcase(one["path"], f"*{name}") for one in found)

    def _object(self, meta: Any) -> Object:
        size, written, tag = meta["size"], meta["last_modified"], meta["e_tag"]
        return Object(self._address.at(meta["path"]), size, written, tag)

    def _translated(self) -> AbstractContextManager[None]:
        return failures.translated(self._address, self._host)


def _endpoint(scheme: str) -> str:
    """The address of the store that the environment names, if it names one."""
    return next((os.environ[name] for name in ENDPOINTS[scheme] if os.environ.get(name)), "")


def _store(address: Address, seconds: float, endpoint: str) -> Any:
    from obstore.store import AzureStore, GCSStore, S3Store

    of_scheme: Any = {"s3": S3Store, "az": AzureStore, "gs": GCSStore}[address.scheme]
    options: dict[str, Any] = {
        "connect_timeout": CONNECT,
        "read_timeout": READ,
        "timeout": timedelta(seconds=seconds),
        **trust.options(),
    }
    if endpoint.startswith("http://"):  # whoever runs the server says so
        options["allow_http"] = True
    return of_scheme(address.bucket, client_options=options, retry_config=RETRIES)


def _fits(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a key's names are those of a glob's parts, as in local folders."""
    if not parts:
        return not names
    if parts[0] == "**":
        deeper = bool(names) and not names[0].startswith(".") and _fits(names[1:], parts)
        return _fits(names, parts[1:]) or deeper
    if not names or (names[0].startswith(".") and not parts[0].startswith(".")):
        return False
    return fnmatchcase(names[0], parts[0]) and _fits(names[1:], parts[1:])


def _logged(address: Address, kind: str) -> str:
    text = _(
        "{path} is a table of {kind}: its log says which of its files count, and in a store that "
        "log isn't read. Export it to Parquet or CSV, then use that file."
    )
    return text.format(path=address.shown, kind=kind)
