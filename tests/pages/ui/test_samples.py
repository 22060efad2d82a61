"""What the demo made is marked where it is listed, and removed by administrators."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role
from core.sandbox import demo
from core.server.demo import loading
from core.store import Store, exports, samples, segments
from core.store.runtime import LongWork
from tests.conftest import ADA

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def sampled(store: Store, klaviyo: str) -> Store:
    """An installation with a small demo."""
    demo.seed(store, ADA, klaviyo, date.today(), 50)
    return store


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_samples_are_marked_in_lists_until_somebody_changes_them(sampled: Store, page: Page):
    assert html(page("exports")).count("sf-sample") == 3
    assert html(page("segments")).count("sf-sample") == 5
    assert html(page("sources")).count("sf-sample") == 1
    assert html(page("connections")).count("sf-sample") == 1
    with sampled.begin() as session:
        row = segments.find(session, "High spenders")
        spec = segments.spec(session, row).model_copy(update={"name": "Mine"})
        segments.change(session, ADA, row, spec)
    assert html(page("segments")).count("sf-sample") == 4


def test_what_goes_and_what_stays_is_said_before_samples_are_removed(
    sampled: Store, page: Page, words: Words
):
    with sampled.begin() as session:
        row = exports.find(session, "Newsletter")
        exports.change(
            session, ADA, row, exports.spec(session, row).model_copy(update={"limit": 9})
        )
    app = page("overview").button(key="demo-remove").click().run()
    assert "Removed: 2 exports, 4 segments." in words(app)
    assert "Export “Newsletter”: Somebody has changed it" in words(app)
    app.button(key="confirm-yes").click().run()
    with sampled.begin() as session:
        assert [row.name for row in exports.everything(session)] == ["Newsletter"]
        assert [row.name for row in samples.of(session, type(row))] == []


def test_only_administrators_load_and_remove(
    store: Store, page: Page, signed_in: Callable[[Role], None]
):
    assert "demo-load" in keys(page("overview"))
    signed_in(Role.contributor)
    assert "demo-load" not in keys(page("overview"))


def test_a_loading_is_followed_and_can_be_cancelled(sampled: Store, page: Page, words: Words):
    from pages.ui import frame

    work = frame.store().runtime.demo = LongWork("Making sample profiles")
    work.report(0.4, "Making a month of history: day 12 of 30")
    app = page("overview")
    assert app.get("progress")[0].proto.text == "Making a month of history: day 12 of 30"
    assert "demo-remove" not in keys(app)
    app.button(key="demo-cancel").click().run()
    assert work.is_stopping
    assert loading.load(frame.store(), ADA) is work
