"""Uploaded files: they are taken over from where they arrived on the disk."""

import io
from uuid import uuid4

import pytest

from core.access import Person, Role
from core.errors import Invalid
from core.server.uploads import NOTE
from core.settings import Settings
from core.store import accounts, drafts, sources
from pages.ui import uploads
from tests.workbooks import workbook


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)


def test_a_file_that_arrived_on_the_disk_is_taken_over_without_reading_it(settings):
    id = str(uuid4())
    settings.arrivals.joinpath("7").mkdir(parents=True)
    (settings.arrivals / "7" / id).write_bytes(b"email\n")
    kept = uploads.keep(settings, 7, id, "people.csv", io.BytesIO(NOTE))
    assert kept.read_bytes() == b"email\n"
    assert uploads.original(kept) == "people.csv"
    assert not list(settings.arrivals.glob("7/*"))


def test_a_file_that_was_cleared_away_is_chosen_again(settings):
    with pytest.raises(Invalid, match=r"removed in the meantime\. Choose it again"):
        uploads.keep(settings, 7, str(uuid4()), "people.csv", io.BytesIO(NOTE))
    assert not list(settings.uploads.iterdir())


def test_what_is_no_table_is_called_what_it_is_beside_the_field(page):
    app = page("sources", view="add")
    app.file_uploader[0].upload("people.csv", b"<!doctype html><html>", "text/csv").run()
    app.button(key="source-look-button").click().run()
    told = [element.value for element in app.markdown if "is a web page" in element.value]
    assert len(told) == 1
    assert not [box for box in app.selectbox if box.label == "Encoding"]


def test_the_sheet_of_a_workbook_is_told_and_can_be_chosen(page, store):
    book = workbook(Old=[["email"], ["a@x.lv"]], New=[["email", "n"], ["b@x.lv", 1], ["c@x.lv", 2]])
    app = page("sources", view="add")
    app.file_uploader[0].upload("people.xlsx", book, "application/octet-stream").run()
    app.button(key="source-look-button").click().run()
    told = " ".join(element.value for element in app.markdown)
    assert "Sheet **Old**" in told
    assert "The sheet “Old” is read; there are also: New." in told
    app.selectbox(key="source-sheet").select("New").run()
    assert "2 rows, 2 fields" in " ".join(element.value for element in app.markdown)
    app.button(key="save").click().run()
    with store.begin() as session:
        assert sources.find(session, "People").spec["sheet"] == "New"


def test_a_workbook_without_names_is_asked_about_and_what_is_said_of_it_is_kept(page, store):
    book = workbook(S=[["a", "list", "of", "all"], ["a@x.lv", 1], ["b@x.lv", 2]])
    app = page("sources", view="add")
    app.file_uploader[0].upload("people.xlsx", book, "application/octet-stream").run()
    app.button(key="source-look-button").click().run()
    app.number_input(key="source-skip").set_value(1).run()
    assert "line 2: the first row looks like a person" in " ".join(m.value for m in app.markdown)
    app.selectbox(key="source-header").select("no").run()
    assert "2 rows, 2 fields" in " ".join(element.value for element in app.markdown)
    assert not [box for box in app.selectbox if box.label in ("Quotes", "Separator")]
    app.button(key="save").click().run()
    with store.begin() as session:
        spec = sources.find(session, "People").spec
    assert (spec["skip"], spec["header"]) == (1, False)


def said(app) -> str:
    return " ".join(element.value for element in app.markdown).replace("\\", "")


def upload(app, name: str, content: bytes) -> None:
    app.file_uploader[0].upload(name, content, "text/csv").run()
    app.button(key="source-look-button").click().run()


def test_a_file_that_is_refused_says_so_on_the_button_too(page):
    app = page("sources", view="add")
    assert "save" not in [button.key for button in app.button]
    upload(app, "people.csv", b"<!doctype html><html>")
    button = app.button(key="save")
    assert (button.label, button.disabled) == ("Can’t add: the file isn’t readable", True)


def test_an_upload_survives_going_away_and_coming_back(page, store):
    app = page("sources", view="add")
    upload(app, "people.csv", b"email,town\na@x.lv,Riga\nb@x.lv,Ventspils\n")
    app.text_input(key="source-name").set_value("Shop").run()
    app.switch_page("segments/page.py").run()
    app = page("sources", view="add")  # in another tab
    assert "You began this just now" in said(app)
    app.button(key="draft-continue").click().run()
    assert "**people.csv** is still here" in said(app)
    assert "2 rows, 2 fields" in said(app)
    assert app.text_input(key="source-name").value == "Shop"
    app.button(key="save").click().run()
    with store.begin() as session:
        assert sources.find(session, "Shop").rows == 2
    assert "You began this" not in said(page("sources", view="add"))


def test_an_upload_that_is_gone_is_asked_for_by_its_name(page, store):
    app = page("sources", view="add")
    upload(app, "people.csv", b"email,town\na@x.lv,Riga\n")
    for file in store.settings.uploads.iterdir():
        file.unlink()
    app = page("sources", view="add")
    app.button(key="draft-continue").click().run()
    assert "Choose the file again: **people.csv**" in said(app)
    assert not app.error


def test_nobody_takes_up_what_another_uploaded(page, store, signed_in):
    app = page("sources", view="add")
    upload(app, "people.csv", b"email,town\na@x.lv,Riga\n")
    (file,) = store.settings.uploads.iterdir()
    signed_in(Role.contributor)
    app = page("sources", view="add")
    with store.begin() as session:
        account = accounts.look_up(session, "contributor")
        person = Person("contributor", Role.contributor, account.id)
        theirs = {"way": "upload", "upload": {"name": "people.csv", "path": str(file)}}
        drafts.keep(session, person, drafts.Form("source"), theirs | {"looked": True}, {})
    app = page("sources", view="add")
    app.button(key="draft-continue").click().run()
    assert "is still here" not in said(app)


def test_cancelling_removes_an_upload(page, store):
    app = page("sources", view="add")
    upload(app, "people.csv", b"email,town\na@x.lv,Riga\n")
    app.button(key="cancel").click().run()
    assert not list(store.settings.uploads.iterdir())
