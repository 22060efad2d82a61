"""Builds the rules of a segment: groups within groups, fields, operators, values, and counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import Invalid
from core.profiles.segments import checks, lists_within, operators, united
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.contents import Contents
from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group
from core.profiles.segments.values import assumed
from core.profiles.sources import Kind, Schema
from core.texts import _
from pages.segments import conditions, draft, first, hints, list_dialog, values
from pages.segments.draft import Node
from pages.ui import kit
from pages.ui.words import plain

JOINTS = {"all": _("All of these"), "any": _("Any of these"), "none": _("None of these")}
Slots = dict[str, DeltaGenerator]  # by id: where the number of a rule or a group will stand


@dataclass(slots=True)
class Board:
    """What drawing a tree needs and gathers."""

    root: Node
    schema: Schema
    contents: Callable[[str], Contents | None]  # what a field holds, if it can be read
    segments: Mapping[str, Group] | None = None  # others that it can be made from, by name
    lists: Mapping[str, AddressList] | None = None  # those that rules can name, by name
    about: Mapping[str, str] = field(default_factory=dict)  # descriptions of fields
    takes_sql: bool = False
    takes_first: bool = False
    key: str | None = None  # the field that tells people apart, if it is known
    slots: Slots = field(default_factory=dict)
    below: Slots = field(default_factory=dict)  # by id: where a rule says what one may have meant
    ends: Slots = field(default_factory=dict)  # by id: where a group says where its first end
    numbers: dict[str, int] = field(default_factory=dict)  # of groups and of rules, each from 1

    def whole(self, group: Group) -> Group:
        """Rules with all that they name. Raises Unknown, Invalid."""
        return lists_within.resolved(united.resolved(group, self.segments or {}), self.lists or {})

    def operators(self, kind: Kind) -> list[str]:
        """Those that are offered for what a field holds."""
        offered = operators.operators(kind)
        takes_lists = self.lists is not None
        return [op.value for op in offered if takes_lists or not lists_within.is_of_list(op)]


def draw(board: Board) -> None:
    """The tree with its widgets, written back into its nodes; where its numbers belong."""
    board.numbers = _numbers(board.root)
    _group(board, board.root, None, 0)


def problem(node: Node, board: Board) -> str | None:
    """What is wrong with a finished rule, naming its field and what that holds."""
    value = draft.value_of(node)
    if value is None:
        return draft.wrong(node)
    try:
        checks.check(board.whole(value), board.schema, "")
    except Invalid as error:
        return str(error).removeprefix(": ")
    return None


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
                    _remove(parent, node, _("Remove group"))
        for item in node["items"]:
            if draft.is_group(item):
                _group(board, item, node, depth + 1)
            elif draft.is_segment(item):
                _segment(board, item, node)
            elif draft.is_sql(item):
                _condition(board, item, node)
            else:
                _rule(board, item, node)
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
    kit.problem(plain(problem(of_everyone, board) or "") or None)


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


def _remove(parent: Node, node: Node, label: str) -> None:
    st.button(
        label,
        key=f"x-{node['id']}",
        type="tertiary",
        on_click=draft.drop,
        args=(parent, node["id"]),
    )


def _segment(board: Board, node: Node, parent: Node) -> None:
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
    _problem(board, node)


def _condition(board: Board, node: Node, parent: Node) -> None:
    """A condition in SQL, what it means or what is wrong with it; how many people, Remove."""
    with st.container(gap="small", key=f"rule-{node['id']}"):
        conditions.text_area(node, board.numbers[node["id"]])
        with st.container(**kit.ROW, gap="small"):
            conditions.offer_rules(node, parent)
            _at_the_end(board, node, parent)
    _problem(board, node)


def _at_the_end(board: Board, node: Node, parent: Node) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        wrap=False,
        gap="xsmall",
    ):
        board.slots[node["id"]] = st.empty()
        _remove(parent, node, _("Remove"))


def _problem(board: Board, node: Node) -> None:
    if node.get("marked") and draft.unfinished(node) and not draft.wrong(node):
        n = board.numbers[node["id"]]
        kit.problem(_("Rule {n} isn’t finished. Fill it in, or remove it.").format(n=n))
    else:
        kit.problem(plain(problem(node, board) or "") or None)


def _rule(board: Board, node: Node, parent: Node) -> None:
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
    _problem(board, node)


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
