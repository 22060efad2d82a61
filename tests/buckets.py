"""An S3 server on this machine, and a bucket in it; sources are opened as by a server."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import obstore
import polars as pl
import pytest
from obstore.store import S3Store

from core.profiles.sources import Reading, open_source
from core.profiles.sources.fence import Fence
from core.profiles.sources.files import FileSource
from core.profiles.sources.limits import USUAL, Limits
from tests.destinations.web import Authority


@dataclass(frozen=True)
class Bucket:
    """A bucket, and a cache into which sources of it are fetched."""

    name: str
    store: S3Store
    cache: Path

    def put(self, key: str, content: str | bytes) -> None:
        obstore.put(self.store, key, content if isinstance(content, bytes) else content.encode())

    def remove(self, key: str) -> None:
        obstore.delete(self.store, key)

    def reading(
        self,
        path: str,
        limits: Limits = USUAL,
        stores: tuple[str, ...] | None = None,
        name: str = "Profiles",
        **options: Any,
    ) -> Reading:
        """A source in the bucket; with `stores` a confined one."""
        path = path if "://" in path else f"s3://{self.name}/{path}"
        fence = None if stores is None else Fence(())
        return Reading(name, "store", None, options, fence, limits, path, stores or ())

    def open(self, path: str, progress: Any = None, **given: Any) -> FileSource:
        source = open_source(self.reading(path, **given), self.cache, progress)
        assert isinstance(source, FileSource)
        return source

    def rows(self, path: str, **given: Any) -> pl.DataFrame:
        return self.open(path, **given).scan().to_native().collect()

    def fetched(self) -> list[Path]:
        """The files in the cache that came from the bucket."""
        return sorted(self.cache.glob("*.fetched/*/*"))


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whose certificates are trusted."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


@pytest.fixture
def environment(s3: str, trusting: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server's environment says of S3."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrSecretExample")


@pytest.fixture
def new_bucket(s3: str, environment: None, tmp_path: Path) -> Callable[[str], Bucket]:
    """Makes a bucket of this name."""
    from urllib.request import Request, urlopen

    def made(name: str) -> Bucket:
        urlopen(Request(f"{s3}/{name}", method="PUT")).close()  # noqa: S310  our own server
        store = S3Store(name, client_options={"allow_http": True})
        return Bucket(name, store, tmp_path / "cache")

    return made


@pytest.fixture
def bucket(new_bucket: Callable[[str], Bucket], request: pytest.FixtureRequest) -> Bucket:
    """A bucket of the test's own."""
    return new_bucket(f"b{sha256(request.node.nodeid.encode()).hexdigest()[:20]}")
