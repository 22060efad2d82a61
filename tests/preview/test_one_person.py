"""An export tried on one person: the body, the run of that one, and what came of it."""

import re
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.access import Person, Role
from core.destinations.klaviyo import CAPABILITIES
from core.errors import Conflict, Denied, Invalid
from core.preview import one_person
from core.store import Store, audit, connections, exports, runs
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import carried
from tests.runs.conftest import asked, members


@pytest.fixture
def newsletter(store: Store, configuration: Path) -> None:
    applied(store, configuration)


def tried(store: Store, email: str, name: str = "Newsletter") -> one_person.Answer:
    run = one_person.send(store, ADA, name, email)
    carried(store, run)
    return one_person.answer(store, ADA, run.id)


def export_of(store: Store, tmp_path: Path, url: str, frame: pl.DataFrame, more: str = "") -> None:
    """The export “Newsletter” of these people."""
    frame.write_parquet(tmp_path / "some.parquet")
    applied(store, written(tmp_path, tmp_path / "some.parquet", url, more))


@pytest.mark.usefixtures("newsletter")
def test_the_body_of_one_person_is_shown_and_nothing_is_sent(store: Store, klaviyo: str):
    shown = one_person.show(store, ADA, "Newsletter", " P3@Example.com ")
    assert (shown.email, shown.reason, shown.warnings) == ("p3@example.com", None, ())
    assert shown.body["attributes"] == {
        "email": "p3@example.com",
        "external_id": "0003",
        "first_name": "Name 3",
        "properties": {"spent": 300},
    }
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == 0
    with store.begin() as session:
        assert runs.everything(session) == []


@pytest.mark.usefixtures("newsletter")
def test_of_two_with_the_same_address_the_first_is_shown(store: Store):
    shown = one_person.show(store, ADA, "Newsletter", "p1@example.com")
    assert shown.body["attributes"]["external_id"] == "0001"


@pytest.mark.usefixtures("newsletter")
def test_who_would_not_be_sent_is_shown_with_the_reason(store: Store):
    shown = one_person.show(store, ADA, "Newsletter", "no at sign")
    assert (shown.body, shown.reason) == (None, "invalid_email")


def test_a_profile_that_is_too_large_is_shown_as_such(store: Store, klaviyo: str, tmp_path: Path):
    frame = people(2).with_columns(first_name=pl.lit("x" * 100_000))
    export_of(store, tmp_path, klaviyo, frame)
    shown = one_person.show(store, ADA, "Newsletter", "p2@example.com")
    assert (shown.body, shown.reason) == (None, "too_large")


@pytest.mark.usefixtures("newsletter")
def test_somebody_outside_the_segments_is_not_shown(store: Store):
    with pytest.raises(Invalid, match="No member of the segments has the address “x@"):
        one_person.show(store, ADA, "Newsletter", "x@example.com")


@pytest.mark.usefixtures("newsletter")
def test_only_that_person_is_sent_and_read_back(store: Store, klaviyo: str):
    answer = tried(store, "P3@example.com")
    assert (answer.status, answer.words, answer.on_list) == (RunStatus.succeeded, None, True)
    assert answer.profile["first_name"] == "Name 3"
    assert answer.profile["properties"] == {"spent": 300}
    assert answer.known.consent == "NEVER_SUBSCRIBED"
    assert members(klaviyo) == {"p3@example.com"}


def test_what_klaviyo_says_of_a_refused_person_is_told(store: Store, klaviyo: str, tmp_path: Path):
    frame = people(3).with_columns(email=pl.format("refused{}@example.com", "customer_id"))
    export_of(store, tmp_path, klaviyo, frame)
    answer = tried(store, "refused2@example.com")
    assert "it bounced before" in answer.words
    assert (answer.profile, answer.known, answer.on_list) == (None, None, False)


def test_an_export_that_fills_no_list_says_nothing_of_it(
    store: Store, klaviyo: str, tmp_path: Path
):
    export_of(store, tmp_path, klaviyo, people(3), "    mode: update")
    answer = tried(store, "p2@example.com")
    assert (answer.status, answer.on_list) == (RunStatus.succeeded, None)
    assert answer.profile["email"] == "p2@example.com"
    assert members(klaviyo) == set()


@pytest.mark.usefixtures("newsletter")
def test_a_person_outside_the_segments_fails_with_a_sentence(store: Store):
    answer = tried(store, "x@example.com")
    assert answer.status == RunStatus.failed
    assert "No member of the segments" in answer.words


@pytest.mark.usefixtures("newsletter")
def test_before_the_run_has_ended_only_its_status_is_known(store: Store, klaviyo: str):
    run = one_person.send(store, ADA, "Newsletter", "p3@example.com")
    assert one_person.send(store, ADA, "Newsletter", " P3@example.com").id == run.id
    assert one_person.answer(store, ADA, run.id) == one_person.Answer(
        run.id, RunStatus.queued, CAPABILITIES
    )
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == 0
    with pytest.raises(Conflict, match="has not ended"):
        one_person.send(store, ADA, "Newsletter", "p4@example.com")


@pytest.mark.usefixtures("newsletter")
def test_a_test_is_in_the_audit(store: Store):
    one_person.send(store, ADA, "Newsletter", "p3@example.com")
    with store.begin() as session:
        found = [(row.by, row.action, row.kind, row.what) for row in audit.entries(session, ADA)]
    assert ("Ada", "asked for", "test on one person", "Newsletter") in found
    assert not any(re.search("@", what) for *_rest, what in found)


@pytest.mark.usefixtures("newsletter")
@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_whoever_may_not_use_the_connection_may_not_try_it(store: Store, role: Role):
    eve = Person("Eve", role, 7)
    run = one_person.send(store, ADA, "Newsletter", "p3@example.com")
    for attempt in (
        lambda: one_person.show(store, eve, "Newsletter", "p3@example.com"),
        lambda: one_person.send(store, eve, "Newsletter", "p3@example.com"),
        lambda: one_person.answer(store, eve, run.id),
    ):
        with pytest.raises(Denied):
            attempt()
    with store.begin() as session:
        assert sum(row.refused for row in audit.entries(session, ADA)) == 3


@pytest.mark.usefixtures("newsletter")
def test_a_contributor_may_try_through_a_shared_connection_but_a_viewer_not(store: Store):
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.shared_with = "contributors"
        session.add(row)
    shown = one_person.show(
        store, Person("Con", Role.contributor, 7), "Newsletter", "p3@example.com"
    )
    assert shown.body
    with pytest.raises(Denied):
        one_person.show(store, Person("Vi", Role.viewer, 8), "Newsletter", "p3@example.com")


@pytest.mark.usefixtures("newsletter")
def test_without_its_connection_nothing_can_be_read_back(store: Store):
    run = one_person.send(store, ADA, "Newsletter", "p3@example.com")
    carried(store, run)
    with store.begin() as session:
        exports.detach(session, ADA, exports.find(session, "Newsletter"))
        connections.remove(session, ADA, connections.find(session, "Klaviyo"))
    with pytest.raises(Conflict, match=r"connection of run .* was removed"):
        one_person.answer(store, ADA, run.id)


@pytest.mark.usefixtures("newsletter")
def test_a_run_of_everybody_is_no_test(store: Store):
    run = asked(store)
    with pytest.raises(Invalid, match="was not a test on one person"):
        one_person.answer(store, ADA, run.id)
