"""Sources within sources: those that are joined, whole, and who joins a source."""

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

from sqlmodel import Session, col, select

from core.configuration.source import Source, Table, Whole, circle
from core.configuration.source import whole as with_tables
from core.errors import Invalid
from core.profiles.everyday import is_personal
from core.profiles.joined.fields import JoinedField
from core.profiles.sources import Kind
from core.store import named
from core.store.tables.data import SourceRow
from core.texts import _

DEEPEST = 3  # sources within each other
NONE: Mapping[str, Source] = {}


def whole(
    session: Session, spec: Source, saved: str | None = None, given: Mapping[str, Source] = NONE
) -> Whole:
    """The source with all that are joined to it, as they are now, without URLs of databases.

    `saved` is the name that it has so far. Those `given`, from a configuration file, come before
    saved ones. Raises Unknown; Invalid for a circle, and for too many within each other.
    """
    return _whole(session, spec, (saved or spec.name,), given)


def joining(session: Session, name: str) -> list[SourceRow]:
    """The sources that a source is joined to, by name."""
    rows = session.exec(select(SourceRow).order_by(col(SourceRow.name)))
    return [row for row in rows if name in names(row)]


def joining_also(session: Session, ids: Iterable[int]) -> set[int]:
    """These sources, and those that they are joined to, also by way of others: their ids."""
    rows = list(session.exec(select(SourceRow)))
    found = set(ids)
    while more := {row.id for row in rows if names(row) & _names(rows, found)} - found:
        found |= more
    return found


def with_joined(session: Session, ids: Iterable[int]) -> set[int]:
    """These sources, and those that are joined to them, also by way of others: their ids."""
    rows = list(session.exec(select(SourceRow)))
    found = set(ids)
    while True:
        inner = set[str]().union(*(names(row) for row in rows if row.id in found))
        more = {row.id for row in rows if row.name in inner} - found
        if not more:
            return found
        found |= more


def names(row: SourceRow) -> set[str]:
    """The sources that are joined to it."""
    return {join["source"] for join in row.spec.get("joined") or ()}


def joined_first(rows: Iterable[SourceRow]) -> list[SourceRow]:
    """Each after those that are joined to it, else in their order."""
    known = {row.name: row for row in rows}
    order = TopologicalSorter({name: sorted(names(row)) for name, row in known.items()})
    return [known[name] for name in order.static_order() if name in known]


def rename(session: Session, old: str, new: str) -> None:
    """Another name in the sources that the source is joined to."""
    for row in joining(session, old):
        spec = Source.model_validate(row.spec)
        joins = [join.with_source(new) if join.source == old else join for join in spec.joins]
        changed = spec.model_copy(update={"joined": tuple(joins)})
        row.spec = changed.model_dump(mode="json", exclude_none=True)
        session.add(row)


def personal(session: Session, spec: Source) -> set[str]:
    """The fields that are made of a column that says who somebody is."""
    found = set()
    for join in spec.joins:
        row = session.exec(select(SourceRow).where(SourceRow.name == join.source)).first()
        keys = {join.other_key, row.spec.get("key") if row else None}
        kinds = (row.fields or {}) if row else {}
        found |= {f.name for f in join.fields if _is_personal(f, keys, kinds)}
    return found


def _is_personal(field: JoinedField, keys: set[str | None], kinds: Mapping[str, str]) -> bool:
    """Whether it is a value of one row that says who somebody is; numbers of rows say nothing."""
    if field.column is None or field.make.gives is not None:
        return False
    kind = Kind[kinds.get(field.column, Kind.text.name)]
    named_so = kind in (Kind.number, Kind.date, Kind.moment, Kind.text)
    return field.column in keys or (named_so and is_personal(field.column, kind))


def _whole(
    session: Session, spec: Source, within: tuple[str, ...], given: Mapping[str, Source]
) -> Whole:
    if len(within) > DEEPEST:
        text = _("More than {n} sources are joined within each other: {names}.")
        raise Invalid(text.format(n=DEEPEST, names=" → ".join(within)), "joined")
    tables = {}
    for join in spec.joins:
        name = join.source
        if name in (*within, spec.name):
            raise Invalid(circle([*within, name]), "joined")
        tables[name] = _table(session, name, within, given)
    return with_tables(spec, tables)


def _table(
    session: Session, name: str, within: tuple[str, ...], given: Mapping[str, Source]
) -> Table:
    inside = (*within, name)
    if name in given:
        return Table(source=_whole(session, given[name], inside, given), confined=False)
    row = named(session, SourceRow, _("source"), name)
    inner = _whole(session, Source.model_validate(row.spec), inside, given)
    return Table(source=inner, id=row.id, confined=row.confined)


def _names(rows: Iterable[SourceRow], ids: set[int]) -> set[str]:
    return {row.name for row in rows if row.id in ids}
