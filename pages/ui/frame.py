"""What every page needs around it: its reader, the store, errors, notices, other pages."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import streamlit as st

from core import settings
from core.access import Action, Person, Role, may
from core.errors import Denied, SegferryError, StorageUnavailable
from core.masking import masked, sentence
from core.server import sign_in
from core.server.web import BROWSER, COOKIE
from core.settings import Settings
from core.store import Store, open_store
from core.texts import _
from pages.ui.words import plain

LOOK_EVERY = 3  # seconds between two looks whether the database is back
LONGEST_VALUE = 200  # letters of a value in an address
INVITATION = "invitation"  # in an address: the secret of a one-time link
_FOR = {
    Role.viewer: _("people who are signed in"),
    Role.contributor: _("contributors"),
    Role.administrator: _("administrators"),
}
_REFUSED = "refused"  # key in the session: pages whose refusal the audit has
_LEAVING = "leaving"  # key in the session: the page with a form, and what is done on leaving it
_SEES = "sees-values"  # key in the session: whether the reader may see what profiles hold
_PAGE = "page"  # key in the session: the name of the page that the server runs, for the audit
_NOTICES = "notices"  # key in the session: what the next run of the script shows


def guard(role: Role = Role.viewer) -> Person:
    """The reader of this page; ends it with a sentence when their role is too small.

    The first line of every page and of every fragment: a fragment runs without its page's top.
    """
    try:
        person = signed_in()
    except SegferryError as error:
        fail(error)
        st.stop()
    if person is None:
        st.warning(_("You are signed out. Reload the page to sign in."), icon=":material/lock:")
        st.stop()
    if person.role < role:
        text = _("This page is for {people}. Ask an administrator of your team.")
        _refuse(person, text.format(people=_FOR[role]))
    return person


def run(page: st.Page, name: str) -> None:
    """Runs a page of the router; its name is the server's, whatever address the browser tells."""
    st.session_state[_PAGE] = name
    page.run()


def _refuse(person: Person, text: str) -> NoReturn:
    """Ends the page with the sentence; the audit notes it once, for fragments repeat it."""
    place = str(st.session_state.get(_PAGE, ""))
    noted = st.session_state.setdefault(_REFUSED, set())
    if place not in noted:
        noted.add(place)
        store().note_refusal(f"{place}: {text}", person)
    st.error(text, icon=":material/lock:")
    st.stop()


def signed_in() -> Person | None:
    """The reader, in the role they have now; looked up each time, so that nothing outlives it."""
    person = sign_in.who(store(), token(), address())
    st.session_state[_SEES] = bool(person and may(person, Action.see_addresses))
    return person


def sees_values() -> bool:
    """Whether the reader may see what is in people's profiles; not as long as nobody knows."""
    return bool(st.session_state.get(_SEES))


def readable(text: object) -> str:
    """A sentence without what it quotes of people, as far as its reader may not see that.

    Addresses are masked for everybody: they stand there without being asked for.
    """
    words = str(text or "")
    return masked(words) if sees_values() else sentence(words)


def token() -> str | None:
    """The token of this browser's session, if it has one."""
    found = st.context.cookies.get(COOKIE)
    return found if isinstance(found, str) else None


def browser() -> str | None:
    """What tells that somebody has signed in from this browser before."""
    found = st.context.cookies.get(BROWSER)
    return found if isinstance(found, str) else None


def address() -> str:
    """Where the browser is; Streamlit gives none on this machine itself."""
    found = st.context.ip_address
    return found if isinstance(found, str) else "127.0.0.1"


def store() -> Store:
    """The store of this installation. Raises StorageFailed, Invalid."""
    return _opened(settings.read())


@contextmanager
def show_errors() -> Iterator[None]:
    """Shows an error of ours as its sentence; for a page, a fragment, an action in place."""
    try:
        yield
    except SegferryError as error:
        fail(error)


@contextmanager
def show_outages() -> Iterator[None]:
    """As `show_errors`, for a page as a whole, which is drawn again once the database is back."""
    try:
        yield
    except StorageUnavailable as error:
        fail(error)
        st.fragment(_draw_again, run_every=f"{LOOK_EVERY}s")(time.monotonic())


def _draw_again(since: float) -> None:
    """Draws the whole page where the database answers, but not as soon as it has failed."""
    if time.monotonic() - since > LOOK_EVERY / 2:
        with suppress(SegferryError):
            signed_in()
            st.rerun()


def fail(error: SegferryError) -> None:
    """The error's sentence, where it happened."""
    text = str(error)
    st.error(plain(text if sees_values() else sentence(text)), icon=":material/error:")


def act(action: Callable[[], object], done: str | None = None) -> None:
    """For `on_click`: does it; the next run shows `done`, or the sentence of what went wrong."""
    try:
        action()
    except SegferryError as error:
        notify(str(error), failed=True)
    else:
        if done:
            notify(done)


def pressed(action: Callable[[Person], object], done: str | None = None) -> None:
    """For `on_click`: the same as whoever is signed in now, in their role of now.

    Streamlit does it before the page runs, and so before its guard.
    """
    act(lambda: action(_acting(token(), address())), done)


def on_download(action: Callable[[Person], bytes]) -> Callable[[], bytes]:
    """For a download: made on the click, for whoever is signed in then, else Denied is raised."""
    browser, place = token(), address()  # not known any more where it is made
    return lambda: action(_acting(browser, place))


def _acting(browser: str | None, place: str) -> Person:
    if person := sign_in.who(store(), browser, place):
        return person
    raise Denied(_("You are signed out. Reload the page to sign in."))


def file_of(page: str) -> str:
    """Where a page is, from pages/: `page.py` in its screen's folder."""
    return f"{page}/page.py"


def go(page: str, **query: object) -> NoReturn:
    """Opens another page, by its name in the router, with this query in its address."""
    if not query:
        st.query_params.clear()
    st.switch_page(file_of(page), query_params={k: str(v) for k, v in query.items()} or None)


def stay(**query: object) -> NoReturn:
    """Shows this page again with this query in its address, and none of the query before."""
    st.query_params.from_dict({k: str(v) for k, v in query.items()})
    st.rerun()


def query(name: str) -> str:
    """A value of the page's address, of which nothing stays that no name holds; "" without it."""
    found = str(st.query_params.get(name, ""))[:LONGEST_VALUE]
    return "".join(letter for letter in found if letter.isprintable())


def on_leaving(page: str, action: Callable[[], object]) -> None:
    """Keeps what is done once this browser opens another page than `page`, its address."""
    st.session_state[_LEAVING] = page, action


def leave_for(page: str) -> None:
    """Does what was kept for leaving, as the page of this address is opened."""
    left, action = st.session_state.get(_LEAVING, (page, None))
    if left != page and action:
        del st.session_state[_LEAVING]
        action()


def notify(text: str, failed: bool = False) -> None:
    """Keeps a plain text for the next run of the script, which may be another page."""
    st.session_state.setdefault(_NOTICES, []).append((text, failed))


def show_notices() -> None:
    """Shows what was kept: results as a toast, errors where nobody can overlook them."""
    for text, failed in st.session_state.pop(_NOTICES, []):
        if failed:
            st.error(plain(text if sees_values() else sentence(text)), icon=":material/error:")
        else:
            st.toast(plain(text), icon=":material/check_circle:")


@st.cache_resource(
    max_entries=2, show_spinner=False, hash_funcs={Settings: repr}, on_release=Store.close
)
def _opened(read: Settings) -> Store:
    return open_store(read)
