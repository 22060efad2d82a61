"""The page of a run whose data has been removed by its age, and why its number moved."""

from collections.abc import Callable
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from core.store import Store, details, runs
from core.store.tables.runs import Run, RunStatus

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Ran = Callable[..., Run]
GONE = datetime(2026, 12, 1, tzinfo=UTC)


def summary(rows: int, empty: int, kept_out: int) -> dict[str, object]:
    rule = {"segment": "Latvia", "field": "country", "words": "country is LV"}
    column = {"kind": "text", "empty": empty, "distinct": 3}
    numbers = {"passes": rows - kept_out, "kept_out": kept_out, "let_in": rows - kept_out}
    return {
        **{"rows": rows, "day": "2026-11-28"},
        **{"columns": {"country": column}, "rules": [rule | numbers]},
    }


def test_rejects_that_were_removed_are_said_to_be_so(
    page: Page, ran: Ran, store: Store, words: Words
):
    ran(RunStatus.partial, rejected={"invalid_email": 3}, rejects_removed_at=GONE, members=3)
    app = page("history", run="1")
    assert not app.exception
    assert "Who was not exported was removed on 1 Dec 2026" in words(app)
    assert not app.get("download_button")
    app = page("history", run="1", people="rejected")
    assert "was removed on 1 Dec 2026" in app.info[0].value


def test_what_cannot_be_retried_any_more_says_so(page: Page, ran: Ran, words: Words):
    ran(RunStatus.partial, undelivered=3, sent=3, valid=3, batches=1, files_removed_at=GONE)
    app = page("history", run="1")
    assert "The files of run 1 were removed on 1 Dec 2026" in app.info[0].value
    assert "retry" not in [one.key for one in app.button]


def test_a_run_says_why_its_number_moved(page: Page, ran: Ran, store: Store, words: Words):
    ran(RunStatus.succeeded, members=80)
    ran(RunStatus.succeeded, members=39, leaving=41)
    with store.begin() as session:
        for n, facts in ((1, summary(100, 0, 20)), (2, summary(100, 41, 61))):
            details.keep_source(session, runs.find(session, n).id, facts)
    app = page("history", run="2")
    assert "“country” is empty for 41 % (was 0 %): 41 left by it." in words(app)
    assert (
        "80 members then, 39 now (-41). 0 people are new to the list, 41 of those on it are "
        in words(app)
    )
