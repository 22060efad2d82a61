"""Where each box of the picture is: the order of its column, and how far down it is.

Positions are counted in boxes from the top; they need not be whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from core.runs.lineage import COLUMNS, Kind, Lineage, Link, Thing

Places = dict[str, float]
Where = Callable[[Sequence[float]], float]


def places(lineage: Lineage) -> Places:
    """How far down each thing is, by its key; the topmost is at 0.

    Exports are evenly spaced, segments and lists as near as they can be to their exports, and a
    source is as high as the first of its segments.
    """
    order = {kind: _order(lineage, kind) for kind in COLUMNS}
    found: Places = {one.key: float(n) for n, one in enumerate(order[Kind.export])}
    starts, ends = _ends(lineage.links, forward=False), _ends(lineage.links, forward=True)
    _beside(found, order[Kind.list], starts, fmean)
    _beside(found, order[Kind.segment], ends, fmean)
    _beside(found, order[Kind.source], ends, min)
    top = min(found.values(), default=0.0)
    return {key: place - top for key, place in found.items()}


def _order(lineage: Lineage, kind: Kind) -> list[Thing]:
    """A column from top to bottom: by what leads to its things, then by name."""
    things = lineage.column(kind)
    if kind is Kind.source:
        return things
    before = _order(lineage, COLUMNS[COLUMNS.index(kind) - 1])
    number = {one.key: n for n, one in enumerate(before)}
    starts = _ends(lineage.links, forward=False)
    last = float(len(number))
    places = {
        one.key: fmean(found) if (found := _known(starts.get(one.key, ()), number)) else last
        for one in things
    }
    return sorted(things, key=lambda one: places[one.key])


def _beside(
    found: Places, things: Sequence[Thing], beside: Mapping[str, list[str]], where: Where
) -> None:
    """Places a column beside one that is placed: each thing `where` those beside it say."""
    wanted: list[float] = []
    for one in things:
        known = _known(beside.get(one.key, ()), found)
        wanted.append(where(known) if known else (wanted[-1] if wanted else 0.0))
    for one, place in zip(things, _apart(wanted), strict=True):
        found[one.key] = place


def _apart(wanted: Sequence[float]) -> list[float]:
    """As near to what is wanted as possible (least squares), in this order, at least 1 apart."""
    blocks: list[tuple[float, int]] = []  # the mean of what a block of neighbours wants, its length
    for n, place in enumerate(wanted):
        mean, length = place - n, 1
        while blocks and blocks[-1][0] > mean:
            before, more = blocks.pop()
            mean = (before * more + mean * length) / (more + length)
            length += more
        blocks.append((mean, length))
    flat = [mean for mean, length in blocks for _n in range(length)]
    return [place + n for n, place in enumerate(flat)]


def _ends(links: Iterable[Link], forward: bool) -> dict[str, list[str]]:
    """What each thing leads to, or without `forward` what leads to it."""
    found: dict[str, list[str]] = {}
    for link in links:
        start, end = (link.start, link.end) if forward else (link.end, link.start)
        found.setdefault(start, []).append(end)
    return found


def _known(keys: Iterable[str], places: Mapping[str, float]) -> list[float]:
    return [places[key] for key in keys if key in places]
