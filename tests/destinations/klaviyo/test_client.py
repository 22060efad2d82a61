import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest

from core.destinations import Account, ListFacts
from core.destinations.http import LONGEST_ANSWER
from core.destinations.klaviyo import KlaviyoSettings
from core.destinations.klaviyo.answers import Page
from core.destinations.klaviyo.auth import PrivateKey
from core.destinations.klaviyo.client import Client
from core.destinations.limits import Limits
from core.errors import AnswerLost, Invalid, Rejected, Stopped, Unavailable
from tests.destinations.conftest import HANG, KEY
from tests.destinations.web import serving

BODY = '{"type":"profile","attributes":{"email":"a@example.com"}}'
ACCEPTED = {"data": {"id": "J1", "attributes": {"status": "queued"}}}
ONE = {"data": {"id": "L", "attributes": {"name": "Newsletter", "opt_in_process": "single_opt_in"}}}


def account(id="AbC123"):
    about = {"test_account": False, "timezone": "Europe/Riga"}
    about |= {"contact_information": {"organization_name": "Baltic Outfitters"}}
    return {"data": [{"id": id, "attributes": about}]}


def test_the_account_is_asked_for_once(klaviyo, script):
    script.says(200, account())
    expected = Account("AbC123", "Baltic Outfitters", test=False, time_zone="Europe/Riga")
    assert klaviyo.account() == klaviyo.account() == expected
    assert klaviyo.requests == 1


def test_lists_come_from_every_page_ten_at_a_time(klaviyo, script, address):
    pages = [{"id": str(n), "attributes": {"name": f"List {n}"}} for n in range(23)]
    following = address + "/api/lists?page%5Bsize%5D=10&page%5Bcursor%5D="
    script.says(200, {"data": pages[:10], "links": {"next": following + "b%3D%3D"}})
    script.says(200, {"data": pages[10:20], "links": {"next": following + "c"}})
    script.says(200, {"data": pages[20:], "links": {"self": "x", "next": None}})
    assert [facts.name for facts in klaviyo.lists()] == [f"List {n}" for n in range(23)]
    assert [asked.query for asked in script.asked] == [
        {"page[size]": "10"},
        {"page[size]": "10", "page[cursor]": "b=="},
        {"page[size]": "10", "page[cursor]": "c"},
    ]


def test_the_next_page_is_never_asked_of_another_host(klaviyo, script):
    script.says(200, {"data": [], "links": {"next": "https://evil.example/x?page%5Bcursor%5D=b"}})
    script.says(200, {"data": [], "links": []})
    assert list(klaviyo.lists()) == []
    assert [(a.path, a.query) for a in script.asked][1] == ("/api/lists", {"page[cursor]": "b"})


def test_pages_that_go_round_in_circles_are_not_followed(klaviyo, script, address):
    for _ in range(3):
        script.says(200, {"data": [], "links": {"next": address + "/api/lists?page%5Bcursor%5D=b"}})
    with pytest.raises(Rejected, match=r"links\.next"):
        list(klaviyo.lists())


def test_a_list_tells_its_opt_in_process(klaviyo, script):
    script.says(200, ONE)
    assert klaviyo.list_facts("L") == ListFacts("L", "Newsletter", False, None)
    assert script.asked[0].query == {}


def test_a_list_is_counted_only_when_asked_to(klaviyo, script):
    one = {"id": "L", "attributes": {"name": None, "profile_count": 1_234}}
    script.says(200, {"data": one})
    assert klaviyo.list_facts("L", count=True) == ListFacts("L", "L", None, 1_234)
    assert script.asked[0].query == {"additional-fields[list]": "profile_count"}


def test_counting_goes_at_its_own_slower_pace(klaviyo, script, clock):
    for _ in range(4):
        script.says(200, ONE)
    for count in (False, True, True, False):
        klaviyo.list_facts("L", count)
    assert clock.seconds == pytest.approx(1_001)


@pytest.mark.parametrize("id", ["", " ", ".."])
def test_nothing_is_asked_about_an_empty_id(klaviyo, script, id):
    for ask in (klaviyo.jobs.check, klaviyo.list_facts):
        with pytest.raises(Invalid, match="is not a Klaviyo ID"):
            ask(id)
    assert script.asked == []


@pytest.mark.parametrize("seconds", [1, 7, 61])
def test_retry_after_is_obeyed_to_the_second_and_not_much_longer(klaviyo, script, clock, seconds):
    script.refuses(429, retry_after=str(seconds)).says(202, ACCEPTED)
    klaviyo.send(None, [BODY])
    first, second = (asked.at for asked in script.asked)
    assert seconds <= second - first < seconds + 0.5
    assert (klaviyo.requests, klaviyo.throttled) == (2, 1)


def test_retry_after_holds_for_all_runs_of_the_account(open_at, address, script, clock):
    limits = Limits(clock, clock.sleep)
    one, other = open_at(address, limits=limits), open_at(address, "pk_other", limits)
    script.says(200, account()).says(200, account())
    one.account()
    other.account()
    script.refuses(429, retry_after="3600")
    with pytest.raises(Unavailable, match="too many requests") as caught:
        one.send(None, [BODY])
    assert caught.value.retry_after == 3_600
    asked = len(script.asked)
    with pytest.raises(Unavailable, match="wait about 60 minutes, until 20"):
        other.send(None, [BODY])
    assert len(script.asked) == asked
    script.says(200, ONE)
    other.list_facts("L")
    clock.seconds += 3_600
    script.says(202, ACCEPTED)
    other.send(None, [BODY])


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7.5", 7.5), ("Tue, 24 Nov 2026 09:00:30 GMT", 30), ("Tuesday, 24-Nov-26 09:01:00 GMT", 60)],
)
def test_a_retry_after_may_be_a_fraction_or_a_date_by_the_servers_clock(
    klaviyo, script, clock, header, seconds
):
    date = "Tue, 24 Nov 2026 09:00:00 GMT"  # an hour ahead of ours
    script.refuses(429, retry_after=header, date=date).says(202, ACCEPTED)
    klaviyo.send(None, [BODY])
    first, second = (asked.at for asked in script.asked)
    assert seconds <= second - first < seconds + 0.5


def test_a_wait_of_hours_is_told_with_its_time(klaviyo, script):
    script.refuses(429, retry_after="50400")
    with pytest.raises(
        Unavailable, match=r"wait about 14 hours, until 2026-11-2\d \d\d:00 "
    ) as told:
        klaviyo.send(None, [BODY])
    assert told.value.retry_after == 50_400


@pytest.mark.parametrize(
    "header", ["", "0", "soon", "-5", "nan", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "²"]
)
def test_a_retry_after_that_makes_no_sense_means_backing_off(klaviyo, script, clock, header):
    script.refuses(429, retry_after=header.encode().decode("latin-1")).says(200, ONE)
    klaviyo.list_facts("L")
    assert script.asked[1].at - script.asked[0].at == pytest.approx(1.0)


def test_backing_off_doubles_and_is_bounded(klaviyo, script, clock):
    for _ in range(4):
        script.refuses(503)
    script.says(200, ONE)
    klaviyo.list_facts("L")
    moments = [asked.at for asked in script.asked]
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert waits == pytest.approx([1, 2, 4, 8])


def test_backing_off_is_jittered_by_half(open_at, address, script, clock):
    script.refuses(500).says(200, ONE)
    open_at(address, jitter=lambda: 0.0).list_facts("L")
    assert script.asked[1].at - script.asked[0].at == pytest.approx(0.5)


def test_a_stop_ends_the_wait_within_a_second_and_nothing_is_sent(open_at, address, script, clock):
    klaviyo = open_at(address, stopped=lambda: clock.seconds >= 1_010)
    script.refuses(429, retry_after="60")
    with pytest.raises(Stopped):
        klaviyo.send(None, [BODY])
    assert clock.seconds < 1_011
    assert klaviyo.requests == 1


def test_a_hundred_imports_go_within_the_published_limits_and_lose_no_time(klaviyo, script, clock):
    for _ in range(100):
        script.says(202, ACCEPTED)
        klaviyo.send(None, [BODY])
    moments = [asked.at for asked in script.asked]
    assert moments[-1] - moments[0] <= 9 * 1.001
    assert klaviyo.throttled == 0


def test_a_proxy_of_the_environment_never_sees_what_stays_on_this_machine(
    open_at, address, script, monkeypatch
):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:1")
    script.says(200, ONE)
    assert open_at(address).list_facts("L").name == "Newsletter"


def test_a_stop_ends_a_request_that_is_under_way(open_at, address, script):
    asked = threading.Event()
    klaviyo = open_at(address, stopped=asked.is_set)
    script.says(HANG).says(HANG).says(200, ONE)
    asked.set()
    began = time.monotonic()
    with pytest.raises(Stopped):
        klaviyo.list_facts("L")
    with pytest.raises(AnswerLost):  # it may have arrived
        klaviyo.send(None, [BODY])
    assert time.monotonic() - began < 2.0
    assert klaviyo.list_facts("L").name == "Newsletter"


def test_a_request_has_one_deadline_for_all_of_its_answer(open_at, trickling):
    klaviyo = open_at(trickling, timeout=0.4)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="didn't answer in time"):
        klaviyo.list_facts("L")
    assert time.monotonic() - began < 5 * 0.4 + 1.5


@pytest.fixture
def trickling() -> Iterator[str]:
    """Where a server never falls silent, and never ends its answer."""

    class Trickle(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(OSError):
                while True:
                    self.wfile.write(b"H")
                    time.sleep(0.05)

        def log_message(self, *args: object) -> None: ...

    with serving(Trickle) as port:
        yield f"http://127.0.0.1:{port}"


def test_pages_without_an_end_are_left(script, address, clock):
    for page in range(4):
        following = f"{address}/api/lists?page%5Bcursor%5D={page}"
        script.says(200, {"data": [], "links": {"next": following}})
    settings = KlaviyoSettings(base_url=address)
    client = Client(settings, PrivateKey(KEY), Limits(clock, clock.sleep))
    with closing(client), pytest.raises(Rejected, match=r"links\.next"):
        list(client.pages("lists", Page, {}, most=3))
    assert script.left == 0


BOMB = b" " * (LONGEST_ANSWER + 1)


@pytest.mark.parametrize("status", [200, 401, 500])
@pytest.mark.parametrize("packed", [False, True])
def test_of_an_answer_without_an_end_only_its_beginning_is_read(klaviyo, script, status, packed):
    if packed:
        script.says(status, gzip.compress(BOMB, 1), content_encoding="gzip")
    else:
        script.says(status, BOMB)
    with pytest.raises(Rejected, match=r"more than 10 MB.*proxy"):
        klaviyo.account()
    assert script.left == 0
