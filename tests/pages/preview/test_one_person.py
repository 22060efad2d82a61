"""An export tried on one person, on its page."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.configuration.export import Mode
from core.runs.engine.host import Host
from core.store import Store, connections, exports, runs
from core.store.locks import holding
from core.store.tables.data import SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import RunStatus
from tests.pages.conftest import profiles
from tests.runs.conftest import done

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def engine(store: Store) -> Iterator[Host]:
    with holding(store), Host(store) as host:
        yield host


def looked(app: AppTest, email: str) -> AppTest:
    app.text_input(key="try-1-email").set_value(email)
    return app.button(key="try-1-show").click().run()


def sent(app: AppTest) -> AppTest:
    app.button(key="try-1-send").click().run()
    return app.button(key="confirm-yes").click().run()


def keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}


def test_the_body_of_one_person_is_shown_and_nothing_is_sent(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = looked(page("preview", export=1), " Anna@example.lv ")
    assert not app.exception
    assert json.loads(app.code[-1].value)["attributes"] == {
        "email": "anna@example.lv",
        "first_name": "Anna",
        "properties": {"spent": 96},
    }
    with store.begin() as session:
        assert runs.how_many(session) == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("x@example.lv", "No member of the segments has the address “x:gray[]@example.lv”."),
        (" ", "Type the address of somebody in the segments."),
    ],
)
def test_what_was_typed_stays_beside_what_is_wrong_with_it(
    page: Page, export: ExportRow, words: Words, typed: str, told: str
) -> None:
    app = looked(looked(page("preview", export=1), "j@x.lv"), typed)
    assert told in words(app)
    assert app.text_input(key="try-1-email").value == typed
    assert "try-1-send" not in keys(app)


def test_who_would_not_be_sent_is_told_why_and_can_not_be_sent(
    page: Page, source: SourceRow, export: ExportRow, words: Words
) -> None:
    frame = profiles().with_columns(email=pl.lit("no at sign"))
    frame.write_parquet(Path(source.path))
    app = looked(page("preview", export=1), "No at sign")
    assert "**Email not valid.** Correct it in the source." in words(app)
    assert "try-1-send" not in keys(app)


def test_sending_says_by_name_what_will_happen_and_can_be_left(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = looked(page("preview", export=1), "j@x.lv")
    app.button(key="try-1-send").click().run()
    told = words(app)
    assert "One profile, **j:gray[]@x.lv**, is written to the Klaviyo account **Newsletter" in told
    assert "It joins the list **Newsletter EU**" in told
    app.button(key="confirm-no").click().run()
    with store.begin() as session:
        assert runs.how_many(session) == 0


def test_an_export_that_only_updates_says_that_nobody_joins(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    with store.begin() as session:
        row = exports.find(session, 1)
        spec = exports.spec(session, row).model_copy(update={"mode": Mode.update})
        exports.change(session, operator(), row, spec)
    app = looked(page("preview", export=1), "j@x.lv")
    app.button(key="try-1-send").click().run()
    assert "It joins no list." in words(app)


@pytest.mark.usefixtures("engine")
def test_only_that_person_is_sent_and_the_profile_is_read_back(
    page: Page, store: Store, klaviyo: str, export: ExportRow, words: Words
) -> None:
    app = sent(looked(page("preview", export=1), "ilze@example.lv"))
    assert not app.exception
    with store.begin() as session:
        run = runs.find(session, 1)
    assert done(store, run).sent == 1
    app.run()
    assert "On the list" in words(app)
    assert "Can receive email: never subscribed to email" in words(app)
    assert json.loads(app.code[-1].value)["first_name"] == "Ilze"
    asked = httpx.get(f"{klaviyo}/sandbox/requests").json()["total"]
    app.run()
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == asked
    app.button(key="try-1-answer-again").click().run()
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] > asked


@pytest.mark.usefixtures("engine")
def test_a_profile_that_can_not_be_read_back_is_one_sentence(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = sent(looked(page("preview", export=1), "ilze@example.lv"))
    with store.begin() as session:
        run = runs.find(session, 1)
    done(store, run)
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.secret = store.vault.lock("nonsense")
        session.add(row)
    app.run()
    assert not app.exception
    assert "key" in app.error[0].value
    assert app.text_input(key="try-1-email").value == "ilze@example.lv"
    assert "try-1-answer-again" in keys(app)


def test_while_another_run_is_under_way_the_conflict_is_told_in_the_card(
    page: Page, store: Store, export: ExportRow, ran: Callable[..., object]
) -> None:
    app = looked(page("preview", export=1), "j@x.lv")
    app.button(key="try-1-send").click().run()
    ran(RunStatus.running)
    app.button(key="confirm-yes").click().run()
    assert any("has not ended" in error.value for error in app.error)
    assert app.text_input(key="try-1-email").value == "j@x.lv"
    assert app.button(key="try-1-send").disabled


@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_who_may_not_use_the_connection_sees_neither_card(
    page: Page, export: ExportRow, signed_in: Callable[[Role], None], role: Role
) -> None:
    signed_in(role)
    app = page("preview", export=1)
    assert not keys(app) & {"try-1-show", "ask"}
    assert not [field for field in app.text_input if field.key == "try-1-email"]
