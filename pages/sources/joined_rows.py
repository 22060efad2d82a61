"""Of which rows a field from another table is made: rules over that table, with their counts."""

import streamlit as st

from core.access import Role
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _
from pages.segments import counts, draft, known, rules
from pages.segments.board import Board
from pages.segments.draft import Node
from pages.sources.joined_data import Data
from pages.ui import frame, kit
from pages.ui.words import plain


def draw(given: Data, key: str, table: SourceRow | None, name: str) -> Node | None:
    """The rules as drafts keep them, and buttons to begin and to drop them; None for all rows.

    `given` keeps the rules while they are built, `name` is that of the field.
    """
    if given["rules"] is None or table is None:
        label = kit.named_button(_("Only some rows"), name or _("field"))
        _draw_button(label, "filter_alt", f"{key}-some", given, draft.group())
        return given["rules"]
    if "id" not in given["rules"]:
        given["rules"] = draft.with_ids(given["rules"])
    text = _("Only rows of **{table}** that fit these rules:").format(table=plain(table.name))
    with st.container(**kit.ROW, horizontal_alignment="distribute"):
        st.markdown(f":small[{text}]", width="content")
        label = kit.named_button(_("All rows"), name or _("field"))
        _draw_button(label, "filter_alt_off", f"{key}-all", given, None)
    _draw_rules(given["rules"], table)
    return draft.bare(given["rules"])


def _draw_button(label: str, icon: str, key: str, given: Data, then: Node | None) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=key,
        type="tertiary",
        on_click=given.update,
        kwargs={"rules": then},
    )


def _draw_rules(root: Node, table: SourceRow) -> None:
    person, schema = frame.guard(Role.contributor), sources.schema(table)
    used = [node["field"] for node in draft.rules(root) if node["field"] in schema]
    known.of(person, table, used)  # all by one reading
    board = Board(
        root,
        schema,
        lambda field: known.of(person, table, [field]).get(field),
        about=known.described(person, table),
    )
    rules.draw(board)
    counts.fill(person, board, table)
