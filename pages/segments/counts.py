"""How many people each rule and each group lets through, as a segment is being built."""

from collections.abc import Mapping

from core.access import Person
from core.audience import members
from core.errors import Invalid, SegferryError
from core.profiles.segments import checks
from core.profiles.segments.rules import Group
from core.store.tables.data import SourceRow
from core.texts import _
from pages.segments import draft, readings
from pages.segments.board import Board, Slots
from pages.segments.draft import Node
from pages.ui import frame, kit

KNOWN = "rule-counts"  # key in the session: by source the numbers of this reading of it
MOST = 500  # numbers that are kept
TOTAL = ""


def fill(person: Person, board: Board, row: SourceRow) -> dict[str, int]:
    """Writes the numbers where they belong, known ones at once, the others by one query.

    The numbers by node id, `TOTAL` for all people; empty when the source can't be read.
    """
    root, slots = board.root, board.slots
    wanted = _wanted(board)
    known = _known(row)
    _write(root, slots, wanted, known)
    missing = {text: group for text, group in wanted.values() if text not in known}
    known.setdefault(TOTAL, row.rows or 0)
    if missing:
        try:
            known |= _counted(person, row, missing)
        except SegferryError as error:
            frame.fail(error)
            return {}
        _write(root, slots, wanted, known)
    numbers = {id: known[text] for id, (text, _group) in wanted.items()}
    return numbers | {TOTAL: known[TOTAL]}


def _counted(person: Person, row: SourceRow, missing: Mapping[str, Group]) -> dict[str, int]:
    """By one query; a number stands for the rules because errors name what they are about."""
    numbered = {_("Rules {n}").format(n=n): text for n, text in enumerate(missing, 1)}
    counted = members.count(
        frame.store(), person, row, {name: missing[text] for name, text in numbered.items()}
    )
    found = {text: counted.segments[name] for name, text in numbered.items()}
    return {**found, TOTAL: counted.rows}


def _wanted(board: Board) -> dict[str, tuple[str, Group]]:
    """By node id: what is finished and right of it, with the segments in it, and as text."""
    root = board.root
    wanted: dict[str, tuple[str, Group]] = {}
    for node in draft.nodes(root):
        kind = "any" if _is_excluded(node, root) else None
        group = draft.value_of(node, kind)
        if group and (whole := right(group, board)):
            wanted[node["id"]] = (whole.model_dump_json(exclude_none=True), whole)
    return wanted


def _is_excluded(node: Node, root: Node) -> bool:
    """Whether a group says whom it keeps out: none of these, unless it takes the first of them."""
    return node.get("kind") == "none" and node is not root and not node.get("top")


def right(group: Group, board: Board) -> Group | None:
    """The group with all that it names; None for one that is wrong."""
    try:
        whole = board.whole(group)
        checks.check(whole, board.schema, "")
    except Invalid:
        return None
    return whole


def _known(row: SourceRow) -> dict[str, int]:
    """The numbers so far; none again where there are too many."""
    found: dict[str, int] = readings.kept(KNOWN, row)
    if len(found) > MOST:
        found.clear()
    return found


def _write(
    root: Node,
    slots: Slots,
    wanted: Mapping[str, tuple[str, Group]],
    known: Mapping[str, int],
) -> None:
    for node in draft.nodes(root):
        text = wanted.get(node["id"], (None,))[0]
        number = known.get(text) if text else None
        slot = slots[node["id"]]
        if draft.is_group(node):
            slot.markdown(_group_note(node, node is root, number, known.get(TOTAL)))
        else:
            with slot:
                kit.number("—" if number is None else f"{number:,}", None, 80)


def _group_note(node: Node, is_root: bool, number: int | None, total: int | None) -> str:
    if number is None or total is None:
        return ":small[:gray[—]]"
    if node["kind"] == "none" and not is_root and not node.get("top"):
        text = _("{n} excluded").format(n=f"{number:,}")
    else:
        text = _("{n} of {total}").format(n=f"{number:,}", total=f"{total:,}")
    return f":small[:gray[{text}]]"
