"""The first of a group's people by a field: chosen in a line below its rules."""

from collections.abc import Collection, Mapping

import streamlit as st

from core.profiles.segments import top
from core.profiles.segments.words import ORDERS
from core.profiles.sources import Kind, Schema
from core.texts import _
from pages.segments import draft
from pages.segments.draft import Node
from pages.ui import kit

OF_DAYS: Mapping[top.Order, str] = {"largest": _("newest first"), "smallest": _("oldest first")}


def offer(node: Node, schema: Schema, key: str | None) -> None:
    """The button that begins the line, where the group takes all of its people."""
    if not node.get("top"):
        st.button(
            _("Take the first"),
            icon=":material/leaderboard:",
            key=f"at-{node['id']}",
            type="tertiary",
            on_click=draft.take_first,
            args=(node, telling(schema, key)),
            help=_("Of the people that the group finds only the first ones by a field."),
        )


def draw(node: Node, n: int, schema: Schema) -> None:
    """How many, by which field, from which end, and who comes first of people that are equal."""
    chosen = node["top"]
    with st.container(**kit.ROW, gap="small", key=f"top-{node['id']}"):
        st.markdown(_("Of these only the first"), width="content")
        chosen["count"] = _count(node, n)
        st.markdown(_("by"), width="content")
        label = _("Field by which the first of group {n} come").format(n=n)
        chosen["by"] = _field(label, node, "by", schema, top.ORDERED)
        chosen["order"] = _order(node, n, schema)
        with st.container(**kit.ROW, gap="small", width="content"):
            st.markdown(_("equal ones by"), width="content")
            label = _("Field that decides between equal ones of group {n}").format(n=n)
            chosen["ties"] = _field(label, node, "ties", schema, top.TELLING)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                _("Take all"),
                key=f"xt-{node['id']}",
                type="tertiary",
                on_click=draft.take_all,
                args=(node,),
            )


def telling(schema: Schema, key: str | None) -> str | None:
    """The source's key, or its email address."""
    names = [name for name, kind in schema.items() if kind in top.TELLING]
    if key in names:
        return key
    return next((name for name in names if "mail" in name.casefold()), None)


def _count(node: Node, n: int) -> int | None:
    return st.number_input(
        _("How many of group {n} are taken").format(n=n),
        1,
        top.MOST,
        node["top"]["count"],
        key=f"tn-{node['id']}",
        label_visibility="collapsed",
        width=130,
    )


def _field(
    label: str, node: Node, part: str, schema: Schema, kinds: Collection[Kind]
) -> str | None:
    """A field that is no longer there, or holds something else, stays; the check names it."""
    present = node["top"][part]
    fields = [name for name, kind in schema.items() if kind in kinds]
    fields += [present] if present and present not in fields else []
    return st.selectbox(
        label,
        fields,
        fields.index(present) if present else None,
        key=f"t{part}-{node['id']}",
        label_visibility="collapsed",
        placeholder=_("Choose a field"),
        width=180,
    )


def _order(node: Node, n: int, schema: Schema) -> str:
    words = OF_DAYS if schema.get(node["top"]["by"]) in (Kind.date, Kind.moment) else ORDERS
    return st.selectbox(
        _("Who of group {n} comes first").format(n=n),
        list(words),
        list(words).index(node["top"]["order"]),
        format_func=words.__getitem__,
        key=f"to-{node['id']}-{'day' if words is OF_DAYS else ''}",
        label_visibility="collapsed",
        width=150,
    )
