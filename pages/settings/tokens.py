"""Tokens of the API: what each may start, when it was used last; made here, shown once, revoked."""

from functools import partial

import streamlit as st

from core.access import Person, Role
from core.store import exports, tokens
from core.store.tokens import REFRESH, Token
from core.texts import _
from pages.ui import frame, kit, row_cells, rows
from pages.ui.rows import Column, Table
from pages.ui.words import brief, plain, when

MADE = "made-token"  # key in the session: the name and the secret of a token, until it is shown
NAME, EXPORTS, REFRESHES, SEES = "token-name", "token-exports", "token-refresh", "token-sees"
MEASURES = "token-measures"


def show() -> None:
    """All tokens; the one that was just made with its secret."""
    with frame.store().begin() as session:
        found = tokens.everything(session)
        names = [row.name for row in exports.everything(session)]
    with st.container(border=True, gap="small", key="tokens"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("API tokens"), anchor=False, width="content")
            if st.button(_("New token"), key="new-token"):
                _new(names)
        _secret()
        if found:
            rows.draw_few(TABLE, found)
        else:
            text = _("Other programs start exports with a token. There is none yet.")
            st.markdown(f":small[:gray[{text}]]")


def _secret() -> None:
    """Shown once, for it is stored nowhere."""
    if MADE not in st.session_state:
        return
    name, secret = st.session_state.pop(MADE)
    text = _("The token **{name}**. Copy it now: it is not shown again.")
    st.markdown(text.format(name=plain(name)))
    st.code(secret, language=None, wrap_lines=True)


def _new(names: list[str]) -> None:
    @st.dialog(_("New token"))
    def dialog() -> None:
        frame.guard(Role.administrator)
        st.text_input(
            _("Name"),
            max_chars=tokens.LONGEST_NAME,
            key=NAME,
            help=_("The program that uses it. Runs and the audit show it."),
        )
        alone = bool(st.session_state.get(MEASURES))
        st.multiselect(_("Exports that it may run"), names, key=EXPORTS, disabled=alone)
        st.checkbox(_("May start the refresh"), key=REFRESHES, disabled=alone)
        about = _("Without this its previews and rejects have values masked, as viewers see them.")
        st.checkbox(_("Sees people"), key=SEES, help=about, disabled=alone)
        about = _("For Prometheus, at /metrics. Such a token may do nothing else.")
        st.checkbox(_("Only reads measures"), key=MEASURES, help=about)
        pressed = st.button(
            _("Make token"), type="primary", key="make-token", on_click=frame.pressed, args=(_make,)
        )
        if pressed:
            st.rerun()

    dialog()


def _make(person: Person) -> None:
    typed = st.session_state
    measures = typed[MEASURES]
    may = [*typed[EXPORTS], *([REFRESH] if typed[REFRESHES] else [])] if not measures else []
    sees = typed[SEES] and not measures
    with frame.store().begin() as session:
        secret = tokens.add(session, person, typed[NAME], may, sees_people=sees, measures=measures)
    st.session_state[MADE] = (typed[NAME], secret)


def _actions(one: Token) -> None:
    label = _("Revoke {name}").format(name=plain(one.name))
    icon, key = ":material/key_off:", f"revoke-{one.id}"
    if st.button(label, icon=icon, key=key, type="tertiary", help=_("Revoke")):
        text = _("Whatever uses **{name}** is refused from its next request on.")
        kit.confirm(
            _("Revoke the token?"),
            text.format(name=plain(one.name)),
            _("Revoke"),
            partial(_revoke, one.id),
            _("The token was revoked."),
        )


def _revoke(id: int, person: Person) -> None:
    with frame.store().begin() as session:
        tokens.revoke(session, person, id)


def _may(one: Token) -> str:
    if one.measures:
        return row_cells.two(_("nothing"), _("reads measures"))
    what = [*one.exports.values(), *([_("refresh")] if one.refresh else [])]
    words = ", ".join(what) or _("nothing any more")
    return row_cells.two(words, _("sees people") if one.sees_people else _("people masked"))


def _used(one: Token) -> str:
    if one.used_at is None:
        return row_cells.text(_("Never used"), gray=True)
    return row_cells.text(brief(one.used_at), whole=when(one.used_at))


def _made(one: Token) -> str:
    return row_cells.text(one.created_by, gray=True, whole=when(one.created_at))


TABLE: Table[Token] = Table(
    kind="token",
    columns=(
        Column("may", _("May start"), _may),
        Column("used", _("Last used"), _used, 110),
        Column("by", _("Made by"), _made, 110, wide=True),
    ),
    identity=lambda one: (one.id, one.name),
    link=lambda _one: None,
    actions=_actions,
    action_width=32,
)
