"""Who of a source is in none of an export's segments: a page of rows at a time, and how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from core.access import Action, Person, may
from core.audience import looks
from core.audience.looks import opened
from core.audience.members import resolved
from core.columns import column, own
from core.profiles import sources
from core.profiles.segments import checks, counts
from core.profiles.segments.rules import Group
from core.readers import by_reader
from core.store import Store, preferences
from core.store.tables.data import SourceRow

INSIDE = own("inside")


@dataclass(frozen=True, slots=True)
class Outside:
    """How many rows no segment takes, and some of them by their fields, in the source's order."""

    n: int
    rows: list[dict[str, Any]]


def outside(
    store: Store,
    person: Person,
    row: SourceRow,
    segments: Mapping[str, Group],
    fields: Sequence[str],
    window: tuple[int, int],
) -> Outside:
    """The rows from `window[0]` (from 0) up to `window[1]`, of the source as it is now.

    Only these are kept while it is read. Values are masked for those who may not see them all.
    Raises Denied, SourceFailed, Unknown, Invalid.
    """
    store.require(person, Action.look)
    found = _outside(store, row, resolved(store, row, segments), list(fields), window)
    if may(person, Action.see_addresses):
        return found
    seen = looks.masks(store, row)
    return Outside(found.n, [seen.row(one) for one in found.rows])


@by_reader
def _outside(
    store: Store,
    row: SourceRow,
    segments: Mapping[str, Group],
    fields: list[str],
    window: tuple[int, int],
) -> Outside:
    with store.begin() as session:
        today, zone = preferences.day_of_rules(session)
    source, (first, last) = opened(store, row), window
    with sources.translated(source):
        schema = source.schema()
        for name, rules in segments.items():
            checks.check(rules, schema, name)
        marked = counts.marked(source.scan(), INSIDE, segments, schema, today, zone)
        found = marked.filter(~nw.col(INSIDE))
        n = source.small(found.select(nw.len())).item()
        names = [name for name in fields if name in schema]
        some = source.fetched(found.head(last), names).select(map(column, names))
        rows = some.slice(first, last - first).collect()
    return Outside(int(n), rows.to_dicts())
