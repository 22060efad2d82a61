"""The entries of the audit as rows: what was done to what, by whom, when and from where."""

from collections.abc import Callable

from sqlmodel import Session

from core.store import connections, exports, segments, sources
from core.store.audit import Deed
from core.store.tables.people import AuditRow
from core.texts import _
from pages.ui import links, row_cells
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, when

WORDS = {Deed.asked: _("requested"), Deed.lifted: _("unlocked")}  # of actions that need others


def in_words(action: str) -> str:
    """The action as the page names it."""
    return WORDS.get(action, action)


def things(session: Session) -> dict[tuple[str, str], Link]:
    """Where the things that there are lead, by their kind and name as the audit has them."""
    found: dict[tuple[str, str], Link] = {}
    for kind, everything, to in (
        ("connection", connections.everything, links.connection),
        ("source", sources.everything, links.source),
        ("segment", segments.everything, links.segment),
        ("export", exports.everything, links.export),
        ("run", exports.everything, links.export),  # a run is written down by its export
    ):
        found |= {
            (kind, row.name): to(row.id, named(kind, row.name)) for row in everything(session)
        }
    return found


def named(kind: str, what: str) -> str:
    """What something was done to, as a row names it."""
    return f"{kind} {what}".strip() or "—"


def table(leads: dict[tuple[str, str], Link]) -> Table[AuditRow]:
    """How entries look as rows; what is still there is a link."""
    return Table(
        kind="entry",
        columns=COLUMNS,
        identity=lambda row: (row.id, named(row.kind, row.what)),
        link=lambda row: leads.get((row.kind, row.what)),
        name_title=_("What"),
        name_width=292,
    )


def _text(value: Callable[[AuditRow], str]) -> Callable[[AuditRow], str]:
    """A cell of words, all of which are shown on pointing."""
    return lambda row: row_cells.text(value(row), whole=value(row))


COLUMNS: tuple[Column[AuditRow], ...] = (
    Column(
        "action", _("Action"), _text(lambda row: in_words(row.action)), 124, lambda row: row.action
    ),
    Column("who", _("Who"), _text(lambda row: row.by), order=lambda row: row.by.casefold()),
    Column(
        "when",
        _("When"),
        lambda row: row_cells.text(brief(row.at), gray=True, whole=when(row.at)),
        90,
        lambda row: -row.at.timestamp(),
    ),
    Column("role", _("Role"), _text(lambda row: row.role), 100, lambda row: row.role, wide=True),
    Column(
        "from", _("From"), _text(lambda row: row.origin), 116, lambda row: row.origin, wide=True
    ),
)
