"""Sources made in the browser connect to nothing that only this machine may."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Invalid, Outside, SegferryError, SourceFailed
from core.profiles.sources import Reading
from core.profiles.sources.databases.confined import check_opened
from core.profiles.sources.databases.drivers import open_driver
from core.profiles.sources.databases.session import Session
from core.profiles.sources.databases.source import address_of
from core.profiles.sources.fence import Fence
from tests.profiles.sources.databases.conftest import Database, duckdb_at, sqlite_at


def address(url: str, tmp_path: Path, servers: tuple[str, ...] = ()):
    """As a source of the browser is read, files allowed in one folder."""
    fence = Fence((tmp_path,))
    return address_of(
        Reading("P", "database", None, {"table": "t"}, fence, url=url, servers=servers)
    )


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::]"],
)
@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "trino"])
def test_this_machine_is_not_asked(tmp_path: Path, scheme: str, host: str):
    with pytest.raises(Outside, match="SEGFERRY_SOURCE_DATABASES") as refused:
        address(f"{scheme}://ann:s3cret@{host}/x", tmp_path)
    assert "s3cret" not in str(refused.value)


def test_nor_is_a_name_that_leads_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own = [(socket.AF_INET, 0, 0, "", ("127.0.0.9", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: own)
    with pytest.raises(Outside):
        address("postgresql://db.example.com/x", tmp_path)


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[fd00:ec2::254]"])
def test_the_metadata_of_clouds_are_not_asked_whoever_names_them(tmp_path: Path, host: str):
    with pytest.raises(Outside):
        address(f"postgresql://{host}/x", tmp_path, (host.strip("[]"),))


def test_the_operator_may_name_a_server_here(tmp_path: Path):
    found = address("postgresql://ann@localhost/x", tmp_path, ("localhost",))
    assert "hostaddr=127.0.0.1" in found.url


def test_what_was_checked_is_connected_to_without_passwords_of_this_machine(tmp_path: Path):
    found = address("postgresql://ann@192.0.2.7:5433/x?sslmode=require", tmp_path)
    assert found.url.startswith("postgresql://ann@192.0.2.7:5433/x?sslmode=require&")
    assert "hostaddr=192.0.2.7" in found.url
    assert "password=" in found.url.replace("passfile=", "")
    assert "passfile=%2Fdev%2Fnull%2Fnone" in found.url
    kept = address("postgresql://ann:p%40ss@192.0.2.7/x", tmp_path)
    assert "password=" not in kept.url


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///x",
        "postgresql://%2Ftmp/x",
        "postgresql://%40abstract/x",
        "postgresql://db.example.com/x?host=/tmp",
        "postgresql://db.example.com/x?hostaddr=127.0.0.1",
        "postgresql://db.example.com/x?service=own",
        "postgresql://db.example.com/x?passfile=/home/own/.pgpass",
        "postgresql://db.example.com/x?sslkey=/etc/ssl/private/own.key",
        "postgresql://db.example.com/x?sslkeylogfile=/srv/app.py",
        "mysql://db.example.com/x?unix_socket=/run/mysqld.sock",
        "mysql://db.example.com/x?ssl_key=/etc/own.key",
        "snowflake://a:b@account/x?private_key_file=/etc/own.key",
    ],
)
def test_sockets_and_files_of_this_machine_are_refused(tmp_path: Path, url: str):
    with pytest.raises(Invalid) as refused:
        address(url, tmp_path)
    assert refused.value.field == "url"


@pytest.mark.parametrize("option", ["sslrootcert", "ssl_ca"])
def test_an_authority_lies_in_an_allowed_folder(tmp_path: Path, option: str):
    scheme = "mysql" if option == "ssl_ca" else "postgresql"
    given = f"{scheme}://192.0.2.7/x?{option}="
    with pytest.raises(Outside):
        address(f"{given}/etc/ssl/own.pem", tmp_path)
    address(f"{given}{tmp_path}/own.pem", tmp_path)


def test_the_credentials_of_the_server_are_for_named_projects_only(tmp_path: Path):
    with pytest.raises(Outside):
        address("bigquery://project/set", tmp_path)
    address("bigquery://project/set", tmp_path, ("project",))


def test_an_unknown_host_has_its_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def unknown(*_given, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(SourceFailed, match="No server of the name “nowhere”"):
        address("postgresql://nowhere/x", tmp_path)


@pytest.mark.parametrize("name", ["[x].db", "plain.db", "a*b.db"])
def test_a_link_leads_nowhere_outside(tmp_path: Path, name: str):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.db").write_bytes(b"")
    (inside / name).symlink_to(tmp_path / "outside.db")
    with pytest.raises(SegferryError, match="outside the folders"):
        address(f"sqlite:///{inside}/{name}", inside)


@pytest.mark.parametrize("make", [sqlite_at, duckdb_at])
@pytest.mark.parametrize("is_back", [False, True])
def test_a_link_put_in_a_files_place_once_it_was_checked_leads_nowhere(
    tmp_path: Path, make: Callable[[Path, Path], Database], is_back: bool
):
    (inside := tmp_path / "inside").mkdir()
    for path in (inside / "p.db", tmp_path / "secret.db"):
        make(path, tmp_path).execute("create table people (id integer)")
    checked = address(make(inside / "p.db", tmp_path).url, inside)
    (inside / "p.db").rename(inside / "aside.db")
    (inside / "p.db").symlink_to(tmp_path / "secret.db")
    if not is_back:
        with pytest.raises(SourceFailed, match="was replaced while it was being opened"):
            Session(checked, "People", 10)
        return
    driver = open_driver(checked, 10)
    (inside / "aside.db").rename(inside / "p.db")
    with pytest.raises(SourceFailed, match="was replaced while it was being opened"):
        check_opened(checked)
    driver.close()
    Session(checked, "People", 10).close()
