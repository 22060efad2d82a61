"""From the source to the list: bars that are shorter where people drop out."""

from dataclasses import dataclass
from itertools import pairwise

import altair as alt
import polars as pl
import streamlit as st

from core.runs import history
from core.store.tables.runs import ENDED, Run
from core.texts import _
from pages.preview import outside
from pages.preview.facts import Facts
from pages.runs import people, standing
from pages.ui import charts, kit, links
from pages.ui.colors import OUTCOME, PAPER, pick

INK, QUIET = ("#0f1822", "#e6edf1"), ("#556472", "#9fb0bd")
STEP, SOURCE = ("#3d958d", "#1c6d66"), ("#b6c1cb", "#3d4b56")
RIBBON = ("#e3f2f0", "#0b2220")
LEAST = 0.008  # of the width: a part that is there is seen
SLICES = 40  # between two bars: an area on its side draws nothing in layers
HEIGHT = 62  # pixels of a step
SEGMENTS = 3  # that are linked


@dataclass(frozen=True, slots=True)
class Step:
    """A bar: its people, what became of the others, and its parts (outcome, people) if any."""

    name: str
    n: int
    drop: str = ""
    parts: tuple[tuple[str, str, int], ...] = ()


def show(facts: Facts) -> None:
    """The funnel of the newest run that has ended and counted its people; nothing before."""
    ended = (one for one in facts.sends if one.status in ENDED and standing.is_counted(one))
    run = next(ended, None)
    if run is None or not run.members:
        return
    parts = facts.parts.get(run.id, [run])
    found = steps(facts, parts)
    with st.container(border=True, height="stretch", key="funnel"):
        kit.section(_("From source to list"), _("Run {n}").format(n=run.id))
        words = ", ".join(f"{step.name} {step.n:,}" for step in found)
        charts.draw(_chart(found), words, HEIGHT * len(found))
        _links(facts, parts)


def steps(facts: Facts, parts: list[Run]) -> list[Step]:
    """The steps, the source's rows first where their number is known and not too small."""
    sums = history.totals(parts)
    found = []
    if facts.source_rows and facts.source_rows >= sums.members:
        found.append(Step(facts.source_name, facts.source_rows))
    valid = sums.members - sums.rejected
    others = outside_rules(facts, parts)
    drop = _("{n} outside the rules").format(n=f"−{others:,}") if others else ""
    found.append(Step(_("In the segments"), sums.members, drop))
    drop = _("{n} rejected").format(n=f"−{sums.rejected:,}") if sums.rejected else ""
    found.append(Step(_("Can be sent"), valid, drop))
    added, updated = (sum(getattr(part, name) for part in parts) for name in ("added", "updated"))
    changes = (
        ("add", _("New"), added),
        ("update", _("Changed"), updated),
        ("unchanged", _("Same"), sums.unchanged),
    )
    shown = tuple(one for one in changes if one[2])
    words = " · ".join(f"{n:,} {word.lower()}" for _key, word, n in shown)
    found.append(Step(_("New, changed, same"), valid, words, shown))
    arrived = sums.accepted + sums.unchanged
    lost = valid - arrived
    drop = _("{n} refused or undelivered").format(n=f"−{lost:,}") if lost > 0 else ""
    found.append(Step(_("Accepted, or the same"), arrived, drop))
    return found


def outside_rules(facts: Facts, parts: list[Run]) -> int:
    """How many of the source's rows no segment took, as far as its rows are known; 0 else."""
    return max(0, facts.source_rows - history.totals(parts).members)


def _chart(found: list[Step]) -> alt.LayerChart:
    top = max(step.n for step in found) or 1
    x, y = alt.Scale(domain=[0, top], nice=False), alt.Scale(domain=[0, len(found)], reverse=True)
    across, down = alt.X("x:Q", scale=x, axis=None), alt.Y("y:Q", scale=y, axis=None)
    ribbon = (
        alt.Chart(_ribbon(found))
        .mark_rect(color=pick(RIBBON), strokeWidth=0)
        .encode(x=across, x2=alt.X2("x2:Q"), y=down, y2=alt.Y2("y2:Q"))
    )
    bars = (
        alt.Chart(_bars(found, top))
        .mark_rect(cornerRadius=3, stroke=pick(PAPER), strokeWidth=1)
        .encode(
            x=across,
            x2=alt.X2("x2:Q"),
            y=down,
            y2=alt.Y2("y2:Q"),
            color=alt.Color("fill:N", scale=None),
            tooltip=[
                alt.Tooltip("step:N", title=_("Step")),
                alt.Tooltip("people:Q", format=",d", title=_("Profiles")),
            ],
        )
    )
    return alt.layer(ribbon, bars, *_words(found, top, x, y)).configure_view(stroke=None)


def _ribbon(found: list[Step]) -> pl.DataFrame:
    """Between two bars, eased from the length of the one to that of the other."""
    slices = []
    for i, (above, below) in enumerate(pairwise(found)):
        for k in range(SLICES):
            t = (k + 0.5) / SLICES
            length = above.n + (below.n - above.n) * t * t * (3 - 2 * t)
            slices.append(
                (i + 0.92 + 0.66 * k / SLICES, i + 0.92 + 0.66 * (k + 1) / SLICES, length)
            )
    data = pl.DataFrame(slices, schema=["y", "y2", "x2"], orient="row")
    return data.with_columns(x=pl.lit(0.0))


def _bars(found: list[Step], top: int) -> pl.DataFrame:
    rows = []
    for i, step in enumerate(found):
        fill = STEP if 0 < i < len(found) - 1 else OUTCOME["add"]
        if i == 0 and len(found) > 4:
            fill = SOURCE
        pieces = step.parts or (("", step.name, step.n),)
        at = 0.0
        for key, name, n in pieces:
            end = min(at + max(n, top * LEAST), step.n) if key else n
            color = pick(OUTCOME[key] if key else fill)
            rows.append((name, n, i + 0.58, i + 0.92, at, float(end), color))
            at = end
    names = ["step", "people", "y", "y2", "x", "x2", "fill"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _words(found: list[Step], top: int, x: alt.Scale, y: alt.Scale) -> list[alt.Chart]:
    """Above each bar its name and number; beside it who dropped out, inside where it is long."""
    rows = [
        (i, step.name, f"{step.n:,}", step.drop, top, 0 if inside else step.n, inside)
        for i, step in enumerate(found)
        for inside in [step.n >= top * 0.6]
    ]
    names = ["y", "name", "n", "drop", "right", "end", "inside"]
    base = alt.Chart(pl.DataFrame(rows, schema=names, orient="row")).encode(
        y=alt.Y("y:Q", scale=y, axis=None)
    )
    font = {"font": "Inter", "baseline": "middle"}
    name = base.mark_text(
        align="left", fontSize=13, fontWeight=600, color=pick(INK), dx=2, dy=22, **font
    ).encode(text=alt.Text("name:N"), x=alt.XValue(0))
    number = base.mark_text(
        align="right", fontSize=14, fontWeight=600, color=pick(INK), dx=-2, dy=22, **font
    ).encode(text=alt.Text("n:N"), x=alt.X("right:Q", scale=x, axis=None))
    drop = base.mark_text(align="left", fontSize=12, dx=8, dy=46, **font).encode(
        text=alt.Text("drop:N"),
        x=alt.X("end:Q", scale=x, axis=None),
        color=alt.condition("datum.inside", alt.value("#ffffff"), alt.value(pick(QUIET))),
    )
    return [name, number, drop]


def _links(facts: Facts, parts: list[Run]) -> None:
    """To the people of each drop: a click on the chart has no keyboard."""
    with st.container(horizontal=True, gap="small", key="funnel-links"):
        for one in facts.segments[:SEGMENTS]:
            links.draw(links.segment(one.id, one.name), f"funnel-{one.id}")
        if n := outside_rules(facts, parts):
            outside.link(facts, n)
        people.links(parts)
