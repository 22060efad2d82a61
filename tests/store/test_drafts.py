"""Drafts of forms: whose they are, their bounds, and what keeps them from undoing others' work."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from core.access import Person, Role
from core.errors import Outdated
from core.store import Store, accounts, connections, drafts, exports, segments
from core.store.drafts import Form
from tests.conftest import ADA, applied

NEW = Form("export")
Account = Callable[[str], Person]


@pytest.fixture
def account(store: Store) -> Account:
    """Makes a person with an account."""

    def make(name: str) -> Person:
        with store.begin() as session:
            row = accounts.add(session, ADA, name, Role.contributor)
        return Person(name, Role.contributor, row.id, "127.0.0.1")

    return make


def kept(store: Store, person: Person, form: Form = NEW) -> dict | None:
    with store.begin() as session:
        row = drafts.find(session, person, form)
    return row.data if row else None


def keep(store: Store, person: Person, data: dict, form: Form = NEW) -> bool:
    with store.begin() as session:
        return drafts.keep(session, person, form, data, {})


def test_each_person_has_their_own_draft_of_a_form(store: Store, account: Account):
    anna, bert = account("Anna"), account("Bert")
    keep(store, anna, {"name": "Spring"})
    keep(store, anna, {"name": "Spring sale"})
    keep(store, anna, {"limit": 5}, Form("export", 7))
    assert kept(store, anna) == {"name": "Spring sale"}
    assert kept(store, anna, Form("export", 7)) == {"limit": 5}
    assert kept(store, bert) is None
    with store.begin() as session:
        drafts.drop(session, bert, NEW)
    assert kept(store, anna)
    with store.begin() as session:
        drafts.drop(session, anna, NEW)
    assert kept(store, anna) is None


def test_a_draft_knows_since_when_it_is_worked_on(store: Store, account: Account):
    anna = account("Anna")
    keep(store, anna, {"name": "a"})
    with store.begin() as session:
        began = drafts.find(session, anna, NEW).began_at
    keep(store, anna, {"name": "b"})
    with store.begin() as session:
        row = drafts.find(session, anna, NEW)
    assert row.began_at == began < row.changed_at


def test_drafts_are_bounded_in_size_and_number(store: Store, account: Account):
    anna = account("Anna")
    assert not keep(store, anna, {"name": "x" * drafts.LARGEST})
    assert kept(store, anna) is None
    for n in range(drafts.MOST + 2):
        keep(store, anna, {"limit": n}, Form("export", n + 1))
    found = [n for n in range(drafts.MOST + 2) if kept(store, anna, Form("export", n + 1))]
    assert found == list(range(2, drafts.MOST + 2))


def test_who_has_no_account_keeps_no_draft(store: Store):
    assert not keep(store, ADA, {"name": "Spring"})


def test_drafts_that_nobody_touches_are_swept_after_a_month(store: Store, account: Account):
    anna = account("Anna")
    for days, name in ((31, "old"), (29, "young")):
        form = Form(name)
        keep(store, anna, {"name": name}, form)
        with store.begin() as session:
            row = drafts.find(session, anna, form)
            row.changed_at = datetime.now(UTC) - timedelta(days=days)
            session.add(row)
    with store.begin() as session:
        month_ago = datetime.now(UTC) - timedelta(days=30)
        assert drafts.remove_old(session, month_ago, 10) == 1
    assert kept(store, anna, Form("old")) is None
    assert kept(store, anna, Form("young"))


def test_what_is_removed_takes_everybodys_drafts_of_it_along(
    store: Store, account: Account, configuration: Path
):
    applied(store, configuration)
    anna = account("Anna")
    with store.begin() as session:
        export = exports.find(session, "Newsletter")
        segment = segments.find(session, "Everybody")
        connection = connections.find(session, "Klaviyo")
    forms = [
        Form("export", export.id),
        Form("export", -export.id),
        Form("segment", segment.id),
        Form("connection", connection.id),
    ]
    for form in forms:
        keep(store, anna, {"name": "x"}, form)
    with store.begin() as session:
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
        segments.remove(session, ADA, segments.find(session, "Everybody"))
        connections.remove(session, ADA, connections.find(session, "Klaviyo"))
    assert [kept(store, anna, form) for form in forms] == [None] * 4


@pytest.mark.parametrize(
    ("now", "mine", "refused"),
    [
        ({"limit": 1}, {"limit": 2}, False),  # nobody else changed it
        ({"limit": 5}, {"limit": 2}, True),
        ({"limit": 5}, {"limit": 1}, True),  # left alone here: saving would undo it
        ({"limit": 5}, {"limit": 5}, False),  # both want the same
        ({"limit": 1, "paused": True}, {"limit": 2}, False),  # of no field of the form
    ],
)
def test_saving_never_undoes_what_was_changed_meanwhile(
    store: Store, now: dict, mine: dict, refused: bool
):
    with store.begin() as session:
        if not refused:
            drafts.refuse_outdated(
                session, Form("export", 1), "Newsletter", {"limit": 1}, now, mine
            )
            return
        with pytest.raises(Outdated, match="Somebody changed “Newsletter”"):
            drafts.refuse_outdated(
                session, Form("export", 1), "Newsletter", {"limit": 1}, now, mine
            )


def test_who_changed_it_and_when_is_said(store: Store, configuration: Path):
    applied(store, configuration)
    zane = Person("Zane", Role.administrator)
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        base = exports.spec(session, row)
        exports.change(session, zane, row, base.model_copy(update={"limit": 5}))
        now = {"limit": 5}
        with pytest.raises(Outdated, match="Zane changed “Newsletter”") as refused:
            drafts.refuse_outdated(
                session, Form("export", row.id), row.name, {"limit": 1}, now, {"limit": 2}
            )
    assert (refused.value.by, refused.value.now) == ("Zane", now)
    assert datetime.now(UTC) - refused.value.at < timedelta(minutes=1)


def test_of_two_who_save_at_once_the_second_is_refused(store: Store, configuration: Path):
    applied(store, configuration)
    expect_one_of_two_savers_refused(store)


def expect_one_of_two_savers_refused(store: Store) -> None:
    """Both opened the form before either saved; the first waits in the middle of saving."""
    with store.begin() as session:
        id, base = exports.find(session, "Newsletter").id, shown(session)
    begun, second = threading.Event(), threading.Event()

    def save(limit: int, within: Callable[[], object]) -> None:
        with store.begin() as session:
            drafts.begin_saving(session, ADA, Form("export", id))
            within()
            row = exports.find(session, "Newsletter")
            drafts.refuse_outdated(
                session, Form("export", id), row.name, base, shown(session), {"limit": limit}
            )
            spec = exports.spec(session, row).model_copy(update={"limit": limit})
            exports.change(session, ADA, row, spec)

    def follow() -> None:
        begun.wait(10)
        second.set()
        save(7, lambda: None)

    def first() -> None:
        begun.set()
        second.wait(10)

    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(follow)
        save(5, first)
        with pytest.raises(Outdated, match="Ada changed “Newsletter”"):
            outcome.result(30)
    with store.begin() as session:
        assert shown(session) == {"limit": 5}


def shown(session: Session) -> dict[str, int]:
    """What the form shows of the export."""
    return {"limit": exports.spec(session, exports.find(session, "Newsletter")).limit}
