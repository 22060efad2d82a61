"""Klaviyo's side of the contract: the sandbox."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx

from core import sandbox
from tests.contracts.sides import Clock

IMPORT = "POST /api/profile-bulk-import-jobs"
ENDPOINTS = {"send": IMPORT, "create_list": "POST /api/lists", "job": "*"}
NAMES = {"first_name", "last_name", "title", "external_id"}


class KlaviyoSide:
    """The local Klaviyo, see Side."""

    list_page = ("https://a.klaviyo.com", "https://www.klaviyo.com/list/Y6nRLr")
    secret = "pk_test"
    a_list, mailings = "Y6nRLr", ["Welcome series"]
    campaigns = {"Winter sale": datetime(2026, 11, 26, 8, tzinfo=UTC)}  # noqa: RUF012
    segments = ("Engaged readers",)
    quiet_list = "Wb4cKn"  # sets off a flow that isn't live yet
    unknown_list, unknown_person = "N0pe00", "gone"
    peoples_list = "Vs7kQ2"
    people = tuple(f"visitor{n}@store.baltic-outfitters.example" for n in range(1, 25))
    people_consents = frozenset({"SUBSCRIBED", "UNSUBSCRIBED", "NEVER_SUBSCRIBED"})
    people_suppressions = frozenset({"HARD_BOUNCE", "SPAM_COMPLAINT", "UNSUBSCRIBE"})
    new_consent = "NEVER_SUBSCRIBED"
    sending, forbidden = "/api/profile-bulk-import-jobs", ("subscri", "suppress")
    lists_a_day = 150
    questions = 320
    longest_send = 65 * 1.2
    identifier = "external_id"
    reads_lists = ("lists:read",)

    def __init__(self, address: str, clock: Clock) -> None:
        self.settings = {"base_url": address}
        self.clock = clock
        self._http = httpx.Client(base_url=address)

    def lacking(self, destination):
        return (
            (lambda: destination.mailings(self.a_list), ("flows:read",)),
            (lambda: destination.create_list("No", True), ("lists:write",)),
            (lambda: destination.known(self.people), ("profiles:read",)),
            (lambda: destination.members_among(self.a_list, self.people), ("profiles:read",)),
            (lambda: destination.take_off(self.a_list, ["P1"]), ("lists:write", "profiles:write")),
            (lambda: destination.clear("P1", ["title"]), ("profiles:write",)),
        )

    def profile(self, email: str, **fields) -> str:
        attributes = {"email": email} | {k: v for k, v in fields.items() if k in NAMES}
        if "city" in fields:
            attributes["location"] = {"city": fields["city"], "country": "LV"}
        own = {k: v for k, v in fields.items() if k not in {*NAMES, "city"}}
        properties = {"properties": own} if own else {}
        return json.dumps({"type": "profile", "attributes": attributes | properties})

    def read(self, destination, email: str):
        read = destination.read_one(destination.ids_of([email])[email])
        told = {k: v for k, v in read.items() if k in {"email", *NAMES} and v}
        city = (read.get("location") or {}).get("city")
        return told | ({"city": city} if city else {}) | dict(read.get("properties") or {})

    def refused(self, n: int) -> str:
        return f"refused{n}@example.com"

    def upset(self, kind: str, of: str = "send", **how) -> None:
        asked = {"kind": kind, "endpoint": ENDPOINTS[of], **how}
        self._http.post("/sandbox/faults", json=asked).raise_for_status()

    def allow(self, *scopes: str) -> None:
        keys = {self.secret: list(scopes)}
        self._http.post("/sandbox/keys", json={"keys": keys}).raise_for_status()

    def delay(self, seconds: float) -> None:
        self._http.post("/sandbox/settings", json={"delay": seconds}).raise_for_status()

    def jobs(self) -> int:
        return sum(self._http.get("/sandbox/state").json()["jobs"].values())

    def members(self) -> int:
        lists = self._http.get("/sandbox/state").json()["lists"]
        return next(found["profiles"] for found in lists if found["id"] == self.a_list)

    def bring(self, emails, arrived) -> None:
        arrived(*emails)

    def asked(self) -> str:
        return self._http.get("/sandbox/requests").text

    def close(self) -> None:
        self._http.close()


@contextmanager
def klaviyo(folder) -> Iterator[KlaviyoSide]:
    """The side, for a test."""
    clock = Clock()
    with sandbox.running(folder, clock=clock, delay=0.0) as address:
        side = KlaviyoSide(address, clock)
        yield side
        side.close()
