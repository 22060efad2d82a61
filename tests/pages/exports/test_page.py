"""Exports: the list, and what its rows can do."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import operator
from core.configuration.schedule import Schedule
from core.store import Store, exports, progress, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
FORM = "export-new-"


def names(app: AppTest) -> list[str]:
    """The names of the rows, in order."""
    return [link.proto.label for link in app.get("page_link")]


def cells(app: AppTest) -> str:
    """What the rows say, as HTML."""
    return "\n".join(one.proto.body for one in app.get("html"))


def test_without_an_export_the_page_says_what_one_is_and_offers_the_first(page: Page) -> None:
    app = page("exports")
    assert not app.exception
    assert [b.label for b in app.main.button] == ["New export"]
    app.button[0].click().run()
    assert app.title[0].value == "New export"


def test_a_row_tells_segments_list_and_state(page: Page, export: ExportRow, words: Words) -> None:
    app = page("exports")
    assert names(app) == ["Weekly letter"]
    assert "<span>Latvia</span>" in cells(app)
    assert "→ Newsletter EU" in cells(app)
    assert "Never run" in cells(app)
    assert not app.button(key="run-1").disabled


def test_run_asks_for_one_run_however_often_it_is_pressed(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports")
    app.button(key="run-1").click().run()
    with store.begin() as session:
        assert runs.how_many(session) == 0  # what it would do is shown first
    assert [m.value for m in app.metric] == ["3", "0", "0"]
    assert app.button(key="run-yes").label == "Send 3 to Newsletter EU"
    app.button(key="run-yes").click().run()
    assert app.button(key="run-1").disabled
    assert app.get("progress")[0].proto.text == "Waiting for its turn"
    with store.begin() as session:
        assert [r.status for r in runs.everything(session)] == [RunStatus.queued]


def test_a_run_that_reads_still_shows_no_number_of_profiles(
    page: Page, store: Store, ran: Callable[..., Run], words: Words
) -> None:
    run = ran(RunStatus.running)
    app = page("exports")
    assert ">Reading…<" in cells(app)
    assert ">0<" not in cells(app)
    with store.begin() as session:
        progress.record(session, runs.find(session, run.id), {"members": 12, "valid": 10})
    app = page("exports")
    assert "Reading…" not in cells(app)
    assert ">10<" in cells(app)


def test_a_run_that_failed_before_it_had_counted_shows_no_number(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.failed, error="The source has gone.")
    assert ">—<" in cells(page("exports"))


def test_a_run_of_nobody_shows_that_it_was_nobody(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.succeeded, segments={"Latvia": 0})
    assert ">0<" in cells(page("exports"))


def test_a_failed_export_says_why_in_its_row_and_on_its_page(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.failed, error="Klaviyo answered 403: the key lacks the scope lists:write.")
    app = page("exports")
    assert 'title="Klaviyo answered 403' in cells(app)
    assert "Klaviyo answered 403" in words(page("preview", export=1))


def test_search_and_filter_let_through_what_they_say(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        spec = exports.spec(session, export).model_copy(update={"name": "Detached one"})
        row = exports.add(session, operator(), spec)
        exports.detach(session, operator(), row)
    app = page("exports")
    assert names(app) == ["Detached one", "Weekly letter"]
    app.radio(key="show").set_value("attention").run()
    assert names(app) == ["Detached one"]
    app.radio(key="show").set_value("all").run()
    app.text_input(key="find").set_value("WEEK").run()
    assert names(app) == ["Weekly letter"]
    app.text_input(key="find").set_value("nothing like it").run()
    assert names(app) == []
    assert any("No export matches" in m.value for m in app.markdown)


def test_more_than_twenty_five_exports_are_paged(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        spec = exports.spec(session, export)
        for n in range(29):
            copy = spec.model_copy(update={"name": f"Copy {n:02}"})
            exports.add(session, operator(), copy)
    app = page("exports")
    assert len(names(app)) == 25
    app.get("pagination")[0].set_value(2).run()
    assert names(app)[-1] == "Weekly letter"
    assert len(names(app)) == 5


def test_another_filter_begins_at_the_first_page(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        spec = exports.spec(session, export)
        for n in range(55):
            exports.add(session, operator(), spec.model_copy(update={"name": f"Copy {n:02}"}))
    app = page("exports")
    app.get("pagination")[0].set_value(3).run()
    assert len(names(app)) == 6
    app.text_input(key="find").set_value("copy").run()
    assert names(app)[0] == "Copy 00"


def test_removing_asks_first_and_says_what_goes(
    page: Page, store: Store, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.succeeded, sent=4, accepted=4)
    app = page("exports")
    app.get("menu_button")[0].click("Remove").run()
    assert "**Weekly letter** and its data matching are removed for good. Its 1 run stays" in words(
        app
    )
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.everything(session) == []
        assert runs.how_many(session) == 1


def test_detaching_keeps_the_export(page: Page, store: Store, export: ExportRow) -> None:
    app = page("exports")
    app.get("menu_button")[0].click("Detach").run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.find(session, "Weekly letter").connection_id is None
    assert page("exports").button(key="run-1").disabled


def test_an_export_under_way_is_not_removed_and_the_page_says_why(
    page: Page, store: Store, ran: Callable[..., Run]
) -> None:
    ran(RunStatus.running)
    app = page("exports")
    app.get("menu_button")[0].click("Remove").run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert len(exports.everything(session)) == 1
    assert any("has not ended. Cancel it first" in e.value for e in app.error)


def test_run_all_names_what_has_a_schedule_and_runs_that_once_it_is_confirmed(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports")
    assert app.button(key="run-all").disabled
    daily = Schedule(times=("06:00",), time_zone="Europe/Riga")
    with store.begin() as session:
        exports.reschedule(session, operator(), exports.find(session, export.id), daily)
    app = page("exports")
    app.button(key="run-all").click().run()
    assert "**1 export** has an active schedule" in words(app)
    assert "Weekly letter" in words(app)
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert [r.status for r in runs.everything(session)] == [RunStatus.queued]


@pytest.fixture
def three(store: Store, export: ExportRow) -> None:
    """Weekly letter, Autumn of Ada's that is scheduled, and Zebra that has no connection."""
    daily = Schedule(times=("06:00",), time_zone="Europe/Riga")
    with store.begin() as session:
        spec = exports.spec(session, export)
        autumn = exports.add(session, operator(), spec.model_copy(update={"name": "Autumn"}))
        exports.reschedule(session, operator(), autumn, daily)
        zebra = exports.add(session, operator(), spec.model_copy(update={"name": "Zebra"}))
        exports.detach(session, operator(), zebra)


def test_a_head_sorts_its_column_and_once_more_the_other_way(page: Page, three: None) -> None:
    app = page("exports")
    app.button(key="sort-name").click().run()
    assert names(app) == ["Autumn", "Weekly letter", "Zebra"]
    assert app.query_params["sort"] == "name"
    app.button(key="sort-name").click().run()
    assert names(app) == ["Zebra", "Weekly letter", "Autumn"]
    assert names(page("exports", sort="status"))[0] == "Zebra"
    assert not page("exports", sort="<none>").exception


def test_exports_are_filtered_by_what_they_have(page: Page, three: None) -> None:
    app = page("exports")
    app.selectbox(key="by-schedule").set_value("Own times").run()
    assert names(app) == ["Autumn"]
    app.selectbox(key="by-schedule").set_value(None).run()
    app.selectbox(key="by-connection").set_value("No connection").run()
    assert names(app) == ["Zebra"]


def test_those_selected_are_run_together_after_a_question(
    page: Page, store: Store, three: None, words: Words
) -> None:
    app = page("exports")
    for box in ("tick-export-1", "tick-export-2", "tick-export-3"):
        app.checkbox(key=box).check()
    app.run()
    assert "**3 selected**" in words(app)
    app.button(key="bulk-run").click().run()  # Zebra has no connection
    assert app.button(key="run-yes").label == "Run 2 exports"
    app.button(key="run-yes").click().run()
    with store.begin() as session:
        assert sorted(run.export for run in runs.everything(session)) == ["Autumn", "Weekly letter"]


def test_those_selected_are_tagged_and_found_by_their_tag(
    page: Page, store: Store, three: None
) -> None:
    with store.begin() as session:
        exports.tag(session, operator(), exports.find(session, "Autumn"), ["season", "old"])
        exports.tag(session, operator(), exports.find(session, "Zebra"), ["season"])
    app = page("exports")
    app.checkbox(key="tick-export-2").check()
    app.checkbox(key="tick-export-3").check().run()
    app.button(key="bulk-tag").click().run()
    assert app.multiselect(key="bulk-tags").value == ["season"]
    app.multiselect(key="bulk-tags").set_value([])
    app.button(key="bulk-yes").click().run()
    with store.begin() as session:
        assert exports.tags(session) == ["old"]  # which only one of them had
    app.text_input(key="find").set_value("OLD").run()
    assert names(app) == ["Autumn"]


def test_those_selected_are_paused_where_they_have_a_schedule(
    page: Page, store: Store, three: None
) -> None:
    app = page("exports")
    app.checkbox(key="tick-export-1").check()
    app.checkbox(key="tick-export-2").check().run()
    assert app.button(key="bulk-pause").label == "Pause 1"
    app.button(key="bulk-pause").click().run()
    with store.begin() as session:
        assert exports.paused(exports.find(session, "Autumn"))
    assert "Paused" in cells(page("exports"))
