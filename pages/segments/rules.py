"""Builds the rules of a segment: groups within groups, each with its joint and its buttons."""

from collections.abc import Callable

import streamlit as st

from core.texts import _
from pages.segments import conditions, draft, first, lines
from pages.segments.board import Board
from pages.segments.draft import Node
from pages.ui import kit
from pages.ui.words import plain

JOINTS = {"all": _("All of these"), "any": _("Any of these"), "none": _("None of these")}


def draw(board: Board) -> None:
    """The tree with its widgets, written back into its nodes; where its numbers belong."""
    board.numbers = _numbers(board.root)
    _group(board, board.root, None, 0)


def _group(board: Board, node: Node, parent: Node | None, depth: int) -> None:
    """A group is a card in a card; its first line says how its rules are joined."""
    with st.container(border=True, gap="small", key=f"group-{node['id']}"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            node["kind"] = _joint(node, board.numbers[node["id"]])
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                board.slots[node["id"]] = st.empty()
                if board.takes_sql:
                    conditions.offer_sql(node, board.schema)
                if parent is not None:
                    lines.remove(parent, node, _("Remove group"))
        for item in node["items"]:
            if draft.is_group(item):
                _group(board, item, node, depth + 1)
            elif draft.is_segment(item):
                lines.segment(board, item, node)
            elif draft.is_sql(item):
                lines.condition(board, item, node)
            else:
                lines.rule(board, item, node)
        _first(board, node)
        if node.get("marked") and draft.unfinished(node) and not draft.lacks_top(node):
            kit.problem(_("This group has no rule. Add one, or remove the group."))
        _adders(board, node, depth)


def _numbers(root: Node) -> dict[str, int]:
    nodes = list(draft.nodes(root))
    groups = [node["id"] for node in nodes if draft.is_group(node)]
    rules = [node["id"] for node in nodes if not draft.is_group(node)]
    return {id: n for ids in (groups, rules) for n, id in enumerate(ids, 1)}


def _joint(node: Node, n: int) -> str:
    return st.selectbox(
        _("How the rules of group {n} are combined").format(n=n),
        list(JOINTS),
        list(JOINTS).index(node["kind"]),
        format_func=JOINTS.__getitem__,
        key=f"g-{node['id']}",
        label_visibility="collapsed",
        width=180,
    )


def _first(board: Board, node: Node) -> None:
    """The line that says which of a group's people are taken; below it where they end."""
    if not node.get("top"):
        return
    first.draw(node, board.numbers[node["id"]], board.schema)
    board.ends[node["id"]] = st.empty()
    if node.get("marked") and draft.lacks_top(node):
        text = _("Say how many, by which field, and which field decides between equal ones.")
        kit.problem(text)
        return
    of_everyone = {"kind": "all", "items": [], "top": node["top"]}
    kit.problem(plain(board.problem(of_everyone) or "") or None)


def _adders(board: Board, node: Node, depth: int) -> None:
    id = node["id"]
    with st.container(horizontal=True, gap="small"):
        _adder(_("Add rule"), "add", f"ar-{id}", _begin_rule, node)
        if depth < draft.DEEPEST:
            _adder(_("Add group"), "account_tree", f"ag-{id}", _begin_group, node)
        if board.segments:
            _adder(_("Add segment"), "group_add", f"as-{id}", draft.add, node, draft.segment())
        if board.takes_sql:
            _adder(_("Add SQL"), "code", f"aq-{id}", draft.add, node, draft.condition())
        if board.takes_first:
            first.offer(node, board.schema, board.key)


def _adder(label: str, icon: str, key: str, add: Callable[..., None], *given: Node) -> None:
    st.button(label, icon=f":material/{icon}:", key=key, type="tertiary", on_click=add, args=given)


def _begin_rule(parent: Node) -> None:
    draft.add(parent, draft.rule())


def _begin_group(parent: Node) -> None:
    draft.add(parent, draft.group("any" if parent["kind"] == "all" else "all"))
