"""The connections as rows: which account each reaches, how it stands, and which exports use it."""

from urllib.parse import urlsplit

from core.access import Person, Role
from core.destinations.register import kind_of
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _
from pages.connections import actions, consent, sharing
from pages.connections.facts import FAULTY, ConnectionItem
from pages.runs import marks
from pages.ui import links, row_cells
from pages.ui.finders import Filter, Finders
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, when

WORST = (*FAULTY, ConnectionState.unchecked, ConnectionState.ok)


def table(person: Person) -> Table[ConnectionItem]:
    """How connections look as rows; who doesn't manage them sees names and types alone."""
    manages = person.role >= Role.administrator
    return Table(
        is_sample=lambda item: item.row.sample,
        kind="connection",
        columns=COLUMNS if manages else TYPE,
        identity=lambda item: (item.row.id, item.row.name),
        link=_link if manages else lambda _item: None,
        actions=actions.draw if manages else None,
        name_width=200,
    )


def finders(person: Person) -> Finders[ConnectionItem]:
    """What narrows the list of connections."""
    return Finders(
        table(person),
        _("Find a connection"),
        _("Name, account"),
        lambda item: f"{item.row.name} {account(item.row)} {marks.type_name(item.row)}",
        STATES,
        FILTERS,
    )


def users(item: ConnectionItem) -> Link | None:
    """To the exports that use it: to the only one, or to all in their list."""
    return links.users([one.id for one in item.exports], "connection", item.row.name)


def account(row: ConnectionRow) -> str:
    """Its account, and its host, if that isn't where everybody's is; what an ID says only once."""
    host = urlsplit(row.base_url).netloc if row.base_url != kind_of(row.type).address else None
    id = row.account_id or ""
    said = {part for part in (row.account_name, host) if "://" in id and (part or "") in id}
    return " · ".join(part for part in (row.account_name, id, host) if part and part not in said)


def _link(item: ConnectionItem) -> Link:
    return links.connection(item.row.id, item.row.name)


def _account(item: ConnectionItem) -> str:
    badge = row_cells.badge(marks.kind(item.row))
    return row_cells.two(account(item.row) or "—", marks.type_name(item.row), badge)


def _type(item: ConnectionItem) -> str:
    return row_cells.text(marks.type_name(item.row))


def _status(item: ConnectionItem) -> str:
    row = item.row
    if consent.has_changed(row) and not item.is_faulty:
        why = _("The data privacy terms have changed.")
        return row_cells.badge("degraded", _("Terms changed"), why)
    return row_cells.badge(marks.status(row), why=row.problem)


def _sharing(item: ConnectionItem) -> str:
    who = sharing.described(item.row, item.people)
    return row_cells.clamped(who)


def _used(item: ConnectionItem) -> str:
    at = item.row.used_at
    return row_cells.text(brief(at) if at else _("never"), gray=True, whole=when(at) if at else "")


def _owner(item: ConnectionItem) -> str:
    name = item.row.created_by
    return row_cells.mark(name, _("Owner: {name}").format(name=name))


COLUMNS: tuple[Column[ConnectionItem], ...] = (
    Column("used", _("Used by"), width=84, order=lambda item: -len(item.exports), link=users),
    Column("account", _("Account"), _account, order=lambda item: account(item.row).casefold()),
    Column("status", _("Status"), _status, 128, order=lambda item: WORST.index(item.row.state)),
    Column(
        "who",
        _("Who may use it"),
        _sharing,
        150,
        order=lambda item: sharing.described(item.row, item.people),
        wide=True,
    ),
    Column(
        "last",
        _("Last used"),
        _used,
        84,
        order=lambda item: -item.row.used_at.timestamp() if item.row.used_at else 0.0,
        wide=True,
    ),
    Column(
        "owner", _("By"), _owner, 28, order=lambda item: item.row.created_by.casefold(), widest=True
    ),
)
TYPE: tuple[Column[ConnectionItem], ...] = (
    Column("type", _("Type"), _type, order=lambda item: marks.type_name(item.row)),
)
STATES = {
    "all": (_("All"), lambda _item: True),
    "attention": (_("Needs attention"), lambda item: bool(item.needs_somebody)),
    "unused": (_("Not used"), lambda item: not item.exports),
}
FILTERS = {
    "type": Filter(_("Type"), lambda item: [marks.type_name(item.row)]),
    "owner": Filter(_("Owner"), lambda item: [item.row.created_by]),
}
