"""Backups in Settings: made with a passphrase, followed, cancelled, and restored by a command."""

import shlex
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.backup import backups
from core.store import Store
from core.store.runtime import LongWork
from tests.conftest import ADA
from tests.long_work import ended

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def test_a_backup_is_made_with_a_passphrase_and_the_command_restores_it(
    page: Page, words: Words, store: Store
):
    from pages.ui import frame

    app = page("settings")
    app.button(key="make-backup").click().run()
    app.text_input(key="backup-passphrase").set_value("short")
    app.button(key="begin-backup").click().run()
    assert "12 letters" in app.error[0].value
    app.button(key="make-backup").click().run()
    app.text_input(key="backup-passphrase").set_value("correct horse battery")
    app.button(key="begin-backup").click().run()
    work = frame.store().runtime.backup
    assert work is not None
    assert ended(work).problem is None
    app = page("settings")
    (one,) = backups.everything(store, ADA)
    assert "files are whole" in app.success[0].value
    command = shlex.join(["segferry", "restore", str(backups.folder(store.settings) / one.name)])
    assert [code.value for code in app.code if code.value.startswith(command)]


def test_one_that_is_being_made_is_followed_and_can_be_cancelled(page: Page, words: Words):
    page("settings")
    from pages.ui import frame

    work = frame.store().runtime.backup = LongWork("Backing up")
    app = page("settings")
    assert app.get("progress")[0].proto.text == "Backing up"
    app.button(key="backup-cancel").click().run()
    assert work.is_stopping
