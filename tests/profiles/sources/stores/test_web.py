"""Files on web servers: versions, redirects, and addresses from which nothing is read."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from time import monotonic
from typing import Any

import pytest

from core.errors import Invalid, Outside, SourceFailed, StorageFailed
from core.profiles.sources import Reading, open_source, state_of
from core.profiles.sources.fence import Fence
from core.profiles.sources.limits import USUAL, Limits
from core.profiles.sources.stores import hosts
from core.profiles.sources.stores.address import Address
from tests.destinations.web import serving

TEXT = b"email,city\na@example.com,Ulm\nb@example.com,Bonn\n"


class Site:
    """A web server with TLS: what it answers by path, and what was asked of it."""

    def __init__(self, cache) -> None:
        self.cache, self.port = cache, 0
        self.files: dict[str, bytes] = {"/p.csv": TEXT}
        self.answers: dict[str, tuple[int, dict[str, str]]] = {}
        self.headers = {"ETag": '"1"', "Last-Modified": "Sat, 01 Aug 2026 10:00:00 GMT"}
        self.asked: list[str] = []
        self.later: dict[str, str] = {}
        self.rest = threading.Event()  # what is left of /slow.csv is sent
        self.lengths = True

    @property
    def place(self) -> str:
        return f"https://localhost:{self.port}/"

    def handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.begin(self)
                if self.command == "HEAD" or body is None:
                    return
                half = len(body) // 2 if "slow" in self.path else len(body)
                self.wfile.write(body[:half])
                if half < len(body):
                    site.rest.wait(10)
                    self.wfile.write(body[half:])

            do_HEAD = do_GET

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        return Handler

    def begin(self, request: BaseHTTPRequestHandler) -> bytes | None:
        self.asked.append(f"{request.command} {request.path}")
        status, headers = self.answers.get(request.path, (200, {}))
        body = self.files.get(request.path)
        request.send_response(status if body is not None or status != 200 else 404)
        later = self.later if len(self.asked) > 1 else {}
        for name, value in (self.headers | headers | later).items():
            request.send_header(name, value)
        if body is not None and self.lengths:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        return body

    def reading(
        self,
        path: str = "p.csv",
        stores: tuple[str, ...] | None = None,
        confined: bool = True,
        limits: Limits = USUAL,
    ) -> Reading:
        url = path if "://" in path else self.place + path
        allowed = (self.place,) if stores is None else stores
        fence = Fence(()) if confined else None
        return Reading("Web", "store", None, {}, fence, limits, url, allowed)

    def emails(self, *args: Any, progress: Any = None, **given: Any) -> list[str]:
        source = open_source(self.reading(*args, **given), self.cache, progress)
        return source.scan().to_native().collect()["email"].to_list()


@pytest.fixture
def site(authority, trusting, tmp_path) -> Iterator[Site]:
    made = Site(tmp_path / "cache")
    with serving(made.handler(), authority.certificate()) as made.port:
        yield made
        made.rest.set()


def refused(site: Site, *args: Any, kind: type[Exception] = SourceFailed, **given: Any) -> str:
    with pytest.raises(kind) as caught:
        site.emails(*args, **given)
    return str(caught.value)


def test_a_file_is_read_and_fetched_once_per_version(site):
    assert site.emails() == ["a@example.com", "b@example.com"]
    assert site.emails() == ["a@example.com", "b@example.com"]
    assert site.asked.count("GET /p.csv") == 1
    site.files["/p.csv"], site.headers["ETag"] = b"email\nc@example.com\nd@example.com\n", '"2"'
    assert site.emails() == ["c@example.com", "d@example.com"]


def test_the_state_asks_for_headers_only(site):
    state = state_of(site.reading())
    assert site.asked == ["HEAD /p.csv"]
    assert state.tags == ("1",)
    assert state.files[0][1] == len(TEXT)


def test_a_server_without_head_or_lengths_is_read_too(site):
    site.lengths = False
    del site.headers["ETag"]
    assert len(site.emails()) == 2
    site.answers["/p.csv"] = (405, {})
    assert "answered 405" in refused(site)


@pytest.mark.parametrize("length", ["\xb2", "9" * 5_000, "-1"])
def test_a_length_that_is_none_is_not_believed(site, length):
    site.lengths = False
    site.headers["Content-Length"] = length
    (found,) = state_of(site.reading()).files
    assert found[1] == 0


def test_odd_names_and_queries_are_sent_encoded(site):
    site.files["/%C3%BCn%C3%AF%20100%25/p.csv?format=csv"] = TEXT
    assert len(site.emails("ünï 100%25/p.csv?format=csv")) == 2


def test_what_tells_no_version_is_refused(site):
    site.headers = {}
    assert "neither an ETag nor when it was written" in refused(site)


@pytest.mark.parametrize(
    ("status", "said"), [(404, "is missing"), (403, "403"), (401, "401"), (500, "answered 500")]
)
def test_each_status_has_its_sentence(site, status, said):
    site.answers["/p.csv"] = (status, {})
    text = refused(site)
    assert said in text
    assert "localhost" in text


def test_a_change_while_it_is_fetched_is_refused(site):
    site.later = {"ETag": '"2"'}  # what the second answer has
    assert "changed while it was being read" in refused(site)
    assert [one for one in site.cache.iterdir() if one.name.endswith(".fetched")] == []


def test_stopping_takes_less_than_a_second_and_leaves_nothing(site):
    class Stopped(Exception):
        pass

    begun = threading.Event()

    def stop(share: float, doing: str) -> None:
        if share > 0:
            begun.set()
            raise Stopped

    site.files["/slow.csv"] = TEXT * 100_000
    at = monotonic()
    with pytest.raises(Stopped):
        site.emails("slow.csv", progress=stop)
    assert begun.is_set()
    assert monotonic() - at < 1.5
    assert [one for one in site.cache.iterdir() if one.name.endswith(".fetched")] == []


def test_time_has_a_bound(site):
    site.files["/slow.csv"] = TEXT
    text = refused(site, "slow.csv", limits=Limits(seconds=0.3))
    assert "SEGFERRY_READING_TIME" in text


def test_a_file_of_unknown_size_has_a_bound_too(site):
    site.lengths = False
    site.files["/p.csv"] = TEXT * 50_000
    assert "SEGFERRY_MAX_COPIES" in refused(site, kind=StorageFailed, limits=Limits(copies=1))


def test_a_server_lists_nothing(site):
    for path in ("", "folder/", "*.csv"):
        assert "names no file" in refused(site, path, kind=Invalid)


def test_an_untrusted_certificate_is_refused(site, authority, monkeypatch):
    with serving(site.handler(), authority.certificate(self_signed=True)) as port:
        place = f"https://localhost:{port}/"
        assert "certificate of localhost" in refused(site, f"{place}p.csv", stores=(place,))


def test_a_redirect_is_followed_within_the_allowed_stores(site):
    site.answers["/old.csv"] = (302, {"Location": "/p.csv?X-Amz-Signature=abcdef"})
    site.files["/p.csv?X-Amz-Signature=abcdef"] = TEXT
    site.answers["/older.csv"] = (301, {"Location": "/o ld.csv"})
    site.answers["/o%20ld.csv"] = (308, {"Location": "old.csv"})
    assert len(site.emails("older.csv")) == 2
    assert len(site.emails("old.csv")) == 2


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost/p.csv",
        "file:///etc/passwd",
        "https://user:pa55word@localhost/p.csv",
        "https://169.254.169.254/latest/meta-data",
        "https://elsewhere.example/p.csv?sig=s3cret",
        "//[::1]/p.csv",
    ],
)
@pytest.mark.parametrize("confined", [True, False])
def test_a_redirect_elsewhere_is_not_followed(site, target, confined, monkeypatch):
    real = socket.getaddrinfo

    def resolved(host: str, *args: Any, **given: Any) -> list[Any]:
        return real("10.0.0.1" if host == "elsewhere.example" else host, *args, **given)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    site.answers["/open/old.csv"] = (307, {"Location": target})
    place = f"{site.place}open/"
    text = refused(site, "open/old.csv", stores=(place,), confined=confined, kind=Outside)
    assert "SEGFERRY_SOURCE_STORES" in text
    for secret in ("pa55word", "s3cret", "sig="):
        assert secret not in text


def test_a_redirect_out_of_an_allowed_folder_is_not_followed(site):
    site.answers["/open/old.csv"] = (307, {"Location": "/open/../p.csv"})
    refused(site, "open/old.csv", stores=(f"{site.place}open/",), kind=Outside)
    assert site.asked == ["HEAD /open/old.csv"]


def test_endless_redirects_end(site):
    site.answers["/p.csv"] = (301, {"Location": "/p.csv"})
    assert "again and again" in refused(site)


def test_a_host_nobody_allowed_is_not_asked(site):
    assert "SEGFERRY_SOURCE_STORES" in refused(site, stores=(), kind=Outside)
    assert "within this machine" in refused(site, stores=(), confined=False, kind=Outside)
    assert site.asked == []


def test_the_operator_may_name_a_private_host(site):
    assert len(site.emails(confined=False)) == 2


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("100.64.0.1", "::1", "fe80::1", "fd00::1", "fd00:ec2::254", "::ffff:127.0.0.1"),
        *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("224.0.0.1", "ff02::1", "100.100.100.200", "::"),
    ],
)
def test_a_name_that_points_inside_is_not_asked(ip, monkeypatch):
    family = socket.AF_INET if ip_address(ip).version == 4 else socket.AF_INET6
    answers = [(socket.AF_INET, 1, 6, "", ("93.184.215.14", 443)), (family, 1, 6, "", (ip, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    address = Address.parse("https://example.com/p.csv")
    with pytest.raises(Outside):
        hosts.addresses(address, "example.com", 443, [])


def test_no_setting_opens_the_metadata_of_clouds(monkeypatch):
    for ip in ("169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"):
        answers = [(socket.AF_INET6, 1, 6, "", (ip, 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=answers, **__: found)
        address = Address.parse("https://example.com/p.csv")
        with pytest.raises(Outside):
            hosts.addresses(address, "example.com", 443, ["https://example.com/"])


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_known(host):
    address = Address.parse(f"https://{host}/p.csv")
    with pytest.raises(Outside):
        hosts.addresses(address, host, 443, [])


def test_an_unknown_host_has_its_sentence(site, monkeypatch):
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    text = refused(site, "https://no.such.example/p.csv", confined=False)
    assert "No server of the name no.such.example" in text
