"""The Sources page with a database: connected to, a table chosen, saved, edited, shown."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.access import operator
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.profiles.sources import Kind
from core.profiles.sources.databases.address import Address
from core.settings import Settings
from core.store import Store, segments, sources
from core.store.tables.data import SourceRow
from core.store.tables.people import DraftRow
from pages.sources import database, rows

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
SECRET = "s3cret-w0rd"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Sources made in the browser may read the test's folder."""
    return Settings(home=tmp_path / "data", source_folders=str(tmp_path))


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A file of SQLite with two tables."""
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.execute("create table people (id integer, email text, country text)")
    connection.execute("create table orders (id integer)")
    rows = [(n, f"p{n}@example.com", "LV" if n % 2 else "EE") for n in range(1, 8)]
    connection.executemany("insert into people values (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


def opened(page: Page, path: Path) -> AppTest:
    """The form with that file filled in, not connected yet."""
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("database").run()
    app.selectbox(key="source-engine").select("sqlite").run()
    return app.text_input(key="source-database").set_value(str(path)).run()


def saved(store: Store) -> SourceRow:
    with store.begin() as s:
        return sources.find(s, "People")


def test_a_table_is_chosen_from_a_list_looked_at_and_saved(
    page: Page, words: Words, store: Store, people: Path
):
    app = opened(page, people)
    app.button(key="source-connect").click().run()
    assert "Connected: 2 tables can be read." in words(app)
    assert app.selectbox(key="source-table").options == ['"orders"', '"people"']
    app.selectbox(key="source-table").select('"people"').run()
    app.button(key="source-look-button").click().run()
    assert "7 rows, 3 fields" in words(app)
    app.selectbox(key="source-key").select("id")
    app.button(key="save").click().run()
    row = saved(store)
    assert row.path == f"sqlite:///{people}"
    assert (row.rows, row.spec["table"], row.spec["key"]) == (7, '"people"', "id")
    assert store.vault.unlock(row.secret or "") == f"sqlite:///{people}"
    assert rows.place(row) == 'SQLite · shop.db · "people"'
    assert not page("sources").exception
    shown = words(page("sources", source=row.id)).replace("\\", "")
    assert str(people) in shown
    assert '"people"' in shown


def test_a_query_is_edited_while_its_secret_stays(
    page: Page, words: Words, store: Store, people: Path
):
    app = opened(page, people)
    app.radio(key="source-reads").set_value("query").run()
    app.text_area(key="source-query").set_value("select * from people where id < 4").run()
    app.button(key="source-look-button").click().run()
    app.text_input(key="source-name").set_value("People")
    app.button(key="save").click().run()
    before = saved(store)
    app = page("sources", view="edit", source=before.id)
    assert app.text_area(key="source-query").value == "select * from people where id < 4"
    app.text_area(key="source-query").set_value("select * from people where id < 3").run()
    app.button(key="source-look-button").click().run()
    app.button(key="save").click().run()
    after = saved(store)
    assert (after.rows, after.secret, after.path) == (2, before.secret, before.path)
    app = page("sources", source=after.id)
    assert [one.value for one in app.code] == ["select * from people where id < 3"]


@pytest.mark.parametrize(
    ("engine", "filled", "said"),
    [
        ("postgresql", {"host": "127.0.0.1", "port": 1, "user": "ann"}, "Nothing answers at 127.0"),
        ("postgresql", {"host": "127.0.0.2"}, "added to SEGFERRY_SOURCE_DATABASES"),
        ("postgresql", {"host": ""}, "Give the host of the server."),
        ("sqlite", {"database": "/etc/people.db"}, "/etc/people.db is outside the folders"),
        ("sqlite", {"database": "{here}/none.db"}, "There is no file"),
    ],
)
def test_a_place_that_is_none_is_told_without_its_secret(
    page: Page,
    words: Words,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    filled: dict,
    said: str,
):
    monkeypatch.setenv("SEGFERRY_SOURCE_DATABASES", "127.0.0.1")
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("database").run()
    app.selectbox(key="source-engine").select(engine).run()
    for name, value in filled.items():
        text = str(value).format(here=tmp_path)
        field = app.number_input if name == "port" else app.text_input
        field(key=f"source-{name}").set_value(value if name == "port" else text)
    if engine == "postgresql":
        app.text_input(key="source-password").set_value(SECRET)
    app.button(key="source-connect").click().run()
    told = words(app).replace("\\", "")
    assert said in told
    assert SECRET not in told


def test_a_draft_keeps_what_was_typed_but_no_secret(page: Page, store: Store):
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("database").run()
    app.text_input(key="source-host").set_value("db.example.com")
    app.text_input(key="source-password").set_value(SECRET).run()
    app.text_input(key="source-options").set_value(f"sslpassword={SECRET}").run()
    app.toggle(key="source-by_url").set_value(True).run()
    app.text_input(key="source-url").set_value(f"postgresql://a:{SECRET}@b/c").run()
    with store.begin() as s:
        kept = [str(row.data) for row in s.exec(select(DraftRow))]
    assert any("db.example.com" in text for text in kept)
    assert not any(SECRET in text for text in kept)


def test_a_kept_password_is_not_used_for_another_server():
    row = SourceRow(name="P", type="database", path="postgresql://ann@db.example.com/shop", spec={})
    same = {"engine": "postgresql", "host": "db.example.com", "port": None, "database": "shop"}
    same |= {"user": "ann", "password": "", "options": "", "by_url": False, "url": ""}
    assert database.url_of(same, row) is None
    for other in ({"host": "evil.example.com"}, {"port": 6543}, {"user": "bob"}):
        made = database.url_of(same | other, row)
        assert made is not None
        assert not Address.parse(made).password
    changed = database.url_of(same | {"password": "n3w", "options": "sslmode=require"}, row)
    assert changed == "postgresql://ann:n3w@db.example.com/shop?sslmode=require"


def test_a_segment_shows_the_sql_that_counts_it(
    page: Page, words: Words, store: Store, people: Path
):
    schema = {"id": Kind.number, "email": Kind.text, "country": Kind.text}
    with store.begin() as s:
        spec = Source(name="People", type="database", table="people", url=f"sqlite:///{people}")
        sources.add(s, operator(), spec, schema, store.vault)
        rule = {"field": "country", "op": "equals", "value": "LV"}
        segment = Segment(name="Latvians", source="People", rules={"all": [rule]})
        id = segments.add(s, operator(), segment).id
    app = page("segment", segment=id)
    assert not app.exception
    app.toggle(key=f"sql-{id}").set_value(True).run()
    count, members = (one.value for one in app.code)
    assert "COUNT(*)" in count
    assert "people" in members
    assert "'LV'" in members
