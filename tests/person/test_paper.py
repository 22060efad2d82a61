"""A person's document: it has their letters, and any change of it shows."""

from io import BytesIO

import pytest

from core.access import Person, Role
from core.errors import Denied, Invalid
from core.person import document, signing
from core.person.document import Part
from core.person.paper import as_pdf
from core.store import Store, audit
from core.store.audit import Deed
from core.store.tables.runs import Run
from tests.conftest import ADA
from tests.person.conftest import ANNA, FORMER

CONTRIBUTOR, VIEWER = Person("Karl", Role.contributor, 3), Person("Vita", Role.viewer, 7)


def text_of(content: bytes) -> str:
    from pypdf import PdfReader  # here: each process of tests imports this module

    pages = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join("\n".join(pages).split())


@pytest.fixture
def signed(store: Store, story: list[Run]) -> bytes:
    return as_pdf(store, CONTRIBUTOR, ANNA)


def test_the_document_has_all_that_is_known_and_is_signed(store: Store, signed: bytes):
    text = text_of(signed)
    for words in (ANNA, FORMER, "Anna Ķērpe", "Sent and accepted", "Taken off the list", "Karl"):
        assert words in text
    found = signing.check(store, signed)
    assert (found.whole, found.ours) == (True, True)
    assert found.fingerprint == signing.fingerprint(store)
    with store.begin() as session:
        (row,) = audit.entries(session, ADA, deed=Deed.downloaded)
    assert (row.kind, row.by) == ("person", "Karl")
    assert "example" not in row.what


def test_an_altered_byte_fails_the_check(store: Store, signed: bytes):
    place = len(signed) // 5
    altered = bytearray(signed)
    altered[place] ^= 1
    try:
        found = signing.check(store, bytes(altered))
    except Invalid:
        return
    assert not found.whole


def test_altered_text_fails_the_check(store: Store, signed: bytes):
    altered = signed.replace(b"(Segferry", b"(Segfairy")
    assert altered != signed
    assert not signing.check(store, altered).whole


def test_what_is_added_later_fails_the_check(store: Store, signed: bytes):
    from pypdf import PdfWriter

    writer = PdfWriter(BytesIO(signed), incremental=True)
    writer.add_blank_page()
    more = BytesIO()
    writer.write(more)
    assert not signing.check(store, more.getvalue()).whole


def test_a_document_without_a_signature_is_told_to_be_none(store: Store):
    with pytest.raises(Invalid, match="no PDF with one signature"):
        signing.check(store, document.pdf("Title", [], []))


def test_letters_of_other_scripts_print_and_the_others_are_named():
    lines = ["Ķērpe Łódź İstanbul", "Иванова Ёлкина", "Αθηνά Παπαδοπούλου", "李 אבג 😀"]
    text = text_of(document.pdf("Names", [], [Part("Some", lines)]))
    for line in lines[:3]:
        assert line in text
    for number in ("[U+674E]", "[U+05D0]"):
        assert number in text
    assert "can’t be printed here" in text


def test_a_viewer_takes_no_document_home(store: Store, story: list[Run]):
    with pytest.raises(Denied):
        as_pdf(store, VIEWER, ANNA)
