"""Klaviyo's answers, which may be anything: sent by a server over HTTP to the client of runs."""

import copy
import json
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from hypothesis import strategies as st

from core.destinations import Credentials
from core.destinations.klaviyo import Klaviyo, KlaviyoSettings, open_klaviyo
from core.destinations.limits import Limits
from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.mutations import mutated

SINCE = datetime(2026, 11, 29, tzinfo=UTC)
EMAILS = ["a@example.com", "b@example.com"]
# What is asked, by the first byte of a case; the rest is the answer.
CALLS: list[Callable[[Klaviyo], Any]] = [
    lambda one: one.account(),
    lambda one: one.missing(),
    lambda one: list(one.lists()),
    lambda one: one.list_facts("Y6nRLr", True),
    lambda one: one.create_list("New", False),
    lambda one: one.mailings("Y6nRLr"),
    lambda one: one.dependents("Y6nRLr"),
    lambda one: one.usage(),
    lambda one: one.ids_of(EMAILS),
    lambda one: one.known(EMAILS),
    lambda one: one.filled(EMAILS, ["first_name", "location.city"]),
    lambda one: one.members_among("Y6nRLr", EMAILS),
    lambda one: one.joined("Y6nRLr", EMAILS),
    lambda one: one.take_off("Y6nRLr", ["01H"]),
    lambda one: one.read_one("01H"),
    lambda one: one.erase("a@example.com"),
    lambda one: one.clear("01H", ["first_name"]),
    lambda one: one.send("Y6nRLr", ['{"email": "a@example.com"}']),
    lambda one: one.jobs.find("Y6nRLr", 1, SINCE, []),
    lambda one: one.jobs.glance(),
    lambda one: one.jobs.check("job"),
]
ATTRIBUTES = {
    **{"name": "News", "opt_in_process": "single_opt_in", "profile_count": 3, "status": "complete"},
    **{"test_account": False, "contact_information": {"organization_name": "Shop"}},
    **{"timezone": "Europe/Riga", "archived": False, "email": EMAILS[0], "first_name": "Anna"},
    **{"joined_group_at": "2026-01-02T03:04:05+00:00", "location": {"city": "Rīga"}},
    "subscriptions": {"email": {"marketing": {"consent": "SUBSCRIBED", "suppression": []}}},
    **{"created_at": "2026-11-29T00:00:01Z", "total_count": 1, "completed_count": 0},
    **{"failed_count": 1, "usage_used": 3.0, "usage_max": 500, "unit": "profiles"},
    **{"as_of": "2026-11-29T00:00:00Z", "is_active": True, "detail": "wrong", "code": "invalid"},
    "definition": {"name": "Sale", "included": ["Y6nRLr"], "send_options": {"send_time": None}},
    "source": {"pointer": "/data/attributes/profiles/data/0/attributes/email"},
}
THING = {
    "id": "01H",
    "type": "list",
    "attributes": ATTRIBUTES,
    "relationships": {"lists": {"data": [{"type": "list", "id": "Y6nRLr"}]}},
}
ONE = {"data": THING, "links": {"self": "x"}}
MANY = {"data": [THING, {**THING, "id": "01J"}], "links": {"next": None}, "included": [THING]}
PROBLEM = {
    "errors": [
        {
            "id": "e",
            "status": 400,
            "code": "invalid",
            "title": "Invalid input.",
            "detail": "'x' is not valid.",
            "source": {"pointer": "/data/attributes/profiles/data/0/attributes/email"},
            "meta": {"duplicate_profile_id": "01J"},
        }
    ]
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=5),
    st.integers(),
    st.sampled_from(
        [1e308, -1, 10**400, "", [], {}, [[]], "\ud800", "\0", "9999-12-31T23:59:59-14:00"]
    ),
    st.sampled_from(
        ["0001-01-01T00:00:00+14:00", "http://[", "//x?page[cursor]=%00", [None], "x" * 5000]
    ),
)
STATUSES = st.sampled_from(
    [200, 200, 200, 200, 202, 204, 301, 400, 401, 403, 404, 409, 413, 429, 500, 600]
)
HEADERS = st.sampled_from(
    [
        *("", "", "", "Retry-After: 1\r\n", "Retry-After: 1e99\r\n", "Retry-After: -1\r\n"),
        *(
            "Retry-After: Wed, 99 Foo 99999 00:00:00 GMT\r\n",
            "Date: Mon, 01 Jan 0001 00:00:00 +2359\r\n",
        ),
        *("Content-Encoding: gzip\r\n", "Content-Type: text/html; charset=utf-7\r\n"),
        *(
            "Transfer-Encoding: chunked\r\n",
            "Location: http://[::1\r\n",
            "Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n",
        ),
    ]
)


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in pairs:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _with_odd(document: Any, changes: list[tuple[int, Any]]) -> bytes:
    """The document with other values in some places."""
    found = copy.deepcopy(document)
    for number, value in changes:
        places = list(_places(found))
        *way, last = places[number % len(places)] if places else ("data",)
        holder = found
        for step in way:
            holder = holder[step]
        holder[last] = copy.deepcopy(value)
    return json.dumps(found).encode()


def _answer(call: int, status: int, headers: str, body: bytes) -> bytes:
    length = "" if "chunked" in headers else f"Content-Length: {len(body)}\r\n"
    head = (
        f"HTTP/1.1 {status} Any\r\nContent-Type: application/vnd.api+json\r\n{headers}{length}\r\n"
    )
    return bytes([call]) + head.encode() + body


RIGHT = [json.dumps(one).encode() for one in (ONE, MANY, PROBLEM)]
BODIES = mutated(RIGHT, 3) | st.builds(
    _with_odd,
    st.sampled_from([ONE, MANY, PROBLEM]),
    st.lists(st.tuples(st.integers(0, 999), ODD), max_size=4),
)
WHICH = st.integers(0, len(CALLS) - 1)
ANSWERS = st.builds(_answer, WHICH, STATUSES, HEADERS, BODIES)
WHOLE = [_answer(n, 200, "", RIGHT[n % 2]) for n in range(len(CALLS))]


class Server(socketserver.ThreadingTCPServer):
    """Answers each request with the same bytes, then hangs up."""

    daemon_threads = True
    allow_reuse_address = True
    answer = b""


class Handler(socketserver.StreamRequestHandler):
    """Reads a request to its end, so that nothing of it is left when the connection closes."""

    timeout = 5.0

    def handle(self) -> None:
        """One request."""
        length = 0
        while (line := self.rfile.readline()).strip():
            name, _colon, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        self.rfile.read(length)
        self.wfile.write(self.server.answer)  # type: ignore[attr-defined]


@contextmanager
def _opened(_folder: Path) -> Iterator[Trial]:
    seconds = [0.0]

    def sleep(more: float) -> None:
        seconds[0] += more

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        given = KlaviyoSettings(base_url=url, timeout=2.0, tries=2)

        def tried(case: bytes) -> None:
            server.answer = case[1:]
            limits = Limits(lambda: seconds[0], sleep)
            call = CALLS[(case[:1] or b"\0")[0] % len(CALLS)]
            with open_klaviyo(given, Credentials("pk_0123456789abcdef"), limits) as opened:
                call(opened)

        yield tried
        server.shutdown()


KIND = Kind("klaviyo", 10, ANSWERS | mutated(WHOLE, 3), _opened)
