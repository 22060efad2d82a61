"""The picture: four columns of boxes with lines between them; on a telephone, indented boxes.

Both are drawn, and the stylesheet shows one. Lines are masks, so that their colours are those of
the page whatever its theme.
"""

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from itertools import pairwise

import streamlit as st

from core.runs.lineage import COLUMNS, Kind, Lineage, Link
from pages.lineage.boxes import MIXED, TITLES, Boxes
from pages.lineage.places import Places, places

BOX, STEP = 44, 54  # pixels: how high a box is, and from one to the next
NEXT = list(pairwise(COLUMNS))


def draw(whole: Lineage, shown: Lineage) -> None:
    """What is shown of everything there is."""
    boxes = Boxes(whole, shown)
    st.html(f'<div class="sf-lineage">{_as_columns(boxes)}</div>{_indented(boxes)}')


def _as_columns(boxes: Boxes) -> str:
    found = places(boxes.shown)
    height = round(max(found.values(), default=0.0) * STEP) + BOX
    parts = [_one_column(boxes, Kind.source, found, height)]
    for start, end in NEXT:
        parts.append(_lines(boxes.shown, found, (start, end), height))
        parts.append(_one_column(boxes, end, found, height))
    return "".join(parts)


def _one_column(boxes: Boxes, kind: Kind, found: Places, height: int) -> str:
    """Its boxes from top to bottom, which is also the order in which they are read out."""
    things = sorted(boxes.shown.column(kind), key=lambda one: found[one.key])
    tops = [round(found[one.key] * STEP) for one in things]
    ends = [*tops[1:], height + STEP - BOX]  # a source stays in view beside all of its segments
    items = "".join(
        f'<li style="top:{top:d}px;height:{end - top - STEP + BOX:d}px">{boxes.box(one)}</li>'
        for one, top, end in zip(things, tops, ends, strict=False)
    )
    words = MIXED if any(one.kind is Kind.addresses for one in things) else TITLES[kind]
    title = f"<h2>{escape(words)} <span>{len(things):,}</span></h2>"
    return f'<section class="{kind}">{title}<ul style="height:{height}px">{items}</ul></section>'


def _lines(shown: Lineage, found: Places, kinds: tuple[Kind, Kind], height: int) -> str:
    """The lines between two columns: those of what is out above the others.

    Also those within a column: of sources at their right, of segments at their left.
    """
    by_key = {one.key: one for one in shown.things}
    here = {kinds, *((kind, kind) for kind in kinds if Kind.source in kinds)}
    mine = [x for x in shown.links if (by_key[x.start].column, by_key[x.end].column) in here]
    out = [x for x in mine if by_key[x.start].affected]
    well = [x for x in mine if not by_key[x.start].affected]
    return (
        f'<div class="sf-lines" aria-hidden="true">{_mask(well, found, height, "well")}'
        f"{_mask(out, found, height, 'out')}</div>"
    )


def _mask(links: Iterable[Link], found: Places, height: int, name: str) -> str:
    paths = "".join(_path(one, found) for one in links)
    if not paths:
        return ""
    box = f'viewBox="0 0 100 {height}" preserveAspectRatio="none"'
    line = 'fill="none" stroke="#000" stroke-width="1.5"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}><g {line}>{paths}</g></svg>'
    data = f"url(data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
    return f'<i class="{name}" style="height:{height}px;mask-image:{data}"></i>'


def _path(link: Link, found: Places) -> str:
    start, end = (found[key] * STEP + BOX / 2 for key in (link.start, link.end))
    dashes = ' stroke-dasharray="4 4"' if link.excluded else ""
    way = f"M0 {start:.0f}C50 {start:.0f} 50 {end:.0f} 100 {end:.0f}"
    if link.start.startswith(Kind.source):  # which leads to dozens: one trunk with branches
        way = f"M0 {start:.0f}H50V{end:.0f}H100"
    if _is_within(link, Kind.source):
        way = f"M0 {start:.0f}C60 {start:.0f} 60 {end:.0f} 0 {end:.0f}"
    if _is_within(link, Kind.segment):
        way = f"M100 {start:.0f}C40 {start:.0f} 40 {end:.0f} 100 {end:.0f}"
    return f'<path vector-effect="non-scaling-stroke"{dashes} d="{way}"/>'


def _is_within(link: Link, kind: Kind) -> bool:
    return link.start.startswith(kind) and link.end.startswith(kind)


def _indented(boxes: Boxes) -> str:
    """What nothing shown leads to first; below each thing what hangs on it.

    Of a segment that is there again, what hangs on it isn't.
    """
    ends = {link.end for link in boxes.shown.links}
    roots = [one.key for one in boxes.shown.things if one.key not in ends]
    return f'<div class="sf-lineage-narrow">{_nested(boxes, roots, set())}</div>'


def _nested(boxes: Boxes, keys: list[str], seen: set[str]) -> str:
    by_key = {one.key: one for one in boxes.shown.things}
    items = []
    for key in keys:
        after = [] if key in seen else _after(boxes, key)
        seen |= {key} if key.startswith(Kind.segment) else set()
        items.append(f"<li>{boxes.box(by_key[key])}{_nested(boxes, after, seen)}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _after(boxes: Boxes, key: str) -> list[str]:
    return [link.end for link in boxes.shown.links if link.start == key]
