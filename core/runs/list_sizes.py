"""How large lists are, day by day: of several at once the largest, by name."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.runs.history import days_since
from core.store import Store, export_lists, run_figures


@dataclass(frozen=True, slots=True)
class ListSizes:
    """A list by its name, and its profiles on the days on which a run counted them, in order."""

    name: str
    points: Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest of the lists that were counted, in order; `of` is how many were counted."""

    lists: Sequence[ListSizes]
    of: int


def largest(
    store: Store,
    since: datetime,
    time_zone: str,
    most: int,
    now: datetime | None = None,
    connection_id: int | None = None,
) -> Largest:
    """The largest lists since then, at most so many, of all connections or of one.

    Days are those of the time zone.
    """
    days, bounds = days_since(since, time_zone, now)
    with store.begin() as session:
        counted = run_figures.counted_lists(session, since)
        if connection_id is not None:
            own = export_lists.lists_of(session, connection_id)
            counted = {key: n for key, n in counted.items() if key[1] in own}
        keys = sorted(counted, key=lambda key: (-counted[key], key))[:most]
        names = _names(keys, export_lists.list_names(session))
        points: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for place, day, n in run_figures.last_sizes(session, bounds, keys):
            points[place].append((days[day], n))
    found = [ListSizes(name, points[place]) for place, name in enumerate(names)]
    return Largest(found, len(counted))


def _names(keys: Sequence[tuple[str, str]], known: dict[str, str]) -> list[str]:
    """Their names; of those with one and the same the account and the id as well."""
    names = [known.get(list_id, list_id) for _account, list_id in keys]
    several = Counter(names)
    return [
        name if several[name] == 1 else f"{name} ({account}, {list_id})"
        for name, (account, list_id) in zip(names, keys, strict=True)
    ]
