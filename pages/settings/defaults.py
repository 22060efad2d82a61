"""The form of what new exports begin with, and of how long things are kept."""

from functools import partial
from typing import Any

import streamlit as st

from core.access import Person, Role
from core.configuration.export import Guards
from core.configuration.retention import LEAST_RUNS, MOST, Retention
from core.runs import guard_words
from core.store import preferences
from core.store.drafts import Form
from core.texts import _
from pages.runs import guards_form
from pages.ui import drafts, forms, frame, kit

FORM = "settings"
KEPT = {
    "runs": _("Runs with their numbers, in days"),
    "rejects": _("Profiles not exported, and other personal data of runs, in days"),
    "journal": _("What runs changed on their lists (for undo), in days"),
    "undelivered": _("Run files with something undelivered (for retry), in days"),
    "files": _("Other run files, with what people were sent, in days"),
    "engine": _("Steps of ended runs in the engine, in days"),
    "audit": _("Entries of the audit, in days"),
    "refreshes": _("Refreshes, and what their sources looked like, in days"),
    "sizes": _("Sizes of segments, in days"),
    "drafts": _("Drafts of forms since their last change, in days"),
    "suppressed": _("Who is suppressed, as previews asked, in days"),
    "uploads": _("Uploads that no source needs, in days"),
}
LEAST = {"runs": LEAST_RUNS}  # days; of the others 1
LABELS = {
    **{f"guards.{name}": words.name for name, words in guard_words.WORDS.items()},
    **{f"retention.{name}": label for name, label in KEPT.items()},
}


def form() -> None:
    """The whole form; it begins with what is saved, or with a draft."""
    person = frame.guard(Role.administrator)
    with frame.store().begin() as session:
        saved = _data(preferences.guards(session), preferences.retention(session))
    title = _("New exports and retention")
    kit.back(_("Settings"), "settings")
    drawn = f"{FORM}-drawn" in st.session_state
    begins = saved | drafts.begin(person, Form(FORM), title, saved, drawn)
    st.session_state[f"{FORM}-drawn"] = True
    frame.on_leaving("settings", _forget)
    with kit.head(title, _("Exports that exist keep the guards that they have.")):
        pass
    data = {"guards": _guards(begins["guards"]), "retention": _retention(begins["retention"])}
    drafts.keep(person, data)
    drafts.review(person, LABELS, {}, _leave)
    _save(person, data)


def _guards(saved: dict[str, Any]) -> dict[str, Any]:
    with st.container(border=True, key="form-guards"):
        kit.section(_("Guards of new exports"))
        text = _("Each holds a run before anything is sent, until somebody decides.")
        st.markdown(f":small[:gray[{text}]]")
        return {
            name: guards_form.draw(FORM, name, saved[name], guard_words.DEFAULTS)
            for name in guard_words.NAMES
        }


def _retention(saved: dict[str, Any]) -> dict[str, Any]:
    fixed = preferences.AUDIT_DAYS in frame.store().settings.given
    with st.container(border=True, key="form-retention"):
        kit.section(_("Kept for"))
        found = {}
        for name, label in KEPT.items():
            held = fixed and name == "audit"
            found[name] = st.number_input(
                label,
                LEAST.get(name, 1),
                MOST,
                saved[name],
                key=f"{FORM}-{name}",
                disabled=held,
                width=440,
            )
            if held:
                text = _("Set by {variable} in the environment.")
                st.markdown(f":small[:gray[{text.format(variable=preferences.AUDIT_DAYS)}]]")
            forms.problem(FORM, f"retention.{name}")
        return found


def _save(person: Person, data: dict[str, Any]) -> None:
    shown = (
        *(f"guards.{name}" for name in data["guards"]),
        *(f"retention.{name}" for name in KEPT),
    )
    forms.rest(FORM, *shown)
    with drafts.last_row(person, _leave):
        pressed = st.button(_("Save settings"), key="form-save", type="primary")
    if not pressed and not drafts.save_anyway():
        return
    if not drafts.save(FORM, partial(_keep, person, data)):
        st.rerun()
    frame.notify(_("The settings are saved."))
    _leave()


def _keep(person: Person, data: dict[str, Any]) -> None:
    """Raises ValidationError, Denied, Outdated."""
    chosen, kept = Guards(**data["guards"]), Retention(**data["retention"])
    with drafts.saving(person) as session:
        now = _data(preferences.guards(session), preferences.retention(session))
        drafts.refuse(session, preferences.DEFAULTS, now, _data(chosen, kept))
        preferences.change_defaults(session, person, chosen, kept)


def _data(guards: Guards, retention: Retention) -> dict[str, Any]:
    return {"guards": guards.model_dump(mode="json"), "retention": retention.model_dump()}


def _forget() -> None:
    """Streamlit drops the widgets of a form that was left; this drops the rest."""
    st.session_state.pop(f"{FORM}-drawn", None)
    forms.forget(FORM)


def _leave() -> None:
    _forget()
    st.query_params.clear()
    frame.go("settings")
