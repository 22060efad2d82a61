"""TLS as the options of a URL demand it, tried: each way to fail has its sentence."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.session import Session
from tests import tls
from tests.profiles.sources.databases.conftest import Database

# The host of the certificate, for how long it is valid; who is trusted; what is said.
CASES = {
    "right": ("localhost", 1, "own", None),
    "not its authority": ("localhost", 1, "other", "isn't signed by an authority"),
    "another host": ("elsewhere.test", 1, "own", "is for another name"),
    "expired": ("localhost", -1, "own", "expired"),
    "no authority": ("localhost", 1, "missing", "certificate file .* does not exist"),
}


class Certificates:
    """Those of the cases, by their names."""

    def __init__(self, folder: Path) -> None:
        own, other = tls.Authority(folder, "own"), tls.Authority(folder, "other")
        self.trusted = {one.certificate.stem: one.certificate for one in (own, other)}
        self.trusted["missing"] = folder / "missing.pem"
        known = {case[:2] for case in CASES.values()}
        self.pairs = {one: own.signed(one[0], timedelta(days=one[1])) for one in known}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls"))


def read(database: Database, url: str) -> int:
    """How many people are read at that URL."""
    source = Database(url, database.execute, database.cache).open()
    return source.fetched(source.scan()).collect().height


def tried(database: Database, url: str, said: str | None) -> None:
    if said is None:
        assert read(database, url) == 5
        return
    with pytest.raises(SourceFailed, match=said) as failed:
        read(database, url)
    assert "s3cret" not in str(failed.value)


@pytest.mark.parametrize("case", CASES)
def test_postgresql_is_read_by_tls_or_says_why_not(
    postgres: Database, certificates: Certificates, case: str
):
    host, days, trusted, said = CASES[case]
    parts = urlsplit(postgres.url)
    (socket,) = Path(parse_qs(parts.query)["host"][0]).glob(".s.PGSQL.*[0-9]")
    with tls.front(socket, certificates.pairs[host, days]) as port:
        options = f"sslmode=verify-full&sslrootcert={certificates.trusted[trusted]}"
        url = f"postgresql://postgres:s3cret@localhost:{port}{parts.path}?{options}"
        tried(postgres, url, said)


def test_postgresql_without_tls_is_not_read_where_it_is_demanded(postgres: Database):
    with tls.front(Path("/nowhere"), None) as port:
        url = f"postgresql://postgres:s3cret@localhost:{port}/x?sslmode=require"
        tried(postgres, url, "offers no TLS")


@pytest.mark.parametrize("case", CASES)
def test_mariadb_is_read_by_tls_or_says_why_not(
    maria: Database, certificates: Certificates, case: str
):
    host, days, trusted, said = CASES[case]
    url = with_tls(maria, certificates.pairs[host, days])
    options = f"ssl_ca={certificates.trusted[trusted]}&ssl_verify_identity=true"
    tried(maria, f"{url}?{options}", said)


def with_tls(maria: Database, pair: tls.Pair) -> str:
    """The URL of the server by TCP, which has that certificate now."""
    folder = Path(parse_qs(urlsplit(maria.url).query)["unix_socket"][0]).parent
    shutil.copy(pair.certificate, folder / "server.pem")
    shutil.copy(pair.key, folder / "server.key")
    maria.execute("flush ssl")
    maria.execute("create or replace user safe identified by 's3cret' require ssl")
    maria.execute("grant all on *.* to safe")
    port = (folder / "port").read_text()
    return f"mariadb://safe:s3cret@localhost:{port}{urlsplit(maria.url).path}"


@pytest.mark.parametrize("option", ["sslmode=verify-full", "ssl_verify_cert=yes", "ssl-ca=x"])
def test_an_option_that_would_be_passed_over_is_refused(tmp_path: Path, option: str):
    database = Database(f"mysql://ann:s3cret@127.0.0.1:1/x?{option}", print, tmp_path)
    with pytest.raises(Invalid, match=f"The option “{option.partition('=')[0]}” of the URL"):
        database.open()


def test_mariadb_is_connected_to_at_the_address_that_was_checked_by_the_name_of_its_certificate(
    maria: Database, certificates: Certificates
):
    pair = certificates.pairs["elsewhere.test", 1]
    url = with_tls(maria, pair).replace("@localhost", "@elsewhere.test")
    options = f"ssl_ca={certificates.trusted['own']}&ssl_verify_identity=true"
    address = replace(Address.parse(f"{url}?{options}"), known="127.0.0.1")
    session = Session(address, "People", 10)
    assert "people" in str(session.tables())
    session.close()
