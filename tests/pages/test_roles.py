"""No page, no fragment and no button is there for a visitor or for too small a role."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.store import Store, accounts, audit, connections, runs, sessions
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from pages.router import PAGES
from pages.ui import frame
from tests.pages.conftest import profiles

FOLDER = Path(__file__).parents[2] / "pages"
SMALLEST = {entry.name: entry.role for entry in PAGES}  # the smallest role that each page is for
NO_PAGES = {"__init__", "router"}
FRAGMENTS = {"fragment", "dialog"}  # of Streamlit: they run without their page's top
Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
SignedIn = Callable[[Role | None], None]


def alone(name: str) -> AppTest:
    """The page's file itself, without the main script around it."""
    return AppTest.from_file(str(FOLDER / frame.file_of(name)), default_timeout=20).run()


def test_each_page_file_is_in_the_router() -> None:
    screens = {path.parent.name for path in FOLDER.glob("*/page.py")}
    alone = {path.stem for path in FOLDER.glob("*.py")} - NO_PAGES
    assert screens | alone == set(SMALLEST)


def test_these_pages_are_not_for_everybody() -> None:
    assert {name: role for name, role in SMALLEST.items() if role > Role.viewer} == {
        "connections": Role.contributor,
        "alerts": Role.administrator,
        "team": Role.administrator,
        "audit": Role.administrator,
        "settings": Role.administrator,
    }


@pytest.mark.parametrize("name", SMALLEST)
def test_a_page_opens_for_its_roles_and_for_nobody_else(
    page: Page, signed_in: SignedIn, export: ExportRow, words: Words, name: str
) -> None:
    for role in reversed(Role):  # what one of them has seen is not kept for a smaller one
        signed_in(role)
        if role >= SMALLEST[name]:
            _opens(page(name, export=export.id))
        else:
            _refuses(alone(name))
            _refuses(page(name))
    signed_in(None)
    _is_shut(alone(name))
    door = page(name, export=export.id)
    assert [title.value for title in door.title] == ["Sign in"]
    assert export.name not in words(door)


def _opens(app: AppTest) -> None:
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


def _refuses(app: AppTest) -> None:
    assert ["This page is for " in error.value for error in app.error] == [True]
    assert not app.title
    assert not app.main.button


def _is_shut(file: AppTest) -> None:
    assert [w.value for w in file.warning] == ["You are signed out. Reload the page to sign in."]
    assert not file.title
    assert not file.button


FORMS: list[tuple[str, dict[str, object]]] = [  # what a viewer could type into the address
    ("exports", {"view": "new"}),
    ("exports", {"view": "edit", "export": 1}),
    ("segments", {"view": "edit", "segment": 1}),
    ("sources", {"view": "edit", "source": 1}),
    ("sources", {"view": "add"}),
    ("schedules", {"view": "refresh"}),
    ("schedules", {"view": "exports", "export": 1}),
]


def test_no_form_opens_for_a_viewer(page: Page, signed_in: SignedIn, export: ExportRow) -> None:
    signed_in(Role.viewer)
    for name, query in FORMS:
        app = page(name, **query)
        assert not app.exception
        assert not [field for field in app.text_input if field.label == "Name"]
        assert not [button for button in app.button if "Save" in button.label]


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in FOLDER.rglob("*.py"):
        yield path.relative_to(FOLDER).as_posix(), ast.parse(path.read_text())


def fragments(module: ast.Module) -> Iterator[ast.FunctionDef | str]:
    """Its functions that are fragments or dialogs; a text for one that can't be found."""
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    decorators = {id(d): f for f in functions for d in f.decorator_list if makes_fragment(d)}
    yield from decorators.values()
    named = {function.name: function for function in functions}
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and makes_fragment(node) and id(node) not in decorators:
            first = node.args[0] if node.args else None
            yield named.get(getattr(first, "id", ""), f"line {node.lineno}")


def makes_fragment(node: ast.AST) -> bool:
    named = node.func if isinstance(node, ast.Call) else node
    return isinstance(named, ast.Attribute) and named.attr in FRAGMENTS


def guarded(function: ast.FunctionDef | str) -> bool:
    """Whether its first statement calls the guard."""
    if isinstance(function, str):
        return False
    body = function.body[1:] if ast.get_docstring(function) else function.body
    called = [n.func for n in ast.walk(body[0]) if isinstance(n, ast.Call)]
    return any("guard" in (getattr(f, "attr", ""), getattr(f, "id", "")) for f in called)


def test_each_fragment_asks_first_who_looks() -> None:
    found = [(name, one) for name, module in parsed() for one in fragments(module)]
    assert len(found) > 10
    names = [(name, getattr(f, "name", f)) for name, f in found if not guarded(f)]
    assert names == [("ui/frame.py", "_draw_again")]  # shows nothing but whether it may look again


def test_no_click_acts_as_who_was_signed_in_when_the_button_was_drawn() -> None:
    """Streamlit calls `on_click` before the page's guard."""
    wrong = [
        f"{name}:{node.value.lineno}"
        for name, module in parsed()
        for node in ast.walk(module)
        if isinstance(node, ast.keyword) and node.arg == "on_click"
        if ast.unparse(node.value) in ("act", "frame.act")
    ]
    assert wrong == []


@pytest.mark.parametrize(("role", "words_of_it"), [(None, "signed out"), (Role.viewer, "viewer")])
def test_a_button_of_an_open_page_does_nothing_for_who_lost_the_right(
    page: Page, store: Store, signed_in: SignedIn, export: ExportRow, role, words_of_it: str
) -> None:
    shared(store)
    signed_in(Role.contributor)
    app = page("preview", export=export.id)
    app.button(key="run").click().run()
    with store.begin() as session:
        account = accounts.find(session, Role.contributor.name)
        if role is None:
            sessions.end_all(session, account.id)
        else:
            account.role = role
            session.add(account)
    app.button(key="run-yes").click().run()
    with store.begin() as session:
        assert runs.how_many(session) == 0
    if role is not None:
        assert words_of_it in app.error[0].value


def shared(store: Store, how: str = "contributors") -> None:
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.shared_with, row.account_name, row.account_id = how, "Baltic Outfitters", "XK4p9T"
        session.add(row)


PERMISSIONS = [
    (Role.viewer, "contributors", "View"),
    (Role.contributor, "administrators", "View"),
    (Role.contributor, "contributors", "Edit"),
    (Role.administrator, "administrators", "Edit"),
]


@pytest.mark.parametrize(("role", "how", "permission"), PERMISSIONS)
def test_exports_tell_the_permission_and_offer_what_may_be_done(
    page: Page,
    store: Store,
    signed_in: SignedIn,
    export: ExportRow,
    words: Words,
    role: Role,
    how: str,
    permission: str,
) -> None:
    shared(store, how)
    signed_in(role)
    app, one = page("exports"), page("preview", export=export.id)
    assert not app.exception
    assert "Your permission" in words(app)
    assert f'<span class="sf-gray">{permission}</span>' in app.get("html")[0].proto.body
    acts = {b.key for b in [*app.button, *one.button]} & {f"run-{export.id}", "run", "edit"}
    assert acts == ({f"run-{export.id}", "run", "edit"} if permission == "Edit" else set())
    form = page("exports", view="edit", export=export.id)
    assert bool([b for b in form.button if b.key == "form-save"]) == (permission == "Edit")


@pytest.mark.parametrize("name", ["overview", "exports", "preview", "connections", "history"])
def test_contributors_see_only_name_and_type_of_a_shared_connection(
    page: Page,
    store: Store,
    signed_in: SignedIn,
    connection: ConnectionRow,
    words: Words,
    name: str,
    request: pytest.FixtureRequest,
) -> None:
    if name != "overview":  # which tells of the connection while steps are left
        export: ExportRow = request.getfixturevalue("export")
        request.getfixturevalue("ran")(RunStatus.failed, error="It failed.")
        forms = [page("exports", view=view, export=export.id) for view in ("edit", "duplicate")]
        detail = page("history", run=1)
    else:
        forms, detail = [], page("overview")
    shared(store)
    signed_in(Role.contributor)
    told = "\n".join(words(app) for app in [page(name, export=1), *forms, detail])
    for secret in ("Baltic Outfitters", "XK4p9T", connection.base_url, "0001"):
        assert secret not in told
    if name == "connections":
        assert "Newsletter account" in told
        assert "Klaviyo" in told


def test_a_connection_that_is_not_shared_is_not_there_for_contributors(
    page: Page, store: Store, signed_in: SignedIn, connection: ConnectionRow, words: Words
) -> None:
    signed_in(Role.contributor)
    for name in ("overview", "connections"):
        assert connection.name not in words(page(name))
    form = page("exports", view="new")
    assert form.selectbox[0].options == []


def test_viewers_see_no_whole_address_anywhere(
    page: Page, store: Store, signed_in: SignedIn, export: ExportRow, ran: Callable[..., Run]
) -> None:
    ran(RunStatus.failed, error="ilze@example.lv is in none of the segments.", members=5)
    signed_in(Role.viewer)
    looks = [page("preview", export=export.id), page("history", run=1), page("exports")]
    looks += [page("sources", source=1), page("overview"), page("segments")]
    addresses = [email for email in profiles()["email"] if email]
    for app in looks:
        assert not app.exception
        told = str([repr(element) for element in app.main])
        tables = "".join(str(table.value.to_csv()) for table in app.get("table"))
        assert [a for a in addresses if a in told or a in tables] == []
        assert not app.toggle
        assert not [b for b in app.get("download_button") if "profiles" in b.proto.label]
    assert "i•••@example.lv" in looks[0].code[0].value


ADDRESSES = [
    (name, key, view)
    for name, key, view in (
        ("history", "run", ""),
        ("preview", "export", ""),
        ("exports", "export", "edit"),
        ("segments", "segment", "edit"),
        ("sources", "source", ""),
        ("connections", "connection", "edit"),
        ("schedules", "export", "exports"),
    )
]


@pytest.mark.parametrize(("name", "key", "view"), ADDRESSES)
def test_whatever_stands_in_an_address_is_answered_with_a_sentence(
    page: Page, export: ExportRow, name: str, key: str, view: str
) -> None:
    for odd in ("9" * 25, "9" * 12, "-1", "x" * 100_000, "\0", "²"):
        app = page(name, **{key: odd, "view": view})
        assert not app.exception, odd


def test_the_audit_names_the_page_that_the_server_ran_not_the_one_a_browser_tells(
    page: Page, store: Store, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(Role.viewer)
    for n in range(3):
        url = f"http://127.0.0.1/invented-{n}-" + "x" * 2000
        monkeypatch.setattr(type(st.context), "url", url)
        page("connections")
    with store.begin() as session:
        rows = audit.entries(session, operator(), deed=audit.Deed.refused)
    assert {row.what.partition(":")[0] for row in rows} == {"connections"}
