"""Asks for the addresses of a list, pasted or in a file, and says at once what they are."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.access import Person, Role
from core.audience import address_lists as given_lists
from core.configuration.address_list import AddressListFile
from core.errors import Invalid, SegferryError
from core.profiles.given_addresses import Given
from core.store import address_lists, addresses
from core.store.tables.data import AddressListRow
from core.texts import _
from pages.ui import forms, frame, kit, uploads
from pages.ui.words import plain

FORM = "address-list"  # how the keys of its widgets begin
FILE = "address-list-given"  # in the session: what was found in the file that is chosen
TEXT = "address-list-typed"  # in the session: what was found in the text
TYPES = ["txt", "csv", "tsv", "xlsx", "parquet"]
PASTE, UPLOAD = _("Paste them"), _("Upload a file")
DONE = "address-list-done"  # in the session: it was saved, so that its dialog closes
Saved = Callable[[str], object]  # takes the name of the list


def ask(row: AddressListRow | None = None, saved: Saved = lambda _name: None) -> None:
    """A dialog for a new list, or for other addresses of one; `saved` is called once it is."""
    text = _("Other addresses for “{name}”").format(name=plain(row.name)) if row else ""
    forms.forget(FORM)
    _forget()

    @st.dialog(text or _("New address list"), width="medium")
    def dialog() -> None:
        person = frame.guard(Role.contributor)
        if row is None:
            st.text_input(_("Name"), max_chars=120, key=f"{FORM}-name", placeholder=_("VIP"))
            forms.problem(FORM, "name")
        _say(_given(person))
        forms.rest(FORM, "name")
        _buttons(row, saved)

    dialog()


def _say(given: Given | None) -> None:
    if given is None:
        return
    st.markdown(f":material/check: {plain(given.sentence)}")
    if given.remark:
        st.markdown(f":small[:orange[:material/info: {plain(given.remark)}]]")


def _buttons(row: AddressListRow | None, saved: Saved) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Cancel"), key=f"{FORM}-cancel", type="tertiary"):
            st.rerun()
        action = partial(_attempt, row, saved)
        look = {"type": "primary", "key": f"{FORM}-save"}
        st.button(_("Save list"), on_click=frame.pressed, args=(action,), **look)
    if st.session_state.pop(DONE, False):
        st.rerun()


def _attempt(row: AddressListRow | None, saved: Saved, person: Person) -> None:
    """Saves it; what is wrong with it stands in the dialog, which stays."""
    typed = st.session_state
    name = row.name if row else (typed.get(f"{FORM}-name") or "").strip()

    def save() -> None:
        frame.notify(_save(person, row, name))
        saved(name)

    if forms.attempt(FORM, save):
        typed[DONE] = True
        _forget()


def _given(person: Person) -> Given | None:
    """What was given so far; what is wrong with it stands below."""
    way = st.radio(
        _("Addresses"), [PASTE, UPLOAD], key=f"{FORM}-way", horizontal=True, width="content"
    )
    try:
        return _pasted(person) if way == PASTE else _uploaded(person)
    except SegferryError as error:
        kit.problem(plain(frame.readable(str(error))))
    return None


def _pasted(person: Person) -> Given | None:
    st.text_area(
        _("One email address a line, or separated by commas"),
        height=180,
        key=f"{FORM}-text",
        help=_("Upload a file if there are tens of thousands: browsers are slow with long texts."),
    )
    text = st.session_state[f"{FORM}-text"] or ""
    return _found_in(person, text) if text.strip() else None


def _found_in(person: Person, text: str) -> Given:
    return _once(TEXT, text, lambda: given_lists.pasted(frame.store(), person, text))


def _once(key: str, of: str, look: Callable[[], Given]) -> Given:
    """What was found in it, however often the dialog is drawn and asked to save."""
    known: tuple[str, Given] | None = st.session_state.get(key)
    if known is None or known[0] != of:
        known = st.session_state[key] = (of, look())
    return known[1]


def _forget() -> None:
    for key in (FILE, TEXT):
        st.session_state.pop(key, None)


def _uploaded(person: Person) -> Given | None:
    """Read once: the file is removed as soon as its addresses are known."""
    store = frame.store()
    file = st.file_uploader(
        _("Text, CSV, Excel or Parquet"),
        TYPES,
        key=f"{FORM}-file",
        max_upload_size=store.settings.max_upload,
    )
    if file is None:
        return None

    def look() -> Given:
        path = uploads.keep(store.settings, person.id or 0, file.file_id, file.name, file)
        return given_lists.uploaded(store, person, path)

    return _once(FILE, file.file_id, look)


def _save(person: Person, row: AddressListRow | None, name: str) -> str:
    """What is said of it. Raises Denied, Invalid."""
    if not name:
        raise Invalid(_("Give it a name that says who is in it."), "name")
    store, spec = frame.store(), AddressListFile(name=name)
    content = addresses.content(store, _typed(person).addresses)
    with store.begin() as s:
        if row is None:
            address_lists.add(s, person, spec, store.vault, content)
        else:
            saved = address_lists.find(s, row.id)
            address_lists.change(s, person, saved, spec, store.vault, content)
    return " ".join(filter(None, (_("“{name}” is saved.").format(name=name), content.left_out)))


def _typed(person: Person) -> Given:
    """What was given. Raises Denied, Invalid where it is nothing."""
    typed = st.session_state
    if typed.get(f"{FORM}-way") == UPLOAD and typed.get(FILE):
        given: Given = typed[FILE][1]
        return given
    text = typed.get(f"{FORM}-text") or ""
    if typed.get(f"{FORM}-way") == UPLOAD or not text.strip():
        raise Invalid(_("Paste the addresses, or choose a file with them."), "addresses")
    return _found_in(person, text)
