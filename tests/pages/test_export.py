"""One export: its preview, what may run, and what is over the limit."""

import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.access import operator
from core.models import ExportRow, RunStatus, SourceRow
from core.store import Store, exports, runs

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


def test_the_preview_counts_members_and_rejects(
    page: Page, export: ExportRow, words: Words
) -> None:
    app = page("export", export=1)
    assert not app.exception
    assert figures(app) == {"Add": "3", "Rejected": "2"}
    assert "**3** of 100,000 profiles in one run" in words(app)
    table = app.get("table")[1].value
    assert list(table["Reason"]) == ["No email", "Duplicate email"]


def test_emails_are_masked_until_asked_for(page: Page, export: ExportRow) -> None:
    app = page("export", export=1)
    assert "i•••@example.lv" in app.code[0].value
    app.toggle(key="clear").set_value(True).run()
    bodies = json.loads(app.code[0].value)
    assert bodies[0]["attributes"]["email"] == "ilze@example.lv"
    assert bodies[0]["attributes"]["properties"] == {"spent": 412.5}


def test_run_makes_one_run_and_shows_its_progress_right_there(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("export", export=1)
    app.button(key="run").click().run()
    assert app.get("progress")[0].proto.text == "Waits for its turn"
    assert app.button(key="run").disabled
    with store.begin() as session:
        assert runs.how_many(session) == 1


def test_over_the_limit_with_stop_it_does_not_run_but_can_be_split(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    change(store, limit=2)
    app = page("export", export=1)
    assert "run" not in {b.key for b in app.button}
    assert "1 over the limit" in words(app)
    app.button(key="split").click().run()
    assert "2 now, for 3 profiles. This sends nothing yet." in words(app)
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.spec(session, exports.find(session, 1)).over_limit == "split"
        assert runs.how_many(session) == 0
    app = page("export", export=1)
    assert app.button(key="run").label == "Run in 2 parts"


def test_a_detached_export_says_so_and_does_not_run(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        exports.detach(session, operator(), exports.find(session, 1))
    app = page("export", export=1)
    assert "run" not in {b.key for b in app.button}
    assert "Edit it to choose one." in app.warning[0].value


def test_a_source_that_is_gone_is_one_sentence_and_the_runs_are_still_shown(
    page: Page, store: Store, source: SourceRow, ran, words: Words
) -> None:
    from pathlib import Path

    ran(RunStatus.succeeded, sent=4, accepted=4)
    Path(source.path).unlink()
    app = page("export", export=1)
    assert not app.exception
    assert "profiles.parquet" in app.error[0].value.replace("\\", "")
    assert "Run 1" in words(app)


def test_an_export_that_does_not_exist_is_one_sentence(page: Page, export: ExportRow) -> None:
    assert "There is no export “9”." in page("export", export=9).error[0].value
