"""Which rules let a person into each export now, and which keep them out: read from the sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.access import Action, Person
from core.audience import looks
from core.columns import content, own
from core.configuration.order import Order
from core.configuration.source import open_source
from core.errors import SegferryError
from core.profiles import sources
from core.profiles.matching.emails import WHITE_SPACE
from core.profiles.segments import counts
from core.profiles.segments.places import Places
from core.profiles.segments.ranked import placed
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.words import ORDERS, words
from core.profiles.sources import Progress, Schema, Source
from core.readers import by_reader
from core.store import Store, addresses, exports, orders
from core.texts import _

INSIDE = own("inside")


@dataclass(frozen=True, slots=True)
class Judged:
    """How a person stands with a segment of an export by their row in the source, as it is now.

    `failing` are the rules that don't hold for them, in words. `inside` is None where the source
    has nobody with the address, or can't be read: `problem` says why.
    """

    export: str
    segment: str
    excluded: bool = False  # the export leaves its members out
    inside: bool | None = None
    failing: tuple[str, ...] = ()
    problem: str | None = None


def judge(store: Store, person: Person, emails: Sequence[str], progress: Progress) -> list[Judged]:
    """Each segment of each export. Raises Denied, StorageFailed, and what `progress` raises."""
    store.require(person, Action.see_addresses)
    with store.begin() as session:
        wanted = [(row.name, orders.order_of(session, row)) for row in exports.everything(session)]
    found: list[Judged] = []
    for export, order in wanted:
        try:
            found += _judged(store, export, order, list(emails), progress)
        except SegferryError as error:
            names = (*order.segments, *order.exclude)
            found += [Judged(export, name, problem=str(error)) for name in names]
    return found


@by_reader
def _judged(
    store: Store, export: str, order: Order, emails: list[str], progress: Progress | None = None
) -> list[Judged]:
    spec = looks.ready(store, order.source, order.source_id)
    order = replace(
        order,
        segments=addresses.all_ready(store, order.segments),
        exclude=addresses.all_ready(store, order.exclude),
    )
    day = looks.day_of_rules(store)
    source = open_source(spec, store.settings, progress, confined=order.confined, day=day)
    with sources.translated(source):
        schema, address = source.schema(), content(order.export.match.email).cast(nw.String)
        same = address.str.strip_chars(WHITE_SPACE).str.to_lowercase().is_in(emails)
        every = (*order.segments.values(), *order.exclude.values())
        tops = [rules for rules in every if rules.tops()]
        frame, places = placed(source.scan(), tops, schema, day.today, order.time_zone)
        numbers = _numbers(source, frame, places)
        rows = source.fetched(frame.filter(same)).collect(engine="streaming")
        return list(_each(export, order, _Rows(rows, schema, places, numbers)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a person; which place they have in groups that take the first of their people."""

    rows: pl.DataFrame
    source_schema: Schema
    places: Places
    numbers: Mapping[str, int]  # how many have a place, by the column of places

    def holds(self, rules: Group, order: Order) -> bool:
        """Whether the rules let any of the rows through."""
        today = datetime.now(UTC).astimezone(ZoneInfo(order.time_zone)).date()
        frame, schema = nw.from_native(self.rows.lazy()), self.places.schema(self.source_schema)
        group = {"": self.places.rules(rules)}
        marked = counts.marked(frame, INSIDE, group, schema, today, order.time_zone)
        found: pl.LazyFrame = marked.to_native()
        return bool(found.select(pl.col(INSIDE).any()).collect().item())

    def words(self, rules: Group) -> str:
        """A part of a segment in words; of a group that takes the first, the person's place."""
        name = self.places.name(rules) if rules.top is not None else ""
        place = self.rows[name].min() if name else None
        if rules.top is None or not isinstance(place, int):
            return words(rules)
        text = _("place {n} of {all} by {field}, {order}; the first {count} are in it")
        return text.format(
            n=f"{place:,}",
            all=f"{self.numbers[name]:,}",
            field=rules.top.by,
            order=ORDERS[rules.top.order],
            count=f"{rules.top.count:,}",
        )


def _numbers(source: Source, frame: nw.LazyFrame[Any], places: Places) -> Mapping[str, int]:
    if not places.names:
        return {}
    found = source.small(frame.select(nw.col(name).count() for name in places.names))
    return {name: int(n) for name, n in found.row(0, named=True).items()}


def _each(export: str, order: Order, rows: _Rows) -> Iterator[Judged]:
    for excluded, segments in ((False, order.segments), (True, order.exclude)):
        for name, rules in segments.items():
            if rows.rows.is_empty():
                yield Judged(export, name, excluded)
                continue
            inside = rows.holds(rules, order)
            failing = [] if inside else _failing(rows, rules, order)
            yield Judged(export, name, excluded, inside, tuple(failing))


def _failing(rows: _Rows, rules: Group, order: Order) -> list[str]:
    return [rows.words(one) for one in _parts(rules) if not rows.holds(one, order)]


def _parts(rules: Group) -> list[Group]:
    """Each rule by itself, each segment in it before its own rules, and what nobody may be in.

    A group that takes the first of its people comes before its rules, too.
    """
    parts: list[Group] = [] if rules.top is None else [rules]
    for item in rules.items:
        if isinstance(item, Rule):
            parts.append(Group(all=(item,)))
            continue
        if item.segment is not None or item.kind == "none":
            parts.append(Group(all=(item,)))
        parts += _parts(item) if item.kind != "none" else []
    return parts
