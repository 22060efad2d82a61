"""Sources: where profiles are read from, and what was found there last."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, from_command_line, may, require
from core.configuration.source import Source, Whole, is_open_to_all
from core.errors import Conflict, Denied, Invalid, SourceFailed
from core.masking import Everyday, Masks
from core.profiles.freshness import Freshness
from core.profiles.matching.fields import Match, personal_columns
from core.profiles.sources import EngineSchema, Kind, Schema
from core.settings import Settings
from core.store import assign, audit, drafts, joined, named, ordered, refuse_taken
from core.store.audit import Deed
from core.store.database import moment
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow, ExportSegment
from core.store.vault import Vault
from core.texts import _

WHAT = _("source")


def everything(session: Session) -> list[SourceRow]:
    """All sources, by name."""
    return ordered(session, SourceRow)


def find(session: Session, name: str | int) -> SourceRow:
    """The source with this name or id. Raises Unknown."""
    return named(session, SourceRow, WHAT, name)


def add(
    session: Session,
    person: Person,
    spec: Source,
    schema: Schema,
    vault: Vault | None = None,
    reference: str | None = None,
) -> SourceRow:
    """A new source, its fields read just now; the URL of a database goes into the vault.

    `reference` is the variable that the URL came from. Raises Denied, Invalid.
    """
    require(person, Action.manage_sources)
    refuse_taken(session, SourceRow, WHAT, spec.name)
    joined.whole(session, spec)
    row = SourceRow(
        **_described(spec),
        **_locked(spec, vault, reference),
        fields=dict(schema),
        confined=confined(person, spec),
        created_by=person.name,
    )
    session.add(row)
    session.flush()
    audit.record(session, person, Deed.added, "source", row.name)
    return row


def change(
    session: Session,
    person: Person,
    row: SourceRow,
    spec: Source,
    schema: Schema,
    vault: Vault | None = None,
    reference: str | None = None,
    settings: Settings | None = None,
) -> bool:
    """Whether anything of its configuration differed. Raises Denied, Invalid.

    A database of which `spec` has no URL keeps the one that it has, see `check_reads`.
    """
    require(person, Action.manage_sources)
    check_reads(person, row, spec, settings)
    refuse_taken(session, SourceRow, WHAT, spec.name, own=row.id)
    joined.whole(session, spec, row.name)
    if spec.name != row.name:
        joined.rename(session, row.name, spec.name)
    values = _described(spec) | {"confined": confined(person, spec, row)}
    if spec.is_database and spec.url is None:
        values["path"] = row.path
    else:
        values |= _relocked(row, spec, vault, reference)
    changed = assign(row, values)
    row.fields, row.everyday = dict(schema), None if changed else row.everyday
    row.sample &= not changed
    session.add(row)
    if changed:
        audit.record(session, person, Deed.changed, "source", row.name)
    return changed


def confined(person: Person, spec: Source, row: SourceRow | None = None) -> bool:
    """Whether the source may read the allowed folders only.

    So it is when its path was named in the browser; whoever edits there what the command line
    kept, and leaves the path as it is, changes nothing about that.
    """
    if from_command_line(person):
        return False
    return row is None or row.confined or not _is_same_place(row, spec)


def check_reads(
    person: Person, row: SourceRow | None, spec: Source | None, settings: Settings | None
) -> None:
    """Raises Denied where `spec` reads other rows than `row` with the URL that is kept for it.

    What the command line applied may lead to more than everybody is to see: its role reads what it
    may, not one table. Who isn't an administrator has to know the URL, unless the operator named
    that database for all. Without a `spec` it is about the list of tables.
    """
    if row is None or row.confined or row.secret is None or may(person, Action.choose_tables):
        return
    if spec is not None and (not spec.is_database or spec.url is not None or _is_same(row, spec)):
        return
    if settings is None or not is_open_to_all(row.path, settings):
        text = _(
            "{person} is a {role} and may not read other tables with the URL of “{name}”, which "
            "the command line applied. Enter the URL with its password, or ask an administrator."
        )
        given = text.format(person=person.name, role=person.role.name, name=row.name)
        raise Denied(given, person)


def note_reading(
    session: Session,
    row: SourceRow,
    schema: Schema | None = None,
    rows: int | None = None,
    problem: str | None = None,
    everyday: Everyday | None = None,
    freshness: Freshness | None = None,
) -> None:
    """Keeps what the last reading found, or what went wrong."""
    if schema is not None:
        row.fields = dict(schema)
    if everyday is not None:
        row.everyday = dict(everyday)
    if freshness is not None:
        row.freshness = freshness.as_data()
    row.rows = rows if rows is not None else row.rows
    row.read_at, row.problem = moment(session), problem
    session.add(row)


def note_everyday(session: Session, source_id: int, everyday: Everyday) -> SourceRow:
    """Keeps which of its values everybody may see; the source with them."""
    row = find(session, source_id)
    row.everyday = dict(everyday)
    session.add(row)
    return row


def masks(session: Session, row: SourceRow) -> Masks:
    """What those see of its values who may not see them all; texts only once that is known.

    Its key is personal, and so is what exports of it match with fields that say who somebody is.
    """
    query = (
        select(ExportRow)
        .join(ExportSegment, col(ExportSegment.export_id) == ExportRow.id)
        .join(SegmentRow, col(SegmentRow.id) == ExportSegment.segment_id)
        .where(SegmentRow.source_id == row.id)
    )
    exports = {export.id: export for export in session.exec(query)}.values()
    matches = (Match.model_validate(export.spec["match"]) for export in exports)
    personal = frozenset[str]().union(*map(personal_columns, matches))
    own = spec(row)
    personal |= joined.personal(session, own)
    return Masks(row.everyday or {}, personal | ({own.key} if own.key else set()))


def used_by(session: Session, source_id: int) -> list[str]:
    """Names of the segments over the source."""
    return list(segments_by_source(session, [source_id]).get(source_id, {}).values())


def segments_by_source(session: Session, source_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """By source: the segments over it, their names by their ids."""
    query = (
        sa.select(col(SegmentRow.source_id), col(SegmentRow.id), col(SegmentRow.name))
        .where(col(SegmentRow.source_id).in_(source_ids))
        .order_by(col(SegmentRow.name))
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for source_id, segment_id, name in session.execute(query):
        found[source_id][segment_id] = name
    return dict(found)


def remove(session: Session, person: Person, row: SourceRow) -> None:
    """Removes the source; what is kept for it goes with `core.audience.kept.drop` afterwards.

    Raises Denied; Conflict while a segment or another source needs it.
    """
    require(person, Action.manage_sources)
    if others := [other.name for other in joined.joining(session, row.name)]:
        text = _(
            "The source “{name}” is joined to: {others}. Remove the fields that are made of it "
            "there first."
        )
        raise Conflict(text.format(name=row.name, others=", ".join(others)))
    if users := used_by(session, row.id):
        raise Conflict(
            _("The source “{name}” is used by: {users}. Remove those segments first.").format(
                name=row.name, users=", ".join(users)
            )
        )
    drafts.forget(session, drafts.Form("source", row.id))
    row.secret = None
    session.flush()  # overwritten first: a deleted row may stay readable in the file
    session.delete(row)
    session.flush()
    audit.record(session, person, Deed.removed, "source", row.name)


def spec(row: SourceRow) -> Source:
    """The row as a value, without the URL of a database."""
    return Source.model_validate(row.spec)


def with_url(session: Session, vault: Vault, spec: Source, source_id: int | None) -> Source:
    """A source that can be opened: whole, and of databases with the URLs that they have now.

    One that is whole already stays as it was. Raises SourceFailed where it was removed, Unknown
    where one that is joined was; Invalid where a URL can't be read with this key.
    """
    if spec.joins and not isinstance(spec, Whole):
        row = session.get(SourceRow, source_id) if source_id is not None else None
        spec = joined.whole(session, spec, row.name if row else None)
    if isinstance(spec, Whole) and spec.tables:
        tables = {
            name: one.model_copy(update={"source": with_url(session, vault, one.source, one.id)})
            for name, one in spec.tables.items()
        }
        spec = spec.model_copy(update={"tables": tables})
    if not spec.is_database or spec.url is not None:
        return spec
    return spec.model_copy(update={"url": _url(session, vault, spec, source_id)})


def _url(session: Session, vault: Vault, spec: Source, source_id: int | None) -> str:
    row = session.get(SourceRow, source_id) if source_id is not None else None
    if row is None or row.secret is None:
        said = _("The source “{name}” was removed, and the URL of its database with it.")
        raise SourceFailed(said.format(name=spec.name))
    return vault.unlock(row.secret)


def schema(row: SourceRow) -> Schema:
    """The fields found last, and for a database the engine that compares them."""
    found: Mapping[str, str] = row.fields or {}
    kinds = {name: Kind[kind] for name, kind in found.items()}
    if row.type != "database":
        return kinds
    from core.profiles.sources.databases.address import Address

    return EngineSchema(kinds, Address.parse(row.path).engine.name)


def freshness(row: SourceRow) -> Freshness | None:
    """Up to when its data went at the last reading, by what it names for that now."""
    if row.freshness is None:
        return None
    found = Freshness.read(row.freshness)
    return found if found.by == spec(row).fresh_by else None


def _is_same_place(row: SourceRow, new: Source) -> bool:
    """Whether it reads from where the row does; of a database that is so without a URL."""
    if not new.is_database:
        return row.path == new.path
    old = spec(row).dbt
    same_project = new.dbt is None or (old is not None and old.project == new.dbt.project)
    return new.url is None and same_project


def _is_same(row: SourceRow, new: Source) -> bool:
    """Whether it reads the same of its database."""
    old = spec(row)
    return (old.table, old.query, old.dbt) == (new.table, new.query, new.dbt)


def _described(spec: Source) -> dict[str, Any]:
    return {
        "name": spec.name,
        "type": spec.type,
        "path": spec.place,
        "spec": spec.model_dump(mode="json", exclude_none=True),
    }


def _locked(spec: Source, vault: Vault | None, reference: str | None) -> dict[str, Any]:
    """The URL as it is kept."""
    if spec.url is None or vault is None:
        return {"secret": None, "secret_reference": None}
    return {"secret": vault.lock(spec.url), "secret_reference": reference}


def _relocked(
    row: SourceRow, spec: Source, vault: Vault | None, reference: str | None
) -> dict[str, Any]:
    """The same; what is kept already isn't encrypted again, which would make it another."""
    locked = _locked(spec, vault, reference)
    if spec.url is not None and vault is not None and _holds(vault, row, spec.url):
        return locked | {"secret": row.secret}
    return locked


def _holds(vault: Vault, row: SourceRow, url: str) -> bool:
    try:
        return row.secret is not None and vault.unlock(row.secret) == url
    except Invalid:
        return False
