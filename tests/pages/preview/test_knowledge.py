"""What Klaviyo knows of the people to be added, on the page of an export."""

from collections.abc import Callable
from pathlib import Path

import httpx
import polars as pl
from streamlit.testing.v1 import AppTest

from core.store import Store, connections
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SourceRow
from core.store.tables.exports import ExportRow
from pages.ui.words import now
from tests.destinations.test_knowledge import VISITORS
from tests.pages.conftest import profiles

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
FIGURES = ("Have a profile", "Can receive email", "Never subscribed", "Unsubscribed")


def figures(app: AppTest) -> list[str]:
    found = {metric.label: metric.value for metric in app.metric}
    return [found[word] for word in FIGURES]


def fill(source: SourceRow, emails: list[str]) -> None:
    """One profile of the source for each address."""
    one = profiles().head(1).drop("email")
    found = one.join(pl.DataFrame({"email": emails}), how="cross").select(profiles().columns)
    found.write_parquet(Path(source.path))


def test_nothing_is_asked_before_it_is_wanted(page: Page, klaviyo: str, export: ExportRow) -> None:
    before = httpx.get(f"{klaviyo}/sandbox/requests").json()["total"]
    app = page("preview", export=1)
    assert app.button(key="ask").label == "Ask Klaviyo"
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == before


def test_it_counts_who_is_there_and_why_somebody_is_suppressed(
    page: Page, klaviyo: str, source: SourceRow, export: ExportRow, words: Words
) -> None:
    fill(source, [*VISITORS, "new1@example.com", "new2@example.com", "no address"])
    app = page("preview", export=1).button(key="ask").click().run()
    assert not app.exception
    assert "Of all **26** people to be added." in words(app)
    assert figures(app)[:2] == ["24", "18"]
    assert figures(app)[3] == "1"
    table = next(t.value for t in app.get("table") if "Suppressed, because" in t.value)
    assert "they reported spam" in list(table["Suppressed, because"])
    assert sum(table["Profiles"]) == 6
    asked = httpx.get(f"{klaviyo}/sandbox/requests").json()["total"]
    app.run()
    assert figures(app)[0] == "24"
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == asked


def test_counted_again_the_answer_is_forgotten(page: Page, export: ExportRow) -> None:
    app = page("preview", export=1).button(key="ask").click().run()
    assert app.button(key="ask").label == "Ask again"
    app.button(key="again").click().run()
    assert app.button(key="ask").label == "Ask Klaviyo"


def test_a_sample_is_said_with_its_size(page: Page, source: SourceRow, export, words) -> None:
    fill(source, [f"p{n}@example.com" for n in range(2_500)])
    app = page("preview", export=1).button(key="ask").click().run()
    assert "Of a sample: **2,000** of the **2,500** people to be added, drawn" in words(app)


def test_those_who_are_new_are_compared_with_the_room_in_the_plan(
    page: Page,
    store: Store,
    connection: ConnectionRow,
    source: SourceRow,
    export: ExportRow,
    words: Words,
) -> None:
    fill(source, [*VISITORS, "new1@example.com", "new2@example.com"])
    app = page("preview", export=1).button(key="ask").click().run()
    assert "the plan has room" not in words(app)
    with store.begin() as session:
        row = connections.find(session, connection.name)
        row.plan_profiles, row.active_profiles, row.active_at = 500, 498, now()
    enough = "create 2 new profiles, and the plan has room for 2 more."
    assert f":small[:gray[A run would {enough}]]" in words(app.run())
    with store.begin() as session:
        connections.find(session, connection.name).active_profiles = 499
    assert "room for 1 more: 1 over the plan. Beyond that Klaviyo upgrades the plan" in words(
        app.run()
    )


def test_what_goes_wrong_is_told_in_the_card(
    page: Page, store: Store, connection: ConnectionRow, export: ExportRow
) -> None:
    app = page("preview", export=1)
    with store.begin() as session:
        row = connections.find(session, connection.name)
        row.secret = store.vault.lock("nonsense")
        session.add(row)
    app.button(key="ask").click().run()
    assert not app.exception
    assert "key" in app.error[0].value
    assert app.button(key="ask").label == "Ask Klaviyo"
