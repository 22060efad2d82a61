"""Why a run has more or fewer people than the run before: by which rule, and by which column.

Two summaries of a source are compared (`core.profiles.summary`); nobody's row is read for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.profiles.rule_summary import TopSummary
from core.profiles.summary import Summary
from core.runs import causes, moved, moved_borders
from core.runs.causes import Cause
from core.store import Store, details, runs
from core.store.tables.runs import Run
from core.texts import _

SHARE = 0.01  # of the members before, 0 to 1, from which on a cause is worth a word
LEAST = 5  # people
MOST = 8  # causes


@dataclass(frozen=True, slots=True)
class Why:
    """Two runs of an export beside each other, people; the causes with the strongest first."""

    since: int  # the run before
    before: int  # members
    now: int
    came: int  # new to the list, who would join or joined
    left: int  # on the list by the export, and no longer members
    rows_before: int
    rows: int
    causes: tuple[Cause, ...]
    moved: tuple[str, ...]  # borders of first people, and columns whose values moved; sentences

    @property
    def sentence(self) -> str | None:
        """The strongest cause in one sentence; None where nothing that matters moved."""
        same = [one for one in self.causes if one.left is (self.now < self.before)]
        return same[0].told if same else None

    @property
    def size(self) -> str:
        """How large the source was and is, a sentence."""
        text = _("The source has {now} rows; in run {run} it had {before}.")
        return text.format(now=f"{self.rows:,}", before=f"{self.rows_before:,}", run=self.since)


def of(store: Store, run: Run) -> Why | None:
    """Why the run differs from the one before; None where one of the sources isn't known."""
    with store.begin() as session:
        return within(session, run)


def within(session: Session, run: Run) -> Why | None:
    """The same, within a transaction."""
    known, last = details.source(session, run), details.before(session, run)
    former = details.source(session, last) if last else None
    if known is None or last is None or former is None:
        return None
    parts, earlier = runs.siblings(session, run), runs.siblings(session, last)
    return compared(Summary.read(former), Summary.read(known), earlier, parts)


def sentence(store: Store, run: Run) -> str | None:
    """The strongest cause in one sentence, for whoever sends it on; None where none is known."""
    found = of(store, run)
    return found.sentence if found else None


def compared(before: Summary, now: Summary, earlier: Sequence[Run], parts: Sequence[Run]) -> Why:
    """The parts of a run beside those of the run before, with what their sources looked like."""
    changed = causes.changed_segments(earlier, parts)
    tops = list(moved_borders.pairs(before, now, changed))
    was, is_now = (sum(one.members for one in some) for some in (earlier, parts))
    found = [
        *causes.by_change(earlier, parts, changed, is_now - was),
        *causes.by_rows(before, now, was),
        *causes.by_rules(before, now),
        *causes.by_borders(tops),
        *causes.by_reasons(before, now, earlier, parts),
    ]
    return Why(
        since=earlier[0].id,
        before=was,
        now=is_now,
        came=sum(one.added for one in parts),
        left=sum(one.leaving for one in parts),
        rows_before=before.rows,
        rows=now.rows,
        causes=_strongest(found, max(LEAST, SHARE * max(was, is_now))),
        moved=tuple(filter(None, _moved(before, now, tops))),
    )


def _strongest(found: Iterable[Cause], least: float) -> tuple[Cause, ...]:
    """Those of at least so many people."""
    enough = (one for one in found if one.n >= least)
    return tuple(sorted(enough, key=lambda one: -one.n)[:MOST])


def _moved(
    before: Summary, now: Summary, tops: Iterable[tuple[TopSummary, TopSummary]]
) -> Iterator[str | None]:
    yield from (moved_borders.words(*both) for both in tops)
    yield from (moved.words(name, before, now) for name in now.columns)
