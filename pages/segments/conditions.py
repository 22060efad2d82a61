"""Conditions in SQL beside rules: written, said in words, and turned into rules and back."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.access import Person
from core.errors import Invalid
from core.profiles.segments import united, words
from core.profiles.segments.rules import LONGEST_SQL, Group
from core.profiles.sources import Schema
from core.texts import _
from pages.segments import draft
from pages.segments.draft import Node
from pages.ui import frame
from pages.ui.words import plain

EXAMPLE = "country = 'LV' and (total > 100 or last_order_at >= current_date - interval '90 days')"
ROW, MOST = 24, 240  # pixels of a line, and of the lines that are shown at once


def text_area(node: Node, n: int) -> None:
    """The text of a condition, written back into its node, and what it means."""
    lines = node["sql"].count("\n") + 2
    node["sql"] = st.text_area(
        _("Condition {n} in SQL").format(n=n),
        node["sql"],
        key=f"q-{node['id']}",
        height=min(ROW * (lines + 1), MOST),
        max_chars=LONGEST_SQL,
        placeholder=EXAMPLE,
        label_visibility="collapsed",
    )
    if meaning := _meaning(node):
        st.markdown(f":small[:gray[{plain(meaning)}]]")


def offer_sql(node: Node, schema: Schema) -> None:
    """The button that writes a group as SQL, where all in it is finished and a rule."""
    if draft.can_be_sql(node):
        _offer(_("Write as SQL"), "code", f"sql-{node['id']}", partial(_write, node, schema))


def offer_rules(node: Node, parent: Node) -> None:
    """The button that shows a condition as rules, where it is understood."""
    if _meaning(node):
        _offer(
            _("Show as rules"), "account_tree", f"rules-{node['id']}", partial(_read, node, parent)
        )


def _offer(label: str, icon: str, key: str, change: Callable[[Person], None]) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=key,
        type="tertiary",
        on_click=frame.pressed,
        args=(change,),
    )


def _meaning(node: Node) -> str | None:
    """In words; None while it isn't understood, which is said below it."""
    if draft.unfinished(node):
        return None
    try:
        return words.words(united.translated(Group(sql=node["sql"])))
    except Invalid:
        return None


def _write(node: Node, schema: Schema, _person: Person) -> None:
    from core.profiles.segments.sql.writing import condition  # heavy

    group = draft.value_of(node)
    if group:
        draft.become_sql(node, condition(group, schema))


def _read(node: Node, parent: Node, _person: Person) -> None:
    draft.become_rules(node, parent, united.translated(Group(sql=node["sql"])))
