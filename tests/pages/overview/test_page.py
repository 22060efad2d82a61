"""Overview: the way to the first export, then who is needed and what happened."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role
from core.mcp.drafts import change_export, change_segment
from core.store import Store, accounts, drafts, exports, segments
from core.store.drafts import Form
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from pages.ui import frame, kit

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.main.button]


def test_a_new_installation_shows_four_steps_and_offers_the_first(page: Page) -> None:
    app = page("overview")
    assert not app.exception
    assert app.title[0].value.startswith("Welcome")
    # A source needs no connection: whoever may add only that begins with it.
    assert [b.disabled for b in app.button if b.key.startswith("go-")] == [False, False, True, True]
    assert "Add connection" in labels(app)
    assert app.button(key="try-sandbox").label == "Try it in the sandbox"


@pytest.mark.parametrize(
    ("n", "title"), [(1, "Add connection"), (2, "Add source")], ids=["connection", "source"]
)
def test_a_step_leads_to_its_form(page: Page, n: int, title: str) -> None:
    app = page("overview").button(key=f"go-{n}").click().run()
    assert app.title[0].value == title


def test_after_each_step_the_next_one_is_a_click_away(
    page: Page, connection: ConnectionRow, source: SourceRow
) -> None:
    app = page("sources")
    assert app.button(key="next-step-go").label == "Build segment"
    app.button(key="next-step-go").click().run()
    assert app.title[0].value == "New segment"
    assert not [b for b in page("segments").button if b.key == "next-step-go"]  # it offers that


def test_the_last_step_has_chosen_what_is_the_only_one(
    page: Page, connection: ConnectionRow, segment: SegmentRow
) -> None:
    app = page("segments").button(key="next-step-go").click().run()
    assert app.title[0].value == "New export"
    assert app.selectbox(key="export-new--connection").value == connection.name
    assert app.multiselect(key="export-new--segments").value == [segment.name]
    assert app.text_input(key="export-new--name").value == segment.name


def test_nothing_leads_on_once_there_is_an_export(page: Page, export: ExportRow) -> None:
    assert not [b for b in page("sources").button if b.key == "next-step-go"]


def test_steps_that_are_done_stay_open_and_the_next_one_is_offered(
    page: Page, connection: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    app = page("overview")
    assert [b.disabled for b in app.button if b.key.startswith("go-")] == [False] * 4
    assert app.button(key="go-4").label == "New export"
    assert labels(app)[-2:] == ["New export", "Load demo content"]
    assert "Three are done." in words(app)
    assert "Newsletter account" in words(app)


def test_the_last_step_leads_to_the_form_of_an_export(page: Page, segment: SegmentRow) -> None:
    app = page("overview")
    assert app.button(key="go-4").disabled  # the connection is missing


def test_with_an_export_there_are_figures_and_nothing_waits(
    page: Page, export: ExportRow, words: Words
) -> None:
    app = page("overview")
    assert app.title[0].value == "Overview"
    labels = ["Needs attention", "Next run", "On the lists", "Runs, 7 days"]
    assert [one.label for one in app.metric] == labels
    assert [one.value for one in app.metric] == ["0", "—", "—", "—"]
    assert "All clear." in words(app)
    assert "No export has run yet." in words(app)


@pytest.mark.parametrize(
    ("status", "numbers", "badge", "button"),
    [
        (RunStatus.failed, {"error": "The key lacks the scope lists:write."}, "Failed", "Details"),
        (RunStatus.failed, {"valid": 112_400}, "Over limit", "Preview"),
        (RunStatus.held, {"error": "It would remove 4,012 people."}, "Held", "Review"),
        (RunStatus.partial, {"sent": 9, "accepted": 4, "undelivered": 5}, "Partial", "Details"),
    ],
)
def test_a_run_in_trouble_needs_somebody(
    page: Page,
    ran: Callable[..., Run],
    words: Words,
    status: RunStatus,
    numbers: dict[str, object],
    badge: str,
    button: str,
) -> None:
    ran(status, **numbers)
    app = page("overview")
    assert "1 export waits" in words(app)
    assert badge in words(app)
    assert app.button(key="alert-1").label == kit.named_button(button, "Weekly letter")


def test_a_partial_run_that_delivered_all_it_could_needs_nobody(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.partial, sent=9, accepted=8, refused=1)
    assert "All clear." in words(page("overview"))


def test_a_run_under_way_is_followed_and_can_be_cancelled(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    numbers = {"valid": 48_210, "sent": 30_000, "accepted": 20_000, "refused": 12}
    ran(RunStatus.running, batches=5, batches_sent=3, stage="sending", **numbers)
    app = page("overview")
    progress = app.get("progress")[0].proto.text
    assert progress.startswith("Batch 4 of 5 · 30,000 of 48,210 profiles sent · 20,000 accepted")
    app.button(key="cancel-1").click().run()
    left = "Stopping. Nothing more is sent; Klaviyo finishes the 9,988 it already has."
    assert app.get("progress")[0].proto.text == left
    assert app.button(key="cancel-1").disabled


def test_a_run_whose_batches_are_all_sent_says_so(page: Page, ran: Callable[..., Run]) -> None:
    ran(RunStatus.running, batches=5, batches_sent=5, stage="waiting", valid=40, sent=40)
    text = page("overview").get("progress")[0].proto.text
    assert text.startswith("All sent. Klaviyo is processing 5 batches. · 40 of 40 profiles sent")


def test_what_a_run_waits_for_is_said_where_it_is_followed(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    run = ran(RunStatus.running, stage="sending", batches=5)
    waits = frame.store().runtime.waits  # of the process that serves pages and carries runs
    waits.begin(run.id, "The database is locked.")
    assert [one.value for one in page("overview").warning] == ["The database is locked."]
    waits.end(run.id)
    assert not page("overview").warning


def test_a_name_with_marks_is_shown_as_it_stands(
    page: Page, store, connection: ConnectionRow, words: Words
) -> None:
    with store.begin() as session:
        connection.name = "**bold** ![x](http://example.com/x.png)"
        session.add(connection)
    assert "\\*\\*bold\\*\\* !\\[x\\](http:gray[]\\://example.com/x.png)" in words(page("overview"))


def test_what_an_agent_drafted_is_a_click_away_until_somebody_has_it_open(
    page: Page, words: Words, store: Store, ran: Callable[..., Run], segment: SegmentRow
) -> None:
    ran(RunStatus.succeeded)
    page("overview")
    root = {"kind": "all", "items": [{"field": "country", "op": "equals", "value": "LV"}]}
    data = {"of": None, "name": "Latvians", "source": segment.source_id, "root": root}
    with store.begin() as session:
        account = accounts.find(session, "administrator")
        person = Person(account.name, Role.administrator, account.id)
        drafts.propose(session, person, Form("segment"), "Latvians", data)
    app = page("overview")
    assert "An agent of yours drafted the segment **Latvians**." in words(app)
    app.button(key="open-drafted-segment").click().run()
    assert app.title[0].value == "New segment"
    assert "An agent of yours drafted this" in words(app)
    app = page("segments", view="new")
    app.button(key="draft-continue").click().run()
    assert not app.exception
    assert app.text_input(key="segment-name").value == "Latvians"
    assert "country is LV" in words(app)


def test_an_export_that_an_agent_drafted_continues_in_its_form(
    page: Page, words: Words, store: Store, export: ExportRow
) -> None:
    """As `core.mcp.drafts` keeps it: with what the agent gave, and nothing else."""
    page("overview")
    with store.begin() as session:
        spec = exports.spec(session, export).model_dump(mode="json")
        given = ("connection", "list_id", "segments", "match", "mode")
        data = {"name": "Drafted"} | {name: spec[name] for name in given}
        account = accounts.find(session, "administrator")
        drafts.propose(
            session,
            Person(account.name, Role.administrator, account.id),
            Form("export"),
            "Drafted",
            data,
        )
    app = page("exports", view="new")
    app.button(key="draft-continue").click().run()
    assert not app.exception
    assert app.text_input(key="export-new--name").value == "Drafted"
    app.button(key="form-save").click().run()
    with store.begin() as session:
        saved = exports.find(session, "Drafted")
        assert exports.spec(session, saved).match == exports.spec(session, export).match
        assert (
            drafts.find(session, Person("", Role.administrator, account.id), Form("export")) is None
        )
        assert exports.schedule(saved) == "off"


def test_a_change_that_an_agent_drafted_is_shown_by_what_differs_and_saved_by_a_person(
    page: Page, words: Words, store: Store, export: ExportRow, segment: SegmentRow
) -> None:
    page("overview")
    with store.begin() as session:
        account = accounts.find(session, "administrator")
        person = Person(account.name, Role.administrator, account.id)
        before = exports.spec(session, export)
        rules = {"all": [{"field": "country", "op": "equals", "value": "EE"}]}
    change_segment(store, person, segment.name, {"rules": rules})
    change_export(store, person, export.name, {"mode": "mirror"})
    app = page("overview")
    assert f"drafted a change of the export **{export.name}**" in words(app)
    assert f"drafted a change of the segment **{segment.name}**" in words(app)
    app.button(key=f"open-drafted-export-{export.id}").click().run()
    app = page("exports", view="edit", export=export.id)
    assert f":small[:gray[{export.name}]]" in words(app)  # the title is that of any export
    (row,) = app.table[0].value.to_numpy().tolist()
    assert row[0] == "What a run does"
    assert "take people off the list who left" in row[2]
    with store.begin() as session:
        assert exports.spec(session, export) == before
    app.button(key="draft-continue").click().run()
    app.button(key="form-save").click().run()
    assert not app.exception
    app = page("segments", view="edit", segment=segment.id)
    assert "country is EE" in str(app.table[0].value.to_numpy().tolist())
    app.button(key="draft-continue").click().run()
    app.button(key="save").click().run()
    if [one for one in app.button if one.key == "confirm-yes"]:
        app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.spec(session, exports.find(session, export.name)).mode == "mirror"
        assert segments.find(session, segment.name).rules == rules
        assert drafts.proposed(session, person) == []
