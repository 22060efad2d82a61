"""Which rules let a person into each export now, and which keep them out: read from the sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.words import words
from core.profiles.sources import Progress, Schema
from core.readers import by_reader
from core.store import Store, addresses, exports, orders

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
        rows = source.fetched(source.scan().filter(same)).collect(engine="streaming")
        return list(_each(export, order, rows, schema))


def _each(export: str, order: Order, rows: pl.DataFrame, schema: Schema) -> Iterator[Judged]:
    for excluded, segments in ((False, order.segments), (True, order.exclude)):
        for name, rules in segments.items():
            if rows.is_empty():
                yield Judged(export, name, excluded)
                continue
            inside = _holds(rows, rules, schema, order)
            failing = [] if inside else _failing(rows, rules, schema, order)
            yield Judged(export, name, excluded, inside, tuple(failing))


def _failing(rows: pl.DataFrame, rules: Group, schema: Schema, order: Order) -> list[str]:
    each = _parts(rules)
    return [words(one) for one in each if not _holds(rows, one, schema, order)]


def _parts(rules: Group) -> list[Group]:
    """Each rule by itself, each segment in it before its own rules, and what nobody may be in."""
    parts: list[Group] = []
    for item in rules.items:
        if isinstance(item, Rule):
            parts.append(Group(all=(item,)))
            continue
        if item.segment is not None or item.kind == "none":
            parts.append(Group(all=(item,)))
        parts += _parts(item) if item.kind != "none" else []
    return parts


def _holds(rows: pl.DataFrame, rules: Group, schema: Schema, order: Order) -> bool:
    """Whether the rules let any of the rows through."""
    today = datetime.now(UTC).astimezone(ZoneInfo(order.time_zone)).date()
    frame = nw.from_native(rows.lazy())
    marked = counts.marked(frame, INSIDE, {"": rules}, schema, today, order.time_zone)
    found: pl.LazyFrame = marked.to_native()
    return bool(found.select(pl.col(INSIDE).any()).collect().item())
