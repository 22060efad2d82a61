"""Which model of which dbt project a source reads: the project's folder, then a model by name."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.access import Role
from core.audience import dbt_models
from core.configuration.source import Source
from core.errors import Invalid
from core.store.tables.data import SourceRow
from core.texts import _
from pages.ui import forms, frame
from pages.ui.words import plain

FIELDS = ("dbt_project", "dbt_model")
LONG = 120  # letters of a description in the list


def of_source(spec: Source) -> dict[str, str]:
    """What the fields begin with for a saved source."""
    given = (spec.dbt.project, spec.dbt.model) if spec.dbt else ("", "")
    return dict(zip(FIELDS, given, strict=True))


def draw(
    form: str, given: Mapping[str, Any], row: SourceRow | None, changed: Callable[[], None]
) -> None:
    """The fields; models are offered once their project was read."""

    def moved() -> None:
        forget(form)
        changed()

    st.text_input(
        _("Folder of the dbt project"),
        given["dbt_project"],
        key=f"{form}-dbt_project",
        placeholder="/srv/dbt/shop",
        help=_("Its target/ is read, and nothing else: dbt is not run."),
        on_change=moved,
    )
    forms.problem(form, "project")
    if st.button(_("List models"), key=f"{form}-dbt_list", icon=":material/account_tree:"):
        forms.attempt(form, lambda: _list(form, row), "project")
        st.rerun()
    _draw_models(form, given["dbt_model"], changed)
    forms.problem(form, "model")


def chosen(form: str) -> dict[str, str]:
    """The model as it is filled in. Raises Invalid."""
    model = str(st.session_state.get(f"{form}-dbt_model") or "").strip()
    if not model:
        raise Invalid(_("Choose a model, or type its name."), "model")
    return {"project": _project(form), "model": model}


def forget(form: str) -> None:
    """Another project was filled in, or the form was left: its models are others."""
    st.session_state.pop(f"{form}-dbt_models", None)


def _project(form: str) -> str:
    project = str(st.session_state.get(f"{form}-dbt_project") or "").strip()
    if not project.startswith("/"):
        raise Invalid(_("Give the full path of the project; it begins with /."), "project")
    return project


def _list(form: str, row: SourceRow | None) -> None:
    person = frame.guard(Role.contributor)
    found = dbt_models.offered(frame.store(), person, _project(form), row)
    st.session_state[f"{form}-dbt_models"] = dict(found)


def _draw_models(form: str, given: str, changed: Callable[[], None]) -> None:
    found: dict[str, str] = st.session_state.get(f"{form}-dbt_models") or {}
    names = list(dict.fromkeys([*([given] if given else []), *found]))

    def words(name: str) -> str:
        about = " ".join(found.get(name, "").split())
        about = about if len(about) <= LONG else f"{about[: LONG - 1]}…"
        return plain(f"{name} · {about}" if about else name)

    st.selectbox(
        _("Model"),
        names,
        names.index(given) if given in names else None,
        format_func=words,
        key=f"{form}-dbt_model",
        placeholder=_("List the models, or type a name such as customers"),
        accept_new_options=True,
        on_change=changed,
    )
