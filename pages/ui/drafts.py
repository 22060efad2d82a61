"""Forms that lose nothing: what is typed is kept for its person, and saving undoes nobody's work.

A form calls `begin` first, `keep` with what it holds now, `saving` and `refuse` when it is saved,
and `review` where it is to show what somebody else has changed meanwhile. What it holds is plain
data without secrets, for it lies in the database.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st
from sqlmodel import Session

from core.access import Person
from core.errors import Outdated, StorageFailed
from core.store import drafts
from core.store.drafts import Form
from core.store.tables.people import DraftRow
from core.texts import _
from pages.ui import differences, forms, frame, kit
from pages.ui.words import ago, plain, when

OPEN = "open-form"  # key in the session: the form that this browser has open
KINDS = {
    "export": _("export"),
    "segment": _("segment"),
    "source": _("source"),
    "connection": _("connection"),
    "schedule": _("schedule"),
    "refresh": _("schedule"),
    "settings": _("page"),
}
Data = Mapping[str, Any]


def begin(
    person: Person,
    form: Form,
    title: str,
    saved: Data,
    drawn: bool,
    dropped: Callable[[Data], object] | None = None,
    differs: Callable[[Data], object] | None = None,
) -> Data:
    """What the form begins with in place of what is saved: the draft that is continued, or {}.

    Where there is a draft that nobody has decided about, the page ends with that question, under
    its `title`. `drawn` says whether the form was drawn by the script's run before: else it has
    just been opened, with `saved` as it stands in the database. `dropped` removes what belongs to a
    draft that isn't continued, besides itself; `differs` shows what an agent's would change.
    """
    state = _state()
    if state.get("form") == (form.kind, form.id) and (drawn or state["fresh"]):
        state["fresh"] = state["fresh"] and not drawn
        return dict(state["begins"])
    with frame.store().begin() as session:
        row = drafts.find(session, person, form)
    if row:
        _ask(form, title, row, dropped, differs)
        st.stop()
    _open(form, saved, {})
    return {}


def keep(person: Person, data: Data) -> None:
    """Keeps what the form holds now, if that is another thing than it began with."""
    state, data = _state(), _as_json(data)
    if state["first"] is None:
        state["first"] = state["kept"] = data
    if data == state["kept"]:
        return
    form = Form(*state["form"])
    with suppress(StorageFailed), frame.store().begin() as session:  # typing goes on without it
        if data == state["first"]:
            drafts.drop(session, person, form)
            state["fits"] = True
        else:
            state["fits"] = drafts.keep(session, person, form, data, state["base"])
        state["kept"] = data


def is_changed() -> bool:
    """Whether the form holds something that isn't saved."""
    state = _state()
    return bool(state) and state["kept"] != state["first"]


def note() -> None:
    """The line that says whether what was typed is kept."""
    if not is_changed():
        return
    text = _("Kept as a draft") if _state()["fits"] else _("Too large to be kept as a draft")
    st.markdown(f":small[:gray[{text}]]", width="content")


def discard(person: Person) -> None:
    """Forgets what was typed. Raises StorageFailed."""
    if state := _state():
        _drop(Form(*state["form"]), person)
        close()


def close() -> None:
    """The form isn't open any more; its draft stays as it is."""
    st.session_state.pop(OPEN, None)


@contextmanager
def saving(person: Person) -> Iterator[Session]:
    """The transaction that saves the form, after which it is closed, and its draft is gone."""
    with frame.store().begin() as session:
        drafts.begin_saving(session, person, Form(*_state()["form"]))
        yield session
    close()


def refuse(session: Session, name: str, now: Data, mine: Data) -> None:
    """Raises Outdated when somebody changed what is saved, `now`, since the form was opened.

    Only the fields of `mine`, which is to be saved, count. `name` is the thing's name now.
    """
    state = _state()
    state["mine"] = _as_json(mine)
    form = Form(*state["form"])
    drafts.refuse_outdated(session, form, name, state["base"], _as_json(now), state["mine"])


def save(problems: str, action: Callable[[], object]) -> bool:
    """As `forms.attempt`; what somebody else has changed is kept for `review`."""
    outdated: list[Outdated] = []

    def tried() -> None:
        try:
            action()
        except Outdated as error:
            outdated.append(error)

    state = _state()
    state.pop("outdated", None)
    saved = forms.attempt(problems, tried)
    for error in outdated:
        state["outdated"] = {"now": error.now, "by": error.by, "at": error.at}
        forms.point_out(problems)
    return saved and not outdated


@contextmanager
def last_row(
    person: Person, leave: Callable[[], object], cancel: str = "form-cancel"
) -> Iterator[None]:
    """The last row of a form: what was typed before, and Cancel; draw what saves inside.

    `leave` closes the form, `cancel` is the key of that button.
    """
    with st.container(**kit.ROW, horizontal_alignment="right", key="save-row"):
        note()
        if st.button(_("Cancel"), key=cancel, type="tertiary"):
            discard(person)
            leave()
        yield


def save_anyway() -> bool:
    """Whether the form is to be saved now, over what somebody else has changed."""
    return bool(_state().pop("again", False))


def review(
    person: Person, labels: Mapping[str, str], words: differences.Words, leave: Callable[[], object]
) -> None:
    """What somebody else has changed since the form was opened, and what to do about it.

    `labels` name the fields, `words` their values where these aren't for people; `leave` closes the
    form once theirs is taken.
    """
    state = _state()
    if not (found := state.get("outdated")):
        return
    with st.container(border=True, key="outdated"):
        st.warning(_sentence(person, found), icon=":material/group:")
        differences.show(labels, words, state["base"], found["now"], state["mine"])
        with st.container(horizontal=True, horizontal_alignment="right"):
            takes = st.button(_("Take theirs"), key="take-theirs", type="tertiary")
            st.button(_("Save mine anyway"), key="save-anyway", on_click=_insist)
    if takes:
        discard(person)
        frame.notify(_("Your changes are discarded."))
        leave()


def _sentence(person: Person, found: Data) -> str:
    """`Anna changed this export after you opened it: Today 17:42. Nothing of yours is saved.`"""
    if found["by"] == person.name:
        text = _("You changed this {thing} in another window: {when}. What is here isn’t saved.")
    else:
        text = _("{who} changed this {thing} after you opened it: {when}. Yours isn’t saved yet.")
    return text.format(
        who=plain(found["by"] or _("Somebody")),
        thing=KINDS[_state()["form"][0]],
        when=when(found["at"], in_sentence=True),
    )


def _insist() -> None:
    """From now on what the other one saved is what the form was opened with."""
    state = _state()
    if found := state.pop("outdated", None):
        state["base"], state["again"] = found["now"], True


def _ask(
    form: Form,
    title: str,
    row: DraftRow,
    dropped: Callable[[Data], object] | None,
    differs: Callable[[Data], object] | None,
) -> None:
    with kit.head(title):
        pass
    with st.container(border=True, key="draft"):
        began = _("You began this {ago}, and didn’t save it.")
        if drafts.PROPOSED in row.data:
            began = _("An agent of yours drafted this {ago}. Check it before you save it.")
        text = began.format(ago=ago(row.began_at))
        st.markdown(f":material/edit_note: **{text}**")
        if (name := row.data.get("name") or row.base.get("name")) and name != title:
            st.markdown(f":small[:gray[{plain(name)}]]")
        if differs and form.id and drafts.PROPOSED in row.data:
            differs(drafts.typed(row))
        with st.container(horizontal=True):
            st.button(
                _("Continue"),
                type="primary",
                key="draft-continue",
                on_click=_open,
                args=(form, row.base, drafts.typed(row)),
            )

            def start_over(person: Person) -> None:
                _drop(form, person)
                if dropped:
                    dropped(row.data)

            st.button(_("Start over"), key="draft-drop", on_click=frame.pressed, args=(start_over,))


def _drop(form: Form, person: Person) -> None:
    with frame.store().begin() as session:
        drafts.drop(session, person, form)


def _open(form: Form, base: Data, begins: Data) -> None:
    """`first` is what the form holds before anything is typed; nothing is that of a draft."""
    st.session_state[OPEN] = {
        "form": (form.kind, form.id),
        "base": _as_json(base),
        "begins": dict(begins),
        "first": {} if begins else None,
        "kept": dict(begins),
        "fresh": True,
        "fits": True,
    }


def _state() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.get(OPEN, {})
    return found


def _as_json(data: Data) -> dict[str, Any]:
    """As JSON gives it back: tuples are lists, texts of enums are texts."""
    found: dict[str, Any] = json.loads(json.dumps(data))
    return found
