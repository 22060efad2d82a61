"""Backups of the whole installation: made here, checked, downloaded, and how one is restored."""

import shlex
from functools import partial

import streamlit as st

from core.access import Person, Role
from core.backup import backups, making
from core.backup.backups import Backup
from core.store.runtime import LongWork
from core.texts import _
from pages.ui import forms, frame, kit, long_work, row_cells, rows
from pages.ui.rows import Column, Table
from pages.ui.words import brief, plain, size, when

PASSPHRASE, WITHOUT_KEYS = "backup-passphrase", "backup-without-keys"


def show(person: Person) -> None:
    """What is kept, or how far the one is that is being made."""
    if long_work.is_going_on(_work()):
        long_work.follow("backup", _("Backups"), _work, _cancel)
        return
    with st.container(border=True, gap="small", key="backups"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("Backups"), anchor=False, width="content")
            if frame.store().settings.on_sqlite and st.button(_("Make backup"), key="make-backup"):
                _make()
        _outcome(_work())
        _kept(backups.everything(frame.store(), person))


def _outcome(work: LongWork | None) -> None:
    long_work.say_problem(work)
    if work and work.outcome:
        st.success(plain(work.outcome), icon=":material/check_circle:")


def _kept(found: list[Backup]) -> None:
    if not frame.store().settings.on_sqlite:
        text = _("The database is in PostgreSQL: back it up with pg_dump, and the files beside it.")
        st.markdown(f":small[:gray[{text}]]")
    elif not found:
        text = _("One file of everything here, made while Segferry runs. There is none yet.")
        st.markdown(f":small[:gray[{text}]]")
    else:
        rows.draw_few(TABLE, found)
        _restoring(found[0])


def _restoring(newest: Backup) -> None:
    """Everything is replaced and nothing may run meanwhile, so no page can do it."""
    store = frame.store()
    text = _("To restore one, stop the server, run this command, then start it again:")
    st.markdown(f":small[{text}]")
    path, home = backups.folder(store.settings) / newest.name, store.settings.home
    command = shlex.join(["segferry", "restore", str(path), "--home", str(home), "--replace"])
    st.code(command, language=None, wrap_lines=True)


def _make() -> None:
    @st.dialog(_("Make a backup"))
    def dialog() -> None:
        frame.guard(Role.administrator)
        text = _("Database, ledgers, files of runs and uploads, in a file in the data folder.")
        st.markdown(text)
        if making.has_keys(frame.store().settings):
            _ask_passphrase()
        pressed = st.button(
            _("Make backup"),
            type="primary",
            key="begin-backup",
            on_click=frame.pressed,
            args=(_begin,),
        )
        if pressed:
            st.rerun()

    dialog()


def _ask_passphrase() -> None:
    without = bool(st.session_state.get(WITHOUT_KEYS))
    if frame.store().settings.backup_passphrase:
        st.markdown(_("Its keys are encrypted with SEGFERRY_BACKUP_PASSPHRASE."))
    else:
        about = _("12 letters or more. Whoever restores the backup has to know it.")
        label = _("Passphrase for the keys")
        forms.secret(label, key=PASSPHRASE, help=about, disabled=without)
    about = _("Secrets of connections and sources have to be entered again after a restore.")
    st.checkbox(_("Leave the keys out"), key=WITHOUT_KEYS, help=about)


def _begin(person: Person) -> None:
    store, typed = frame.store(), st.session_state
    needed = making.has_keys(store.settings) and not typed.get(WITHOUT_KEYS)
    given = store.settings.backup_passphrase or typed.get(PASSPHRASE) or ""
    backups.begin(store, person, given if needed else None)


def _work() -> LongWork | None:
    return frame.store().runtime.backup


def _cancel(person: Person) -> None:
    backups.cancel(frame.store(), person)


def _actions(one: Backup) -> None:
    address = f"backup/{one.name}"
    st.link_button(_("Download"), address, type="tertiary", width="content")
    choices = [_("Check"), _("Remove")]
    label = _("More for {name}").format(name=plain(one.name))
    icon, key = ":material/more_horiz:", f"more-{one.name}"
    chosen = st.menu_button(label, choices, icon=icon, key=key, type="tertiary")
    if chosen == _("Check"):
        frame.act(partial(_check, one.name, person=frame.guard(Role.administrator)))
        st.rerun()
    if chosen == _("Remove"):
        _ask_removal(one.name)


def _ask_removal(name: str) -> None:
    text = _("The file **{name}** is deleted.").format(name=plain(name))
    remove = partial(_remove, name)
    kit.confirm(_("Remove the backup?"), text, _("Remove"), remove, _("It was removed."))


def _check(name: str, person: Person) -> None:
    backups.begin_check(frame.store(), person, name)


def _remove(name: str, person: Person) -> None:
    backups.remove(frame.store(), person, name)


def _made(one: Backup) -> str:
    return row_cells.text(brief(one.made_at), whole=when(one.made_at))


TABLE: Table[Backup] = Table(
    kind="backup",
    columns=(
        Column("made", _("Made"), _made, 110),
        Column("size", _("Size"), lambda one: row_cells.text(size(one.bytes), gray=True)),
    ),
    identity=lambda one: (int("".join(filter(str.isdigit, one.name))), one.name),
    link=lambda _one: None,
    actions=_actions,
    action_width=130,
    name_width=250,
)
