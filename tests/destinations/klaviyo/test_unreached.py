"""Where the way to Klaviyo fails before anything is sent, tried with real parts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from core.connections import checks
from core.destinations.clock import clock_off
from core.destinations.klaviyo.settings import KlaviyoSettings
from core.destinations.unreached import nowhere
from core.errors import Invalid, Rejected, Unavailable
from tests.destinations.conftest import Handler, Script
from tests.destinations.web import Authority, encrypted, proxy, serving

TRIES = KlaviyoSettings().tries
BODY = '{"type":"profile","attributes":{"email":"a@example.com"}}'
KLAVIYO = "https://a.klaviyo.com"  # never reached here: a proxy is in between
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
DAY = timedelta(days=1)
NOBODY = "0.0.0.0"  # noqa: S104  (nothing listens on it here)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@contextmanager
def unused_port() -> Iterator[int]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]


def scripted(script: Script) -> type[BaseHTTPRequestHandler]:
    return type("Scripted", (Handler,), {"script": script})


@pytest.mark.parametrize(
    ("certificate", "host", "sentence"),
    [
        ({"self_signed": True}, "localhost", "shows a certificate that it signed itself"),
        ({"host": "shop.example"}, "localhost", "shows the certificate of another host"),
        ({}, "127.0.0.1", "shows the certificate of another host"),
        ({"begins": -2 * DAY, "ends": -DAY}, "localhost",
         r"^This computer's clock says 2026-11-24 \d\d:00 \S+; if that is wrong, set it and try"
         r" again\. .* has expired, so the request was not sent"),
        ({"begins": DAY, "ends": 2 * DAY}, "localhost",
         r"^This computer's clock says 2026-11-24 .* isn't valid yet, so the request was not sent"),
    ],
)  # fmt: skip
def test_a_certificate_that_cannot_be_trusted_has_its_sentence_and_nothing_arrives(
    open_at, authority, script, certificate, host, sentence
):
    with serving(scripted(script), authority.certificate(**certificate)) as port:
        trusting = httpx.HTTPTransport(verify=authority.context)
        klaviyo = open_at(f"https://{host}:{port}", transport=trusting)
        with pytest.raises(Rejected, match=sentence) as caught:
            klaviyo.send(None, [BODY])
    assert f"{host}:{port}" in str(caught.value)
    assert (klaviyo.requests, script.asked) == (1, [])


def test_an_issuer_that_is_not_known_here_is_told_with_the_way_out(open_at, authority, script):
    with serving(scripted(script), authority.certificate()) as port:
        klaviyo = open_at(f"https://localhost:{port}")
        with pytest.raises(Rejected, match=r"unknown issuer.*SSL_CERT_FILE"):
            klaviyo.send(None, [BODY])
    assert script.asked == []


def test_a_good_certificate_lets_through(open_at, authority, script):
    script.says(200, {"data": []})
    with serving(scripted(script), authority.certificate()) as port:
        trusting = httpx.HTTPTransport(verify=authority.context)
        assert not list(open_at(f"https://localhost:{port}", transport=trusting).lists())
    assert len(script.asked) == 1


def test_a_name_that_does_not_exist_is_told(open_at):
    klaviyo = open_at("https://klaviyo.invalid")
    with pytest.raises(Unavailable, match=r"The name klaviyo\.invalid can't be found"):
        klaviyo.send(None, [BODY])
    assert klaviyo.requests == TRIES


def test_a_name_that_a_blocker_answers_for_is_told(open_at):
    # The system's resolver takes 0.0 for 0.0.0.0, as a blocker's would any name.
    with unused_port() as port:
        klaviyo = open_at(f"https://0.0:{port}")
        with pytest.raises(Unavailable, match=r"leads to 0\.0\.0\.0 instead .* DNS blocker"):
            klaviyo.send(None, [BODY])


def test_a_blocker_is_told_even_where_something_listens_on_this_machine(open_at, authority, script):
    told = pytest.raises(Unavailable, match="a DNS blocker or a hosts file answers for it")
    with serving(scripted(script), authority.certificate(self_signed=True)) as port, told:
        open_at(f"https://0.0:{port}").send(None, [BODY])
    assert script.asked == []


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        ([NOBODY], NOBODY),
        (["::"], "::"),
        (["::", NOBODY], "::"),
        (["127.0.0.1"], "127.0.0.1"),
        (["::1"], "::1"),
        (["192.0.2.7"], None),
        (["192.0.2.7", NOBODY], None),
        (["fe80::1%eth0"], None),
        ([], None),
    ],
)  # fmt: skip
def test_only_addresses_that_are_no_server_of_anybody_mean_a_blocker(addresses, told):
    assert nowhere(addresses) == told


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [
        (407, Rejected, "wants a name and a password"),
        (403, Rejected, r"blocks a\.klaviyo\.com \(status 403\)"),
        (502, Unavailable, r"blocks a\.klaviyo\.com \(status 502\)"),
    ],
)
def test_a_proxy_that_refuses_is_named_with_what_it_wants(
    open_at, monkeypatch, status, kind, sentence
):
    with proxy(status) as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:pass_word@127.0.0.1:{port}")
        klaviyo = open_at(KLAVIYO)
        with pytest.raises(kind, match=sentence) as caught:
            klaviyo.send(None, [BODY])
    assert f"The proxy 127.0.0.1:{port}" in str(caught.value)
    assert "pass_word" not in str(caught.value)
    assert set(asked) == {"a.klaviyo.com:443"}
    assert klaviyo.requests == (1 if kind is Rejected else TRIES)


def test_a_proxy_that_does_not_listen_is_told(open_at, monkeypatch):
    with unused_port() as port:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
        with pytest.raises(Unavailable, match=f"proxy 127.0.0.1:{port} refuses connections"):
            open_at(KLAVIYO).send(None, [BODY])


def test_a_proxy_whose_name_does_not_exist_is_told(open_at, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:3128")
    with pytest.raises(Unavailable, match=r"name of the proxy proxy\.invalid:3128 can't be found"):
        open_at(KLAVIYO).send(None, [BODY])


def test_a_proxy_that_hangs_up_is_told(open_at, monkeypatch, script):
    for _try in range(TRIES):
        script.says(-1)
    handler = type("Hanging", (Handler,), {"script": script, "do_CONNECT": Handler.answer})
    with serving(handler) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Unavailable):
            open_at(KLAVIYO).list_facts("Y6nRLr")


def opening(script: Script, certificate: Path) -> type[BaseHTTPRequestHandler]:
    """A proxy that opens encrypted traffic: it answers itself for wherever one wanted to."""

    class Opening(Handler):
        def do_CONNECT(self) -> None:
            self.send_response_only(200)
            self.end_headers()
            self.connection = encrypted(self.connection, certificate)
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb", 0)

        def finish(self) -> None:
            super().finish()
            self.connection.close()

    Opening.script = script
    return Opening


def test_a_proxy_that_opens_encrypted_traffic_is_trusted_only_where_its_certificate_is_named(
    open_at, authority, monkeypatch, script
):
    script.says(200, {"data": []})
    with serving(opening(script, authority.certificate("a.klaviyo.com"))) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Rejected, match=r"unknown issuer.*SSL_CERT_FILE"):
            list(open_at(KLAVIYO).lists())
        assert script.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert not list(open_at(KLAVIYO).lists())
    assert [asked.path for asked in script.asked] == ["/api/lists"]


@pytest.mark.parametrize("given", ["socks5://proxy.example:1", "ftp://x:1", "http://:3128", "h:p"])
def test_a_proxy_of_an_unknown_kind_is_told_without_its_password(open_at, monkeypatch, given):
    monkeypatch.setenv("HTTPS_PROXY", given.replace("://", "://name:pass_word@"))
    with pytest.raises(Invalid, match=r"HTTPS_PROXY.* can't be used.*http://proxy\.example") as e:
        open_at(KLAVIYO)
    assert "pass_word" not in str(e.value)


def test_an_exception_from_the_proxy_is_obeyed_in_the_sentence_too(open_at, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "klaviyo.invalid")
    with pytest.raises(Unavailable, match=r"The name klaviyo\.invalid can't be found"):
        open_at("https://klaviyo.invalid").send(None, [BODY])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_neither_key_nor_profiles_to_the_second_server(
    klaviyo, script, clock, status
):
    second = Script(clock)
    with serving(scripted(second)) as port:
        script.says(status, location=f"http://127.0.0.1:{port}/api/profile-bulk-import-jobs")
        with pytest.raises(Rejected, match="the key is not sent there"):
            klaviyo.send(None, [BODY])
    assert len(script.asked) == 1
    assert second.asked == []


@pytest.mark.parametrize(
    ("date", "minutes", "sentence"),
    [
        ("Tue, 24 Nov 2026 08:04:00 GMT", 4, None),
        ("Tue, 24 Nov 2026 08:09:00 GMT", 9, "clock is 9 minutes slow by Klaviyo's"),
        ("Tue, 24 Nov 2026 06:00:00 GMT", -120, "clock is 120 minutes fast by Klaviyo's"),
    ],
)
def test_a_clock_that_differs_is_known_and_nothing_fails(klaviyo, script, date, minutes, sentence):
    assert klaviyo.ahead == timedelta()
    script.says(200, {"data": []}, date=date)
    assert not list(klaviyo.lists())
    assert klaviyo.ahead == timedelta(minutes=minutes)
    told = clock_off(klaviyo)
    assert sentence in told if sentence else told is None


def test_trying_a_key_tells_of_a_wrong_clock_and_goes_well(store, ada, address, script, key):
    old = {"date": "Wed, 01 Jan 2020 00:00:00 GMT"}
    about = {"test_account": False, "timezone": "Europe/Riga"}
    about |= {"contact_information": {"organization_name": "Baltic Outfitters"}}
    script.says(200, {"data": [{"id": "AbC123", "attributes": about}]}, **old)
    for _answer in ("the lists", "the jobs", "the lists again"):
        script.says(200, {"data": []}, **old)
    look = checks.try_key(store, ada, "klaviyo", address, key)
    assert look.account.id == "AbC123"
    assert "minutes fast by Klaviyo's" in (look.clock or "")


def test_a_second_proxy_of_an_unknown_kind_is_told_too(open_at, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy.example:1080")
    with pytest.raises(Invalid, match="HTTPS_PROXY, ALL_PROXY"):
        open_at(KLAVIYO)
