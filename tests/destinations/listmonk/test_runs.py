"""The whole product with listmonk: configured by a file, previewed, run; nobody is ever mailed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from core.configuration.file import read
from core.configuration.order import PlanSeen
from core.connections import checks
from core.errors import Invalid
from core.preview import plan
from core.runs import rejects, undo
from core.sandbox import listmonk
from core.store import Store, apply, connections
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA
from tests.destinations.listmonk.conftest import KEY
from tests.runs.carried import carried, ran
from tests.runs.conftest import sums_hold
from tests.sandbox.listmonk.local import DOUBLE, NEWSLETTER, Local, client_of

QUIET = 2  # a list without campaigns
CONFIGURATION = """
connections:
  - name: Ours
    type: listmonk
    api_key: ${{LISTMONK}}
    base_url: {url}
    consent: {{agreed_by: ops@example.com}}
sources:
  - {{name: Profiles, path: {path}}}
segments:
  - {{name: Everybody, source: Profiles, rules: {{all: [{{field: email, op: is_not_empty}}]}}}}
exports:
  - name: Newsletter
    connection: Ours
    list_id: "{list_id}"
    segments: [Everybody]
    match: {{email: email, first_name: first, last_name: last, properties: {{city: city, n: n}}}}
    guards: {{remove: 100, add: 100, reject: 100, shrink: 100, flows: {flows}}}
{more}
"""


@pytest.fixture
def local() -> Iterator[Local]:
    with listmonk.running() as url, client_of(url) as client:
        yield client


Configured = Callable[..., None]


@pytest.fixture
def configured(store: Store, local: Local, tmp_path: Path) -> Configured:
    """Writes these people and a configuration file for them, and applies it."""

    def apply_it(
        people: pl.DataFrame, *more: str, list_id: int = QUIET, flows: str = "true"
    ) -> None:
        path, file = tmp_path / "people.parquet", tmp_path / "segferry.yaml"
        people.write_parquet(path)
        lines = "\n".join(f"    {line}" for line in more)
        url = str(local.base_url).rstrip("/")
        file.write_text(
            CONFIGURATION.format(url=url, path=path, list_id=list_id, flows=flows, more=lines)
        )
        found, keys = read(file, {"LISTMONK": KEY})
        apply.apply(store, ADA, apply.prepare(store, found, keys))

    return apply_it


def people(*numbers: int, city: str = "Riga") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "email": [f"P{n}@Example.com" for n in numbers],
            "first": [f"Name{n}" for n in numbers],
            "last": ["Liepa"] * len(numbers),
            "city": [city] * len(numbers),
            "n": list(numbers),
        }
    )


def of_list(local: Local, list_id: int = QUIET) -> dict[str, str]:
    """The subscriptions of a list, by email."""
    return {
        person["email"]: status["subscription_status"]
        for person in local.found(list_id=list_id)["results"]
        for status in person["lists"]
        if status["id"] == list_id
    }


def numbers(run: Run) -> tuple[str, int, int, int, int]:
    assert sums_hold(run)
    return str(run.status), run.accepted, run.refused, run.unchanged, run.undelivered


def test_people_join_change_and_leave_and_nobody_is_mailed(
    store: Store, local: Local, configured: Configured
):
    configured(people(1, 2, 3, 4), "mode: mirror")
    seen = plan.preview(store, ADA, "Newsletter")
    assert (seen.add, seen.requests) == (4, 9)
    run = ran(store)
    assert numbers(run) == ("succeeded", 4, 0, 0, 0)
    assert (run.batches_sent, run.batches) == (1, 1)
    assert of_list(local) == {f"p{n}@example.com": "unconfirmed" for n in range(1, 5)}
    anna = local.found("(LOWER(subscribers.email) IN ('p1@example.com'))")["results"][0]
    assert (anna["name"], anna["attribs"]) == ("Name1 Liepa", {"city": "Riga", "n": 1})

    configured(pl.concat([people(1), people(2, city="Tartu"), people(5)]), "mode: mirror")
    run = ran(store)
    assert numbers(run) == ("succeeded", 2, 0, 1, 0)
    assert run.removed == 2
    assert set(of_list(local)) == {f"p{n}@example.com" for n in (1, 2, 5)}
    assert local.found()["total"] == 24 + 5  # leavers stay subscribers
    assert local.mails() == []

    shown = undo.plan(store, ADA, run.id)
    assert shown.numbers == PlanSeen(leave=1, add=2, update=1)
    taken = carried(store, undo.ask(store, ADA, shown, seen=True))
    assert (taken.removed, numbers(taken)) == (1, ("succeeded", 3, 0, 0, 0))
    assert set(of_list(local)) == {f"p{n}@example.com" for n in range(1, 5)}
    for n in (2, 4):
        found = local.found(f"(LOWER(subscribers.email) IN ('p{n}@example.com'))")["results"][0]
        wanted = (f"Name{n} Liepa", {"city": "Riga", "n": n})
        assert (found["name"], found["attribs"]) == wanted
    assert local.mails() == []


def test_a_leaver_who_unsubscribed_stays_so_and_does_not_come_back(
    store: Store, local: Local, configured: Configured
):
    configured(people(1, 2, 3), "mode: mirror")
    ran(store)
    local.switch("subscribers", email="p1@example.com", lists={str(QUIET): "unsubscribed"})
    configured(people(3), "mode: mirror")
    ran(store)
    assert of_list(local) == {"p1@example.com": "unsubscribed", "p3@example.com": "unconfirmed"}
    configured(people(1, 2, 3, city="Tartu"), "mode: mirror")
    run = ran(store)
    assert (run.status, run.missing) == ("succeeded", 0)  # that they stay off is as it should be
    assert of_list(local)["p1@example.com"] == "unsubscribed"
    assert local.mails() == []


def test_who_is_refused_is_told_with_listmonks_words(
    store: Store, local: Local, configured: Configured
):
    bad = people(1).with_columns(email=pl.lit("p1@blocked.example"))
    configured(pl.concat([bad, people(2)]))
    run = ran(store)
    assert (run.accepted, run.refused) == (1, 1)
    (row,) = rejects.of_run(store.settings, run).to_dicts()
    assert (row["email"], row["reason"]) == ("p1@blocked.example", "refused")
    assert "The e-mail domain is blocklisted." in row["detail"]


def test_on_a_double_opt_in_list_data_is_held_back_until_they_confirm(
    store: Store, local: Local, configured: Configured
):
    configured(people(1, 2), list_id=DOUBLE)
    assert ran(store).accepted == 2
    assert set(of_list(local, DOUBLE).values()) == {"unconfirmed"}
    configured(people(1, 2, city="Tartu"), list_id=DOUBLE)
    run = ran(store)
    rejected = rejects.of_run(store.settings, run)
    assert set(rejected["reason"]) == {"held_back"}
    assert "hasn't confirmed the list" in rejected["detail"][0]
    assert local.mails() == []
    for n in (1, 2):
        email = f"p{n}@example.com"
        found = local.found(f"(LOWER(subscribers.email) IN ('{email}'))")["results"][0]
        assert found["attribs"]["city"] == "Riga"
        attribs = {"attribs": found["attribs"], "name": found["name"]}
        local.switch("subscribers", email=email, lists={str(DOUBLE): "confirmed"}, **attribs)
    run = ran(store)
    assert numbers(run) == ("succeeded", 2, 0, 0, 0)
    assert local.mails() == []


@pytest.mark.parametrize("list_id", [QUIET, DOUBLE])
@pytest.mark.parametrize(
    ("choice", "status"), [((), "unconfirmed"), (("join: confirmed",), "confirmed")]
)
def test_confirmed_they_join_by_the_choice_of_the_export_only(
    store: Store, local: Local, configured: Configured, list_id: int, choice, status: str
):
    configured(people(1, 2), *choice, list_id=list_id)
    assert ran(store).accepted == 2
    assert set(of_list(local, list_id).values()) == {status}
    assert local.mails() == []


@pytest.mark.parametrize("list_id", [QUIET, DOUBLE])
@pytest.mark.parametrize("mode", ["add", "mirror", "update"])
def test_no_kind_of_run_mails_anybody(
    store: Store, local: Local, configured: Configured, list_id: int, mode: str
):
    local.switch("subscribers", email="p1@example.com", lists={str(DOUBLE): "unconfirmed"})
    local.switch("subscribers", email="p2@example.com", lists={str(list_id): "unsubscribed"})
    local.switch("subscribers", email="p3@example.com", status="blocklisted")
    for some in (people(1, 2, 3, 4), people(1, 2, 4, 5, city="Tartu"), people(5)):
        configured(some, f"mode: {mode}", "leave_out_suppressed: false", list_id=list_id)
        assert ran(store).status in (RunStatus.succeeded, RunStatus.partial)
    assert local.mails() == []
    bodies = local.get("/sandbox/bodies").text
    assert "preconfirm" not in bodies
    assert '\\"status\\":\\"confirmed\\"' not in bodies


def test_campaigns_of_the_list_hold_a_run_until_somebody_confirms(
    store: Store, local: Local, configured: Configured
):
    configured(people(*range(1_000)), list_id=NEWSLETTER)
    run = ran(store)
    assert run.status == RunStatus.held
    assert "Black Friday (will be sent on" in run.hold
    assert of_list(local, NEWSLETTER) == {}


def test_those_who_left_the_list_or_are_blocklisted_are_left_out_where_the_export_wants_that(
    store: Store, local: Local, configured: Configured
):
    local.switch("subscribers", email="p1@example.com", lists={str(QUIET): "unsubscribed"})
    local.switch("subscribers", email="p2@example.com", status="blocklisted")
    local.switch("subscribers", email="p3@example.com", lists={"1": "unsubscribed"})
    configured(people(1, 2, 3, 4), "leave_out_suppressed: true")
    assert plan.preview(store, ADA, "Newsletter").rejected == {"suppressed": 2}
    run = ran(store)
    assert (run.accepted, run.rejected) == (2, {"suppressed": 2})
    assert of_list(local)["p3@example.com"] == "unconfirmed"


def test_an_export_that_is_to_empty_a_name_is_refused(configured: Configured) -> None:
    with pytest.raises(Invalid, match="listmonk can't clear “first_name”"):
        configured(people(1), "clear: [properties.city, first_name]")


def test_attributes_are_emptied_where_the_export_wants_that(
    store: Store, local: Local, configured: Configured
):
    configured(people(1), "clear: [properties.city]")
    ran(store)
    configured(people(1).with_columns(city=pl.lit(None, pl.String)), "clear: [properties.city]")
    run = ran(store)
    assert run.accepted == 1, run.error
    found = local.found("(LOWER(subscribers.email) IN ('p1@example.com'))")["results"][0]
    assert found["attribs"] == {"city": None, "n": 1}


def test_the_connection_tells_what_it_found_before_anything_is_saved(store: Store, local: Local):
    url = str(local.base_url).rstrip("/")
    look = checks.try_key(store, ADA, "listmonk", url, KEY)
    assert (look.account.name, look.lists, look.missing) == (
        "news.baltic-outfitters.example",
        13,
        (),
    )
    local.switch("users", users={KEY: ["lists:get_all"]})
    assert "subscribers:sql_query" in checks.try_key(store, ADA, "listmonk", url, KEY).missing


def test_a_listmonk_has_no_address_by_default(store: Store, configured: Configured, tmp_path: Path):
    configured(people(1))
    file = tmp_path / "segferry.yaml"
    file.write_text("\n".join(x for x in file.read_text().splitlines() if "base_url" not in x))
    with pytest.raises(Invalid, match="base_url"):
        read(file, {"LISTMONK": KEY})


def test_the_account_is_pinned(store: Store, local: Local, configured: Configured):
    configured(people(1))
    assert ran(store).status == RunStatus.succeeded
    with store.begin() as session:
        row = connections.find(session, "Ours")
    assert row.account_id == "https://news.baltic-outfitters.example"
    local.switch("settings", root_url="https://other.example")
    with store.begin() as session:
        row = connections.find(session, "Ours")
    with pytest.raises(Exception, match="pinned to"):
        checks.check(store, ADA, row)
