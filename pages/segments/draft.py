"""The rules of a segment while they are being built: plain values with ids, unfinished ones too.

A group is `{"id", "kind", "items"}`, with `"top"` where it takes the first of its people, a rule
`{"id", "field", "op", "value"}`, another segment `{"id", "segment"}`, a condition in SQL
`{"id", "sql"}`; one that was there when saving was tried in vain is `"marked"`: only then it says
what it still lacks.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

from core.profiles.segments import shares
from core.profiles.segments.operators import Op, Shape
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.rules import Value as RuleValue
from core.profiles.segments.top import Top

Node = dict[str, Any]
DEEPEST = 3  # groups within groups; deeper ones are kept but can't be begun here


def rule() -> Node:
    """A rule nobody has filled in yet."""
    return {"id": _id(), "field": None, "op": None, "value": None}


def group(kind: str = "all", items: list[Node] | None = None) -> Node:
    """A group with one empty rule, or with these items."""
    return {"id": _id(), "kind": kind, "items": items if items is not None else [rule()]}


def segment() -> Node:
    """Another segment that nobody has chosen yet."""
    return {"id": _id(), "segment": None}


def condition(text: str = "") -> Node:
    """A condition in SQL."""
    return {"id": _id(), "sql": text}


def opened(saved: Group) -> Node:
    """Saved rules, to be changed."""
    top = {"top": saved.top.model_dump(mode="json")} if saved.top else {}
    return group(saved.kind, [_opened(item) for item in saved.items]) | top


def add(parent: Node, node: Node) -> None:
    """Puts a node at the end of a group."""
    parent["items"].append(node)


def drop(parent: Node, id: str) -> None:
    """Takes a node out of its group."""
    parent["items"] = [item for item in parent["items"] if item["id"] != id]


def is_group(node: Node) -> bool:
    """Whether it is a group, not a rule."""
    return "items" in node


def is_segment(node: Node) -> bool:
    """Whether it is another segment."""
    return "segment" in node


def is_sql(node: Node) -> bool:
    """Whether it is a condition in SQL."""
    return "sql" in node


def is_rule(node: Node) -> bool:
    """Whether it is a rule that is built of a field, an operator and a value."""
    return "field" in node


def rules(node: Node) -> Iterator[Node]:
    """Every rule in it, in the order in which they stand; other segments and SQL are none."""
    yield from (one for one in nodes(node) if is_rule(one))


def nodes(node: Node) -> Iterator[Node]:
    """Every group and rule in it, itself first."""
    yield node
    for item in node.get("items", []):
        yield from nodes(item)


def bare(node: Node) -> Node:
    """A copy without ids and marks, which no widget writes into: equal where the rules are so."""
    own = {key: value for key, value in node.items() if key not in ("id", "marked", "items")}
    kept = deepcopy(own)
    if is_group(node):
        kept["items"] = [bare(item) for item in node["items"]]
    return kept


def with_ids(node: Node) -> Node:
    """A copy with new ids, so that it is drawn with widgets of its own."""
    found = {**bare(node), "id": _id()}
    if is_group(node):
        found["items"] = [with_ids(item) for item in node["items"]]
    return found


def replace(node: Node, value: Any) -> None:
    """Another value than the widgets of a rule hold, which are drawn anew for it."""
    node["id"], node["value"] = _id(), value


def take_first(node: Node, ties: str | None) -> None:
    """From now on a group takes the first of its people, by a field that is still to be chosen."""
    node["top"] = {"count": 100, "by": None, "order": "largest", "ties": ties}


def take_all(node: Node) -> None:
    """A group takes all of its people again."""
    del node["top"]


def can_be_sql(node: Node) -> bool:
    """Whether a group has nothing but rules, all of them finished."""
    every = list(nodes(node))
    others = any(is_segment(one) or is_sql(one) or one.get("top") for one in every)
    return not others and not any(map(unfinished, every))


def become_sql(node: Node, text: str) -> None:
    """A group with a condition in place of its rules."""
    node |= group("all", [condition(text)])


def become_rules(node: Node, parent: Node, rules: Group) -> None:
    """A condition as a group; alone in its group it becomes that."""
    is_alone = parent["kind"] == "all" and parent["items"] == [node] and not parent.get("top")
    target = parent if is_alone else node
    target.clear()
    target |= opened(rules)


def mark(node: Node) -> None:
    """From now on everything in it says what it lacks."""
    for each in nodes(node):
        each["marked"] = True


def unfinished(node: Node) -> bool:
    """Whether a rule still lacks something, or a group has no rule."""
    if is_group(node):
        return lacks_top(node) or not (node["items"] or _is_of_everyone(node))
    if is_segment(node):
        return not node["segment"]
    if is_sql(node):
        return not node["sql"].strip()
    return not node["field"] or not node["op"] or _lacks_value(node)


def value_of(node: Node, kind: str | None = None) -> Group | None:
    """What is finished of a node, as a group of its own; None when nothing is.

    `kind` joins a group's items otherwise than it says.
    """
    if not is_group(node):
        return None if unfinished(node) else Group(all=(_leaf(node),))
    items = [part for item in node["items"] if (part := _part(item))]
    top = None if lacks_top(node) or not node.get("top") else Top.model_validate(node["top"])
    if not items and not (top and _is_of_everyone(node)):
        return None
    return Group(**{kind or node["kind"]: tuple(items)}, top=top)


def lacks_top(node: Node) -> bool:
    """Whether it isn't said yet how many are the first of its people, or by what."""
    return node.get("top") is not None and not all(node["top"].values())


def _is_of_everyone(node: Node) -> bool:
    """Whether it takes the first of all people."""
    return bool(node.get("top")) and node["kind"] == "all" and not node["items"]


def _part(node: Node) -> Group | Rule | None:
    if is_group(node):
        return value_of(node)
    return None if unfinished(node) else _leaf(node)


def _leaf(node: Node) -> Group | Rule:
    if is_sql(node):
        return Group(sql=node["sql"])
    return Group(segment=node["segment"]) if is_segment(node) else _rule(node)


def _rule(node: Node) -> Rule:
    op = Op(node["op"])
    value: RuleValue = None if op.shape is Shape.nothing else node["value"]
    return Rule(field=node["field"], op=op, value=value)


def wrong(node: Node) -> str | None:
    """What is wrong with a rule's value that is filled in and no value; None where it isn't so."""
    value = node.get("value")
    if not isinstance(value, dict) or not value["percent"] or not value["seed"]:
        return None
    text = _wrong_share(value)
    return f"{text[0].upper()}{text[1:]}." if text else None


def _wrong_share(value: Any) -> str | None:
    try:
        shares.read(value)
    except ValueError as error:
        return str(error)
    return None


def _lacks_value(node: Node) -> bool:
    if Op(node["op"]).shape is Shape.nothing:
        return False
    value = node["value"]
    if Op(node["op"]).shape is Shape.address_list:
        return not isinstance(value, str) or not value
    if Op(node["op"]).shape is Shape.share:
        return _wrong_share(value) is not None
    if isinstance(value, list):
        return not value or any(item is None for item in value)
    return value is None or value == ""


def _opened(item: Group | Rule) -> Node:
    if isinstance(item, Group) and item.is_name:
        return {"id": _id(), "segment": item.segment}
    if isinstance(item, Group) and item.is_unresolved:
        return condition(str(item.sql))
    if isinstance(item, Group):
        return opened(item)
    plain = item.model_dump(mode="json")
    return {"id": _id(), "field": item.field, "op": item.op.value, "value": plain["value"]}


def _id() -> str:
    return uuid4().hex[:8]
