"""What dbt said last of the model that an export reads, beside how old its data is.

It says before a run what it would be held for, and what only warns or isn't known.
"""

import streamlit as st

from core.runs import dbt_words
from core.runs.built import Built
from core.texts import _
from pages.runs.cached import CachedPreview
from pages.ui.words import plain


def show(cached: CachedPreview) -> None:
    """The line, for an export of a model."""
    if cached.preview.dbt is None:
        return
    built = Built.read(cached.preview.dbt)
    found, time_zone = built.standing, built.time_zone
    holds = cached.order.export.guards.dbt
    text = _("{model}: {results}").format(
        model=plain(found.model), results=plain(dbt_words.results(found, time_zone))
    )
    st.markdown(f":small[:gray[:material/account_tree: dbt {text}]]")
    if problems := dbt_words.problems(found, time_zone, built.before):
        end = _("A run would be held.") if holds else _("The guard for that is switched off.")
        st.warning(plain(" ".join([*problems, end])), icon=":material/front_hand:")
    for said in dbt_words.warnings(found, time_zone):
        st.markdown(f":small[:orange[:material/warning: {plain(said)}]]")
