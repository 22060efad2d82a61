"""One export: its preview, what may run, and what is over the limit."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.access import operator
from core.configuration.export import Guards, Mode
from core.configuration.source import Source
from core.destinations.read_back import Arrived, ReadBack
from core.profiles.freshness import Freshness
from core.profiles.matching.fields import Match, Place
from core.runs.engine.worker import Worker
from core.store import Store, exports, requests, runs, sources
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from tests.pages.conftest import FIELDS, profiles

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def change(store: Store, **values: object) -> None:
    """Changes the one export."""
    with store.begin() as session:
        row = exports.find(session, 1)
        spec = exports.spec(session, row).model_copy(update=values)
        exports.change(session, operator(), row, spec)


def figures(app: AppTest) -> dict[str, str]:
    return {m.label.split(" ")[-1]: m.value for m in app.metric}


def planned(app: AppTest) -> dict[str, str]:
    """The figures of the plan; those of the last result stand above it."""
    return {
        k: v
        for k, v in figures(app).items()
        if k in ("Add", "Update", "Unchanged", "Leave", "Rejected")
    }


def test_the_preview_counts_members_and_rejects(
    page: Page, export: ExportRow, words: Words
) -> None:
    app = page("preview", export=1)
    assert not app.exception
    assert figures(app) == {"Add": "3", "Rejected": "2"}
    assert "**3** profiles, limit 100,000" in words(app)
    table = app.get("table")[1].value
    assert list(table["Reason"]) == ["No email", "Duplicate email"]


def test_emails_are_masked_until_asked_for(page: Page, export: ExportRow) -> None:
    app = page("preview", export=1)
    assert "i•••@example.lv" in app.code[0].value
    app.toggle(key="clear").set_value(True).run()
    bodies = json.loads(app.code[0].value)
    assert bodies[0]["attributes"]["email"] == "ilze@example.lv"
    assert bodies[0]["attributes"]["properties"] == {"spent": 412.5}


def headings(app: AppTest) -> list[str]:
    """Of the sample of profiles, which is the last table."""
    return list(app.get("table")[-1].value.columns)


def test_the_sample_shows_fields_by_their_labels(page: Page, store: Store, export: ExportRow):
    place = Place(country="country")
    match = Match(email="email", external_id="customer_id", location=place)
    change(store, match=match)
    assert headings(page("preview", export=1)) == ["Email address", "External ID", "Country"]


def test_a_property_may_have_the_name_of_a_field(page: Page, store: Store, export: ExportRow):
    properties = {"First name": "country", "first_name": "spent"}
    match = Match(email="email", first_name="first_name", properties=properties)
    change(store, match=match)
    app = page("preview", export=1)
    assert not app.exception
    named = ["Email address", "First name", "First name (2)", r"first\_name"]
    assert headings(app) == named
    assert app.get("table")[-1].value.iloc[0].tolist()[1:] == ["Ilze", "LV", "412.5"]


def test_the_sample_is_of_the_fields_that_the_destination_has(
    page: Page, store: Store, export: ExportRow, letters: ConnectionRow
):
    match = Match(email="email", first_name="first_name", properties={"spent": "spent"})
    change(store, connection=letters.name, match=match)
    app = page("preview", export=1)
    assert not app.exception
    assert headings(app) == ["Email address", "name", "spent"]


def test_run_makes_one_run_and_shows_its_progress_right_there(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("preview", export=1)
    app.button(key="run").click().run()
    app.button(key="run-yes").click().run()
    assert app.get("progress")[0].proto.text == "Waiting for its turn"
    assert app.button(key="run").disabled
    with store.begin() as session:
        assert runs.how_many(session) == 1


def asked_for(store: Store) -> list[Run]:
    with store.begin() as session:
        return runs.everything(session)


def test_what_has_changed_since_it_was_counted_is_counted_again_before_it_runs(
    page: Page, store: Store, source: SourceRow, export: ExportRow, words: Words
) -> None:
    app = page("preview", export=1)
    assert figures(app)["Add"] == "3"
    app.button(key="run").click().run()
    profiles().filter(pl.col("email") != "j@x.lv").write_parquet(source.path)
    app.button(key="run-yes").click().run()
    assert asked_for(store) == []
    assert "The source has changed since this was counted." in words(app)
    assert "Check the new numbers, then run." in words(app)
    assert figures(app)["Add"] == "2"
    app.button(key="run").click().run()
    app.button(key="run-yes").click().run()
    assert "has changed" not in words(app)
    assert len(asked_for(store)) == 1


@pytest.fixture
def csv(store: Store, export: ExportRow, tmp_path: Path) -> Path:
    """The source as a CSV file."""
    path = tmp_path / "profiles.csv"
    profiles().write_csv(path)
    with store.begin() as session:
        row = sources.find(session, "Profiles")
        sources.change(session, operator(), row, Source(name="Profiles", path=str(path)), FIELDS)
    return path


def test_a_csv_file_that_was_written_again_is_counted_again_before_it_runs(
    page: Page, store: Store, csv: Path, words: Words
) -> None:
    app = page("preview", export=1)
    assert figures(app)["Add"] == "3"
    app.button(key="run").click().run()
    with csv.open("a") as file:
        file.write("007,new@example.lv,New,,LV,5.0\n")
    app.button(key="run-yes").click().run()
    assert asked_for(store) == []
    assert "The source has changed since this was counted." in words(app)
    assert figures(app)["Add"] == "4"


def test_another_run_that_has_ended_since_is_counted_in_before_it_runs(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("preview", export=1)
    app.button(key="run").click().run()
    other = carried(store)
    app.button(key="run-yes").click().run()
    assert [run.id for run in asked_for(store)] == [other.id]
    assert "The list has changed since this was counted." in words(app)
    assert planned(app) == {"Unchanged": "3", "Rejected": "2"}


def test_who_was_refused_last_time_stands_so_and_can_be_tried_again(
    page: Page, store: Store, source: SourceRow, export: ExportRow, words: Words
) -> None:
    refused = pl.when(pl.col("email") == "j@x.lv").then(pl.lit("refused@x.lv")).otherwise("email")
    profiles().with_columns(email=refused).write_parquet(source.path)
    assert carried(store).refused == 1
    app = page("preview", export=1)
    assert planned(app) == {"Unchanged": "2", "Rejected": "3"}
    table = app.get("table")[1].value
    assert "Refused last time by Klaviyo" in list(table["Reason"])
    assert app.button(key="refused-again").label == "Try the 1 refused again"
    app.button(key="refused-again").click().run()
    assert asked_for(store)[0].order.refused_again


def test_an_export_that_was_changed_since_is_counted_again_before_it_runs(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("preview", export=1)
    app.button(key="run").click().run()
    change(store, limit=50)
    app.button(key="run-yes").click().run()
    assert asked_for(store) == []
    assert "The export has changed since this was counted." in words(app)


def test_nothing_is_started_when_the_source_has_gone_since(
    page: Page, store: Store, source: SourceRow, export: ExportRow, words: Words
) -> None:
    app = page("preview", export=1)
    app.button(key="run").click().run()
    Path(source.path).unlink()
    app.button(key="run-yes").click().run()
    assert not app.exception
    assert asked_for(store) == []
    assert "is missing. Put the file back" in words(app)


def carried(store: Store) -> Run:
    """A run of the export from its request to its end."""
    with store.begin() as session:
        run = requests.request(session, operator(), exports.find(session, 1))
    worker = Worker(store)
    for batch in worker.prepare(run.id)["batches"]:
        worker.send(run.id, batch)
    while worker.settle(run.id)["open"]:
        pass
    worker.finish(run.id)
    worker.leave()
    with store.begin() as session:
        return runs.find(session, run.id)


def test_everybody_can_be_sent_again_after_a_confirmation_that_says_whom(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    assert "send-all" not in {b.key for b in page("preview", export=1).button}
    carried(store)
    app = page("preview", export=1)
    app.button(key="send-all").click().run()
    told = words(app)
    assert "Sends all **3** profiles again, including the **3** unchanged ones." in told
    assert "Nobody joins or leaves the list because of it." in told
    app.button(key="confirm-yes").click().run()
    again = asked_for(store)[0]
    assert (again.id, again.order.send_all) == (2, True)
    assert app.button(key="send-all").disabled


def test_nobody_is_sent_again_when_the_source_has_changed_since_it_was_counted(
    page: Page, store: Store, source: SourceRow, export: ExportRow, words: Words
) -> None:
    carried(store)
    app = page("preview", export=1)
    app.button(key="send-all").click().run()
    profiles().with_columns(first_name=pl.lit("New")).write_parquet(source.path)
    app.button(key="confirm-yes").click().run()
    assert [run.id for run in asked_for(store)] == [1]
    assert "The source has changed since this was counted." in words(app)


def test_over_the_limit_with_stop_it_does_not_run_but_can_be_split(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    change(store, limit=2)
    app = page("preview", export=1)
    app.button(key="run").click().run()
    assert "run-yes" not in {b.key for b in app.button}
    assert "1 above it. Nothing can be sent as it is." in words(app)
    app.button(key="split").click().run()
    assert "2 now, for 3 profiles. This sends nothing yet." in words(app)
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.spec(session, exports.find(session, 1)).over_limit == "split"
        assert runs.how_many(session) == 0
    app = page("preview", export=1)
    app.button(key="run").click().run()
    assert app.button(key="run-yes").label == "Send 3 to Newsletter EU in 2 parts"


def test_a_detached_export_says_so_and_does_not_run(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        exports.detach(session, operator(), exports.find(session, 1))
    app = page("preview", export=1)
    assert "run" not in {b.key for b in app.button}
    assert "Edit it to choose one." in app.warning[0].value


def test_a_source_that_is_gone_is_one_sentence_and_the_runs_are_still_shown(
    page: Page, store: Store, source: SourceRow, ran, words: Words
) -> None:
    from pathlib import Path

    ran(RunStatus.succeeded, sent=4, accepted=4)
    Path(source.path).unlink()
    app = page("preview", export=1)
    assert not app.exception
    assert "profiles.parquet" in app.error[0].value.replace("\\", "")
    assert "Run 1" in words(app)


def test_an_export_that_does_not_exist_is_one_sentence(page: Page, export: ExportRow) -> None:
    assert "There is no export “9”." in page("preview", export=9).error[0].value


def test_where_nobody_joins_all_who_are_sent_are_updated(
    page: Page, store: Store, source: SourceRow, export: ExportRow
) -> None:
    change(store, mode=Mode.update)
    assert planned(page("preview", export=1)) == {"Update": "3", "Rejected": "2"}
    carried(store)
    fresh = pl.when(pl.col("email") == "j@x.lv").then(pl.lit("New")).otherwise("first_name")
    new = profiles().head(1).with_columns(email=pl.lit("new@x.lv"), customer_id=pl.lit("99"))
    pl.concat([profiles().with_columns(first_name=fresh), new]).write_parquet(source.path)
    app = page("preview", export=1)
    assert planned(app) == {"Update": "2", "Unchanged": "2", "Rejected": "2"}
    app.button(key="run").click().run()
    assert app.button(key="run-yes").label == "Update 2 profiles"


def test_the_list_is_drawn_for_the_days_that_the_address_asks_for(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    carried(store)
    app = page("preview", export=1, days=90)
    assert not app.exception  # one run alone draws no line
    with store.begin() as session:
        row = runs.find(session, 1)
        copy = {c.key: getattr(row, c.key) for c in row.__mapper__.column_attrs if c.key != "id"}
        found = Arrived(0, 0, 0, {}, (), None, 7)
        row.read_back_data = ReadBack(arrived=found).as_data()
        at = row.finished_at - timedelta(days=60)
        older = {"created_at": at, "finished_at": at, "read_back_data": row.read_back_data}
        session.add(Run(**(copy | older)))
    assert len(page("preview", export=1, days=90).get("button_group")) == 1
    assert not page("preview", export=1, days=14).get("button_group")


def test_an_export_that_takes_no_old_data_says_that_a_run_would_be_held(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    change(store, guards=Guards(age=24))
    with store.begin() as session:
        row = sources.find(session, 1)
        old = Freshness(at=datetime.now(UTC) - timedelta(hours=50))
        sources.note_reading(session, row, freshness=old)
    text = words(page("preview", export=1))
    assert "50 h old, by the time of its files" in text  # as it was read last
    assert "The export takes no data older than 24 h: a run would be held." in text
    assert "0 min old, by the time of its files" in text  # as it was counted now
