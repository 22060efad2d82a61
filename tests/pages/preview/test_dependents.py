"""What depends on the list of an export, on its page: asked on the button, kept, drawn by name."""

from collections.abc import Callable

import httpx
from streamlit.testing.v1 import AppTest

from core.destinations.klaviyo import SCOPES
from core.store import Store, exports
from core.store.tables.exports import ExportRow

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def test_it_is_asked_once_and_drawn_by_name_and_time(
    page: Page, klaviyo: str, export: ExportRow, words: Words
) -> None:
    app = page("preview", export=1)
    assert app.button(key="ask-dependents").label == "Look it up"
    app.button(key="ask-dependents").click().run()
    assert not app.exception
    text = words(app)
    for name in ("**Welcome series**", "**Winter sale**", "**Engaged readers**"):
        assert name in text
    assert "campaign, will be sent" in text
    asked = httpx.get(f"{klaviyo}/sandbox/requests").json()["total"]
    again = page("preview", export=1)
    assert again.button(key="ask-dependents").label == "Look up again"
    assert "**Winter sale**" in words(again)
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == asked


def test_what_can_not_be_seen_is_said_with_its_scope(
    page: Page, allow: Callable[..., None], export: ExportRow, words: Words
) -> None:
    allow("pk_pages_0001", *SCOPES)
    app = page("preview", export=1).button(key="ask-dependents").click().run()
    text = words(app).replace("\\", "").replace(":gray[]", "")  # without what makes it plain
    assert "Scheduled campaigns can't be seen: the key has no campaigns:read." in text
    assert "Flows can't be seen: the key has no flows:read." in text
    assert "No live flow" not in text


def test_a_part_that_fails_is_said_and_the_others_are_drawn(
    page: Page, klaviyo: str, export: ExportRow, words: Words
) -> None:
    fault = {"kind": "status", "status": 404, "endpoint": "GET /api/campaign-messages"}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    app = page("preview", export=1).button(key="ask-dependents").click().run()
    text = words(app).replace("\\", "")
    assert "Scheduled campaigns could not be read: 127.0.0.1:" in text
    assert "**Welcome series**" in text
    assert "Winter sale" not in text


def test_an_export_that_touches_no_list_has_no_such_card(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        row = exports.find(session, 1)
        row.spec = row.spec | {"mode": "update"}
        session.add(row)
    app = page("preview", export=1)
    assert "ask-dependents" not in {button.key for button in app.button}
