"""The sources as rows: what each is, how its last reading went, and which segments use it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.access import Person, Role
from core.profiles.sources.databases.address import Address
from core.profiles.sources.formats import Format
from core.profiles.sources.stores.address import TITLES
from core.profiles.sources.stores.address import Address as StoreAddress
from core.store import joined, sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.sources import actions
from pages.ui import frame, links, row_cells, uploads
from pages.ui.finders import Filter, Finders
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, when


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A source with what its row shows."""

    row: SourceRow
    users: Mapping[int, str]  # names of its segments by their ids
    outer: Sequence[SourceRow]  # sources with fields that are made of it


def read() -> list[SourceItem]:
    """All sources, in one transaction."""
    with frame.store().begin() as session:
        rows = sources.everything(session)
        users = sources.segments_by_source(session, [row.id for row in rows])
    outer = defaultdict[str, list[SourceRow]](list)
    for row in rows:
        for name in joined.names(row):
            outer[name].append(row)
    return [SourceItem(row, users.get(row.id, {}), outer[row.name]) for row in rows]


def table(person: Person) -> Table[SourceItem]:
    """How sources look as rows to this person."""
    return Table(
        is_sample=lambda item: item.row.sample,
        kind="source",
        columns=COLUMNS,
        identity=lambda item: (item.row.id, item.row.name),
        link=lambda item: links.source(item.row.id, item.row.name),
        actions=actions.menu if person.role >= Role.contributor else None,
        action_width=34,
        name_width=200,
    )


def finders(person: Person) -> Finders[SourceItem]:
    """What narrows the list of sources."""
    return Finders(
        table(person),
        _("Find a source"),
        _("Name, file, table"),
        lambda item: f"{item.row.name} {place(item.row)}",
        STATES,
        FILTERS,
    )


def status(row: SourceRow) -> str:
    """The word of `kit.STATUS` for the source."""
    if row.problem:
        return "failed"
    return "readable" if row.read_at else "unread"


def place(row: SourceRow) -> str:
    """Its format and the end of its path, plain; of an upload the name it had.

    Of a database its engine, with the table in it.
    """
    if row.type == "database":
        return _of_database(row)
    if sources.spec(row).in_store:
        return _in_store(row)
    path = Path(row.path)
    form = Format.named(path)
    uploaded = uploads.original(path) != path.name
    where = _("uploaded {name}") if uploaded else "{name}"
    name = uploads.original(path) if uploaded else _short(path)
    return f"{form.label if form else _('Files')} · {where.format(name=name)}"


def _in_store(row: SourceRow) -> str:
    """The store, and the end of the path."""
    address = StoreAddress.parse(row.path)
    name = address.key.rstrip("/").rpartition("/")[2]
    return f"{TITLES[address.scheme]} · {address.bucket}{f' · {name}' if name else ''}"


def _of_database(row: SourceRow) -> str:
    spec, address = sources.spec(row), Address.parse(row.path)
    where = address.file.name if address.file else address.database or address.host
    what = spec.dbt.model if spec.dbt else spec.table or _("query")
    return f"{address.engine.title} · {where} · {what}"


def kind(row: SourceRow) -> str:
    """The name of its format."""
    return place(row).partition(" · ")[0]


def _used(item: SourceItem) -> Link | str | None:
    """By its segments; where it has none, by the sources that it is joined to."""
    if item.users or not item.outer:
        return actions.users_link(item.row, item.users)
    text = many("{n} source", "{n} sources", len(item.outer))
    return links.source(item.outer[0].id, text) if len(item.outer) == 1 else text


def _place(item: SourceItem) -> str:
    form, _dot, name = place(item.row).partition(" · ")
    return row_cells.two(form, name)


def _status(item: SourceItem) -> str:
    return row_cells.badge(status(item.row), why=frame.readable(item.row.problem))


def _rows(item: SourceItem) -> str:
    return row_cells.number("—" if item.row.rows is None else f"{item.row.rows:,}", _("rows"))


def _fields(item: SourceItem) -> str:
    return row_cells.number(f"{len(item.row.fields or {}):,}", _("fields"))


def _read(item: SourceItem) -> str:
    at = item.row.read_at
    return row_cells.text(brief(at) if at else _("never"), gray=True, whole=when(at) if at else "")


def _owner(item: SourceItem) -> str:
    name = item.row.created_by
    return row_cells.mark(name, _("Owner: {name}").format(name=name))


def _short(path: Path) -> str:
    parts = path.parts
    return str(path) if len(parts) <= 3 else "…/" + "/".join(parts[-2:])


COLUMNS: tuple[Column[SourceItem], ...] = (
    Column(
        "used",
        _("Used by"),
        width=84,
        order=lambda item: (-len(item.users), -len(item.outer)),
        link=_used,
    ),
    Column("kind", _("Kind"), _place, order=lambda item: place(item.row).casefold()),
    Column(
        "status",
        _("Status"),
        _status,
        110,
        order=lambda item: ("failed", "unread", "readable").index(status(item.row)),
    ),
    Column("rows", _("Rows"), _rows, 90, order=lambda item: -(item.row.rows or 0), number=True),
    Column(
        "fields",
        _("Fields"),
        _fields,
        62,
        order=lambda item: -len(item.row.fields or {}),
        number=True,
        wide=True,
    ),
    Column(
        "read",
        _("Read"),
        _read,
        84,
        order=lambda item: -item.row.read_at.timestamp() if item.row.read_at else 0.0,
        wide=True,
    ),
    Column(
        "owner", _("By"), _owner, 28, order=lambda item: item.row.created_by.casefold(), widest=True
    ),
)
STATES = {
    "all": (_("All"), lambda _item: True),
    "failed": (_("Failed"), lambda item: status(item.row) == "failed"),
    "unused": (_("Not used"), lambda item: not item.users and not item.outer),
}
FILTERS = {
    "kind": Filter(_("Kind"), lambda item: [kind(item.row)]),
    "owner": Filter(_("Owner"), lambda item: [item.row.created_by]),
}
