"""The lines of a segment's rules: comparisons, other segments, conditions in SQL."""

from functools import partial
from typing import Any

import streamlit as st

from core.profiles.segments import lists_within, operators
from core.profiles.segments.operators import Op
from core.profiles.segments.values import assumed
from core.profiles.sources import Kind, Schema
from core.texts import _
from pages.segments import conditions, draft, hints, list_dialog, values
from pages.segments.board import Board
from pages.segments.draft import Node
from pages.ui import kit
from pages.ui.words import plain


def segment(board: Board, node: Node, parent: Node) -> None:
    """One line: another segment, how many people, Remove; below it what is wrong.

    One that can't be chosen any more stays as it is; the check names it.
    """
    n, present = board.numbers[node["id"]], node["segment"]
    with st.container(**kit.ROW, gap="small", key=f"rule-{node['id']}"):
        st.markdown(_("in the segment"), width="content")
        names = list(board.segments or ())
        names += [present] if present and present not in names else []
        node["segment"] = st.selectbox(
            _("Segment of rule {n}").format(n=n),
            names,
            names.index(present) if present else None,
            key=f"s-{node['id']}",
            label_visibility="collapsed",
            placeholder=_("Choose a segment"),
            width=320,
        )
        _at_the_end(board, node, parent)
    _say_problem(board, node)


def condition(board: Board, node: Node, parent: Node) -> None:
    """A condition in SQL, what it means or what is wrong with it; how many people, Remove."""
    with st.container(gap="small", key=f"rule-{node['id']}"):
        conditions.text_area(node, board.numbers[node["id"]])
        with st.container(**kit.ROW, gap="small"):
            conditions.offer_rules(node, parent)
            _at_the_end(board, node, parent)
    _say_problem(board, node)


def _at_the_end(board: Board, node: Node, parent: Node) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        wrap=False,
        gap="xsmall",
    ):
        board.slots[node["id"]] = st.empty()
        remove(parent, node, _("Remove"))


def _say_problem(board: Board, node: Node) -> None:
    if node.get("marked") and draft.unfinished(node) and not draft.wrong(node):
        n = board.numbers[node["id"]]
        kit.problem(_("Rule {n} isn’t finished. Fill it in, or remove it.").format(n=n))
    else:
        kit.problem(plain(board.problem(node) or "") or None)


def rule(board: Board, node: Node, parent: Node) -> None:
    """One line: field, operator, value, how many people, Remove; below it what is wrong.

    Of a rule that doesn't fit its source any more, what doesn't fit stays as it is.
    """
    n = board.numbers[node["id"]]
    with st.container(**kit.ROW, gap="small", key=f"rule-{node['id']}"):
        node["field"] = _field(node, n, board.schema)
        kind = board.schema.get(node["field"])
        if kind:
            node["op"] = _operator(node, n, board.operators(kind))
        if kind and node["op"] in operators.operators(kind):
            node["value"] = _value(board, node, n, kind)
        _at_the_end(board, node, parent)
    if text := board.about.get(node["field"]):
        st.markdown(f":small[:gray[{plain(text)}]]")
    if kind and node["op"] in operators.operators(kind):
        hints.spread(node, kind, board.contents(node["field"]))
    board.below[node["id"]] = st.empty()
    _say_problem(board, node)


def _value(board: Board, node: Node, n: int, kind: Kind) -> Any:
    op = Op(node["op"])
    if not lists_within.is_of_list(op):
        suits = assumed(op, node["value"], kind)
        return values.draw(node, n, suits, board.contents(node["field"]))
    counts = {name: one.count for name, one in (board.lists or {}).items()}
    chosen = values.address_list(node, n, counts)
    label = _("New list")
    if st.button(label, icon=":material/add:", key=f"nl-{node['id']}", type="tertiary"):
        list_dialog.ask(saved=partial(draft.replace, node))
    return chosen


def _field(node: Node, n: int, schema: Schema) -> str | None:
    """A field that the source no longer has stays visible; the check names it."""
    present = node["field"]
    fields = [*schema, *([present] if present and present not in schema else [])]
    return st.selectbox(
        _("Field of rule {n}").format(n=n),
        fields,
        fields.index(present) if present else None,
        key=f"f-{node['id']}",
        label_visibility="collapsed",
        placeholder=_("Choose a field"),
        width=180,
        on_change=_field_changed,
        args=(node, schema),
    )


def _field_changed(node: Node, schema: Schema) -> None:
    """Another field: operator and value stay only if it holds the same."""
    chosen = st.session_state[f"f-{node['id']}"]
    if schema.get(node["field"]) is not schema.get(chosen):
        node["op"] = node["value"] = None


def _operator(node: Node, n: int, fitting: list[str]) -> str:
    present = node["op"] or fitting[0]
    if present not in fitting:
        fitting.append(present)  # a saved rule whose field holds something else by now
    return st.selectbox(
        _("Operator of rule {n}").format(n=n),
        fitting,
        fitting.index(present),
        format_func=values.words_of,
        key=f"o-{node['id']}-{node['field']}",
        label_visibility="collapsed",
        width=160,
    )


def remove(parent: Node, node: Node, label: str) -> None:
    """The button that takes a rule or a group out of its group."""
    st.button(
        label,
        key=f"x-{node['id']}",
        type="tertiary",
        on_click=draft.drop,
        args=(parent, node["id"]),
    )
