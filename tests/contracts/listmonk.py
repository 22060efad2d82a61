"""listmonk's side of the contract: the local listmonk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from core.sandbox import listmonk as sandbox
from tests.contracts.sides import Clock
from tests.sandbox.listmonk.local import Local, client_of

ENDPOINTS = {"send": "POST /api/subscribers", "create_list": "POST /api/lists"}


class ListmonkSide:
    """The local listmonk, see Side."""

    secret = "segferry:" + "t" * 48
    a_list, quiet_list = "1", "2"
    mailings = ["Black Friday (will be sent on 2026-11-27 at 08:00 UTC)"]  # noqa: RUF012
    campaigns = {"Black Friday": datetime(2026, 11, 27, 8, tzinfo=UTC)}  # noqa: RUF012
    segments = ()
    unknown_list, unknown_person = "77", "999999"
    peoples_list = "9"
    people = tuple(f"visitor{n}@store.baltic-outfitters.example" for n in range(1, 25))
    people_consents = frozenset({"confirmed", "unconfirmed", "unsubscribed"})
    people_suppressions = frozenset({"blocklisted", "unsubscribed"})
    new_consent = "unconfirmed"
    sending = "/api/subscribers/query/lists"
    forbidden = ("preconfirm", "/optin", "blocklist", "/import", '"unsubscribe', '\\"confirmed')
    lists_a_day = None
    questions = 321  # that nobody is on a list is looked at once: the list may not be there
    longest_send = 1.0
    identifier = None
    list_page = (
        "https://lists.example.com",
        "https://lists.example.com/admin/subscribers/lists/1",
    )
    reads_lists = ("lists:get_all",)

    def __init__(self, address: str, clock: Clock, http: Local) -> None:
        self.settings = {"base_url": address}
        self.clock = clock
        self._http = http

    def lacking(self, destination):
        return (
            (lambda: destination.mailings(self.a_list), ("campaigns:get_all",)),
            (lambda: destination.create_list("No", True), ("lists:manage_all",)),
            (lambda: destination.known(self.people), ("subscribers:get_all",)),
            (lambda: destination.members_among(self.a_list, self.people), ("subscribers:get_all",)),
            (lambda: destination.take_off(self.a_list, ["1"]), ("subscribers:manage",)),
            (lambda: destination.clear("1", ["properties.size"]), ("subscribers:get_all",)),
        )

    def profile(self, email: str, **fields) -> str:
        names = [fields.pop(name) for name in ("first_name", "last_name") if name in fields]
        name = {"name": " ".join(names)} if names else {}
        attribs = {"attribs": fields} if fields else {}
        return json.dumps({"email": email} | name | attribs)

    def read(self, destination, email: str):
        read = destination.read_one(destination.ids_of([email])[email])
        return {"email": read["email"], "first_name": read["name"], **read["attribs"]}

    def refused(self, n: int) -> str:
        return f"refused{n}@blocked.example"

    def upset(self, kind: str, of: str = "send", **how) -> None:
        self._http.switch("faults", kind=kind, endpoint=ENDPOINTS[of], **how)

    def allow(self, *scopes: str) -> None:
        self._http.switch("users", users={self.secret: list(scopes)})

    def members(self) -> int:
        return self._http.found(list_id=self.a_list, per_page=1)["total"]

    def bring(self, emails, _arrived) -> None:
        self._http.switch("crowd", emails=emails, list_id=int(self.a_list))

    def asked(self) -> str:
        return self._http.get("/sandbox/requests").text + self._http.get("/sandbox/bodies").text


@contextmanager
def listmonk(folder) -> Iterator[ListmonkSide]:
    """The side, for a test; the local listmonk needs no folder."""
    clock = Clock()
    with sandbox.running(clock=clock) as address, client_of(address) as http:
        yield ListmonkSide(address, clock, http)
