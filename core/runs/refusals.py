"""Why a destination refused people of a run, and which of the reasons its export is new to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.runs import rejects
from core.store import Store, runs
from core.store.tables.runs import Run
from core.texts import _

LAST = 10  # runs before that are compared
MOST = 20  # reasons that are kept
# What differs from person to person in the destination's words: addresses, quoted values, numbers.
OWN = (r"[^\s\"'“”<>]+@[^\s\"'“”<>]+", r"“[^”]*”|\"[^\"]*\"|\B'[^']*'\B", r"\+?\d[\d.,:-]*")


@dataclass(frozen=True, slots=True)
class Refused:
    """So many people were refused for this reason; `new`: nobody was in the runs before."""

    why: str
    n: int
    new: bool = False


def note(store: Store, run: Run) -> list[dict[str, Any]]:
    """The reasons of a run that ends, for its row, the commonest first. Raises StorageFailed."""
    counted = counts(rejects.refused(store.settings, run))
    if not counted:
        return []
    with store.begin() as session:
        known = _known(runs.before(session, run, LAST))
    return [
        {"why": why, "n": n, "new": known is not None and why not in known} for why, n in counted
    ]


def counts(refused: pl.DataFrame) -> list[tuple[str, int]]:
    """People by reason, without what is their own: from the rows of `rejects.refused`."""
    words = pl.col("detail").fill_null("")
    for own in OWN:
        words = words.str.replace_all(own, "…")
    found = refused.select(why=words.str.strip_chars()).group_by("why").len("n")
    return list(found.sort("n", "why", descending=[True, False]).head(MOST).iter_rows())


def _known(before: Sequence[Run]) -> set[str] | None:
    """The reasons of the runs before; None where there is no run or one's aren't known."""
    if not before or any(one.refused and one.refusals is None for one in before):
        return None
    return {found["why"] for one in before for found in one.refusals or ()}


def of(parts: Iterable[Run]) -> list[Refused]:
    """Those of all parts of a run together, the commonest first."""
    sums: dict[str, Refused] = {}
    for part in parts:
        for one in part.refusals or ():
            n = sums[one["why"]].n if one["why"] in sums else 0
            sums[one["why"]] = Refused(one["why"], n + one["n"], one["new"])
    return sorted(sums.values(), key=lambda one: -one.n)


def new(parts: Iterable[Run]) -> list[Refused]:
    """Those for which nobody was refused in the runs before."""
    return [one for one in of(parts) if one.new]


def sentence(one: Refused) -> str:
    """A reason that is new, for people."""
    text = _("New: {n} refused for “{why}”, not seen in the last runs.")
    return text.format(n=f"{one.n:,}", why=one.why.rstrip(".") or _("no reason given"))
