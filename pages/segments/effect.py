"""What saving a segment does to the exports that use it: asked before it is saved."""

import streamlit as st

from core.access import Role
from core.preview.segment_change import Effect, effects
from core.profiles.segments.rules import Group
from core.runs import guard_words
from core.store.tables.data import SegmentRow
from core.texts import _, many
from pages.ui import frame
from pages.ui.words import plain

AGREED = "segment-agreed"  # in the session: whoever pressed Save has seen what it does


def agreed() -> bool:
    """Whether saving was agreed to in the dialog; once."""
    return bool(st.session_state.pop(AGREED, False))


def matters(row: SegmentRow | None, used: list[str], source: int, rules: Group | None) -> bool:
    """Whether saving these rules changes what exports do."""
    if row is None or rules is None or not used or row.source_id != source:
        return False
    return bool(row.rules != rules.as_data())


def ask(row: SegmentRow, rules: Group, n: int | None) -> None:
    """A dialog with the effect; `n` are the people that the new rules find."""

    @st.dialog(_("Save “{name}”?").format(name=plain(row.name)))
    def dialog() -> None:
        person = frame.guard(Role.contributor)
        if row.members is not None and n is not None:
            text = _("**{before} → {n}** people").format(before=f"{row.members:,}", n=f"{n:,}")
            st.markdown(text)
        with st.spinner(_("Working out what the next runs would do …")), frame.show_errors():
            st.markdown(_in_words(effects(frame.store(), person, row.id, rules)))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Go on editing"), key="confirm-no", type="tertiary"):
                st.rerun()
            if st.button(_("Save segment"), key="confirm-yes", type="primary", on_click=_agree):
                st.rerun()

    dialog()


def _agree() -> None:
    st.session_state[AGREED] = True


def _in_words(found: list[Effect]) -> str:
    return "\n".join(f"- {_sentence(one)}" for one in found)


def _sentence(one: Effect) -> str:
    name = f"**{plain(one.export)}**"
    if one.problem:
        return _("{name} uses it; what its next run does is not known: {why}").format(
            name=name, why=plain(one.problem)
        )
    if one.held:
        text = _("{name} uses it; :violet[:material/front_hand: its next run will be held.] {why}")
        return text.format(name=name, why=plain(one.held))
    joins = many("{n} person joins", "{n} people join", one.add)
    leave = many("{n} leaves", "{n} leave", one.leave)
    text = _("{name} uses it; in its next run {joins}, {leave}.")
    return text.format(name=name, joins=joins, leave=leave) + _only_at_the_run(one)


def _only_at_the_run(one: Effect) -> str:
    """The guards of which nobody knows before the destination is asked."""
    if not one.unknown:
        return ""
    names = ", ".join(guard_words.WORDS[name].name for name in one.unknown)
    text = _("Whether these guards hold it can only be known at the run: {guards}.")
    return f" :gray[{text.format(guards=plain(names))}]"
