"""The columns of each list have room beside the menu, from the smallest window that draws them.

The numbers of pixels are pages/static/layout.css's and Streamlit's, measured in Chromium.
"""

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.access import Person, Role
from pages.alerts import messages
from pages.audit import rows as audit
from pages.connections import rows as connections
from pages.exports import rows as exports
from pages.runs import channels
from pages.runs import rows as runs
from pages.schedules import rows as schedules
from pages.segments import lists
from pages.segments import rows as segments
from pages.settings import backups, tokens
from pages.sources import profile
from pages.sources import rows as sources
from pages.ui.row_heads import TICK
from pages.ui.rows import FLEXIBLE, NAME, Column, Table

PAGES = Path(segments.__file__).parents[1]
ADA, VITA = Person("Ada", Role.administrator), Person("Vita", Role.viewer)
EVERY: list[Table[Any]] = [
    messages.TABLE,
    audit.table({}),
    backups.TABLE,
    connections.table(ADA),
    connections.table(VITA),
    exports.table([SimpleNamespace(may_run=True, may_change=True)]),  # type: ignore[list-item]
    channels.TABLE,
    runs.table(),
    runs.table(of_export=True),
    schedules.table([SimpleNamespace(may_change=True)]),  # type: ignore[list-item]
    lists.table(manages=True),
    segments.table(ADA),
    tokens.TABLE,
    profile.TABLE,
    sources.table(ADA),
]
MENU, SCROLLBAR = 282, 15
AIR = {"widest": 105, "wide": 105, "narrow": 53}  # on both sides of a page
WINDOWS = {"widest": 1440, "wide": 1280, "narrow": 1024}  # the smallest of each
PADDING, GAP, CELL_GAP = 12, 7.5, 8  # of a row; between its parts; between cells


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.kind)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_row_is_no_wider_than_what_the_menu_leaves(table: Table[Any], window: str):
    assert _needed(table, window) <= WINDOWS[window] - MENU - AIR[window] - SCROLLBAR


def test_no_list_is_missing_here():
    calls = [
        node
        for path in PAGES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Table"
    ]
    kinds = [ast.literal_eval(k.value) for call in calls for k in call.keywords if k.arg == "kind"]
    assert set(kinds) == {table.kind for table in EVERY}
    assert len(kinds) == len(calls)


def _needed(table: Table[Any], window: str) -> float:
    """Pixels of a row in which no part lies over another."""
    links = [column.width or NAME for column in table.link_columns]
    parts = [TICK] * bool(table.bulk) + [table.name_width, *links]
    parts += [table.action_width] * bool(table.actions)
    cells = [_width(column, window) for column in table.cell_columns if _is_drawn(column, window)]
    in_cells = sum(cells) + CELL_GAP * (len(cells) - 1)
    return PADDING + sum(parts) + GAP * len(parts) + in_cells


def _is_drawn(column: Column[Any], window: str) -> bool:
    return window == "widest" or not (column.widest or (column.wide and window == "narrow"))


def _width(column: Column[Any], window: str) -> int:
    return (column.width if window == "widest" else column.slim) or FLEXIBLE
