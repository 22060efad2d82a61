"""The data matching of an export, in its form: which column feeds what, and what is cleared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.access import Action, Person, may
from core.destinations.capabilities import Capabilities
from core.layout import IN_PROPERTIES
from core.profiles.matching.fields import FIELDS, IN_LOCATION
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _
from pages.exports import examples, matching
from pages.exports.draft import Draft, tried
from pages.exports.matching import Sheet
from pages.exports.proposal import propose
from pages.ui import cells


def _nothing() -> None:
    """No column is chosen, so there is nothing to show of any."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What was chosen, as the configuration file has it; `show_examples` shows what they hold.

    That may take a moment, so it is done once the rest of the form is drawn.
    """

    match: dict[str, Any] = field(default_factory=dict)
    clear: list[str] = field(default_factory=list)
    show_examples: Callable[[], None] = _nothing


def ask(
    person: Person, draft: Draft, source: SourceRow | None, destination: Capabilities
) -> Matched:
    """Draws the matching; it begins with what is saved, or with a proposal."""
    if source is None:
        text = _("Choose a segment first: the columns are those of its source.")
        st.markdown(f":gray[{text}]")
        return Matched()
    same, schema = source.id == draft.source_id, sources.schema(source)
    reveal, trouble = _explain_examples(person, draft), st.container()
    clears = draft.data.get("clear", ()) if same else ()
    sheet = Sheet(draft.form, f"{draft.form}-match-{source.id}", schema, destination, clears)
    saved = draft.data.get("match") if same else None
    columns = _columns(saved) if saved else propose(schema, destination.layout.fields)
    match = matching.edit(sheet, columns, tried(draft))
    return Matched(
        match,
        sheet.clear,
        lambda: examples.show(person, source, sheet.places, trouble, reveal),
    )


def _columns(match: Mapping[str, Any]) -> dict[str, str]:
    """The columns of a matching in the shape of the configuration file, by their fields' names.

    It may be an unfinished one, of a draft.
    """
    groups = {"location": IN_LOCATION, "properties": IN_PROPERTIES}
    found = {name: column for name, column in match.items() if name not in groups and column}
    for group, before in groups.items():
        found |= {f"{before}{name}": column for name, column in match.get(group, {}).items()}
    return {name: column for name, column in found.items() if column or name not in FIELDS}


def _explain_examples(person: Person, draft: Draft) -> bool:
    """Explains what is shown beside the columns; whether with whole addresses."""
    text = _(
        "Beside each column: some of its values, and the share that is empty. Empty is "
        "null, blank, or not a number; empty values are not sent."
    )
    st.markdown(f":small[:gray[{text}]]")
    return may(person, Action.see_addresses) and cells.reveal(f"{draft.form}-reveal")
