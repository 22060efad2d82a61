"""Downloads of backups: for administrators who are signed in, and of what is kept alone."""

import pytest
from starlette.applications import Starlette

from core.access import Role
from core.server import backups as served
from core.server.web import COOKIE
from core.store import Store, accounts, sessions
from tests.conftest import ADA
from tests.in_process import InProcess

NAME = "segferry-20261129-080000.zip"


@pytest.fixture
def browser(store: Store) -> InProcess:
    folder = store.settings.home / "backups"
    folder.mkdir()
    (folder / NAME).write_bytes(b"whole")
    return InProcess(Starlette(routes=[served.route(lambda: store, COOKIE)]))


def cookie(store: Store, role: Role) -> dict[str, str]:
    with store.begin() as session:
        account = accounts.add(session, ADA, f"A {role.name}", role)
        return {"Cookie": f"{COOKIE}={sessions.begin(session, account, '127.0.0.1', 'test')}"}


def test_an_administrator_downloads_it(browser: InProcess, store: Store):
    mine = cookie(store, Role.administrator)
    answer = browser.get(f"/backup/{NAME}", headers=mine)
    assert (answer.status_code, answer.content) == (200, b"whole")
    assert NAME in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert browser.get("/backup/segferry.sqlite", headers=mine).status_code == 404


def test_nobody_else_does(browser: InProcess, store: Store):
    assert browser.get(f"/backup/{NAME}").status_code == 403
    contributor = cookie(store, Role.contributor)
    assert browser.get(f"/backup/{NAME}", headers=contributor).status_code == 403
