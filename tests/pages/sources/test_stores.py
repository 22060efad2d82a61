"""The Sources page with a file in a store: looked at, saved, shown; no secret of a path is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.store import Store, sources
from core.store.tables.people import DraftRow
from pages.sources import rows
from tests.buckets import Bucket
from tests.buckets import authority as authority
from tests.buckets import bucket as bucket
from tests.buckets import environment as environment
from tests.buckets import new_bucket as new_bucket
from tests.buckets import s3 as s3
from tests.buckets import trusting as trusting

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
TEXT = "email;city\na@example.com;Rīga\nb@example.com;Liepāja\n"


@pytest.fixture
def allowed(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The folder `in` of the bucket is named by the setting."""
    monkeypatch.setenv("SEGFERRY_SOURCE_STORES", f"s3://{bucket.name}/in/")
    bucket.put("in/shop people.csv", TEXT)
    bucket.put("out.csv", TEXT)
    return bucket


def looked_at(page: Page, path: str) -> AppTest:
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("path").run()
    app.text_input(key="source-path").set_value(path).run()
    return app.button(key="source-look-button").click().run()


def test_a_file_in_a_store_is_looked_at_saved_and_shown(
    allowed: Bucket, page: Page, words: Words, store: Store
):
    path = f"s3://{allowed.name}/in/shop people.csv"
    app = looked_at(page, path)
    told = words(app)
    assert "2 rows, 2 fields" in told
    assert "last modified" in told
    assert app.text_input(key="source-name").value == "Shop people"
    app.button(key="save").click().run()
    with store.begin() as s:
        row = sources.find(s, "Shop people")
    assert (row.path, row.type, row.confined) == (path, "file", True)
    assert rows.place(row) == f"S3 · {allowed.name} · shop people.csv"
    shown = words(page("sources", source=str(row.id)))
    assert "version **" in shown
    assert "1 file, 54 B" in shown


def test_a_place_that_is_not_named_is_refused(allowed: Bucket, page: Page, words: Words):
    app = looked_at(page, f"s3://{allowed.name}/out.csv")
    assert "not in the stores that sources may be read from" in words(app)
    app.text_input(key="source-path").set_value("https://169.254.169.254/latest").run()
    app.button(key="source-look-button").click().run()
    assert "not in the stores that sources may be read from" in words(app)


def test_a_path_with_a_secret_is_refused_and_kept_nowhere(
    allowed: Bucket, page: Page, words: Words, store: Store
):
    app = looked_at(page, "https://example.com/p.csv?sig=t0psecret")
    assert "password, a key or a signature" in words(app)
    app.text_input(key="source-path").set_value("s3://AKID:t0psecret@team/p.csv").run()
    with store.begin() as s:
        assert "t0psecret" not in str([row.data for row in s.exec(select(DraftRow))])
    files = [file for file in Path(store.settings.home).rglob("*") if file.is_file()]
    assert not [file for file in files if b"t0psecret" in file.read_bytes()]
