"""Tokens of the API: made by administrators for what they may start, shown once, revoked."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, Role, require
from core.errors import Invalid, Unknown
from core.store import audit, exports, look_up, names, ordered, refuse_taken
from core.store.audit import Deed
from core.store.database import moment
from core.store.sessions import digest
from core.store.tables.exports import ExportRow
from core.store.tables.tokens import TokenExport, TokenRow
from core.texts import _

WHAT = _("token")
PREFIX = "segferry_"  # by which scanners of secrets know one
LENGTH = len(PREFIX) + 43  # characters
LONGEST_NAME = 80
REFRESH = "refresh"  # among what a token may start
USED_EVERY = timedelta(minutes=1)  # so that a request a second doesn't write a row a second


@dataclass(frozen=True, slots=True)
class Token:
    """A token as people see it, and what it may start; `exports` by id."""

    id: int
    name: str
    exports: dict[int, str]
    refresh: bool
    sees_people: bool
    measures: bool
    created_by: str
    created_at: datetime
    used_at: datetime | None

    @property
    def may(self) -> list[str]:
        """Names of its exports, and `refresh`."""
        return [*self.exports.values(), *([REFRESH] if self.refresh else [])]

    def person(self, address: str, action: Action | None = None) -> Person:
        """The token as whoever acts from there: a viewer, unless it was made to see people.

        `action` is what it is granted for the one thing that it does now.
        """
        role = Role.contributor if self.sees_people else Role.viewer
        granted = frozenset({Action.look, *([action] if action else [])})
        return Person(self.name, role, None, address, granted)


def add(
    session: Session,
    person: Person,
    name: str,
    may: Iterable[str],
    *,
    sees_people: bool = False,
    measures: bool = False,
) -> str:
    """A new token, which is nowhere kept; `may` are names of exports, and `refresh`.

    One for `measures` reads these, and may do nothing else.

    Raises Denied, Unknown, Invalid.
    """
    require(person, Action.manage_tokens)
    name, may = _checked(session, name), list(dict.fromkeys(may))
    _refuse_mixed(may, sees_people=sees_people, measures=measures)
    rows = [exports.find(session, one) for one in may if one != REFRESH]
    token = PREFIX + secrets.token_urlsafe(32)
    row = TokenRow(
        name=name,
        digest=digest(token),
        refresh=REFRESH in may,
        sees_people=sees_people,
        measures=measures,
        created_by=person.name,
        created_at=moment(session),
    )
    session.add(row)
    session.flush()
    session.add_all([TokenExport(token_id=row.id, export_id=one.id) for one in rows])
    more = [_("sees people")] * sees_people + [_("reads measures")] * measures
    rights = ", ".join([*may, *more])
    audit.record(session, person, Deed.added, "token", f"{name}: {rights}")
    return token


def revoke(session: Session, person: Person, name: str | int) -> str:
    """The token opens nothing any more, from its next request on; its name.

    Raises Denied, Unknown.
    """
    require(person, Action.manage_tokens)
    row = look_up(session, TokenRow, name)
    if row is None:
        raise Unknown(WHAT, str(name), names(session, TokenRow))
    session.delete(row)
    audit.record(session, person, Deed.revoked, "token", row.name)
    return row.name


def may_read_measures(session: Session, token: str) -> bool:
    """Whether this token was made for that; notes that it was used."""
    found = owner(session, token)
    return found is not None and found.measures


def read_measures(session: Session) -> bool:
    """Whether there is a token that does."""
    return bool(session.scalar(sa.select(sa.exists().where(col(TokenRow.measures)))))


def everything(session: Session) -> list[Token]:
    """All tokens, by name."""
    return [_shown(session, row) for row in ordered(session, TokenRow)]


def owner(session: Session, token: str) -> Token | None:
    """What this token may do now, and notes that it was used; None for one that is none."""
    if len(token) != LENGTH or not token.startswith(PREFIX):
        return None
    row = session.exec(select(TokenRow).where(TokenRow.digest == digest(token))).first()
    if row is None:
        return None
    now = moment(session)
    if row.used_at is None or now - row.used_at > USED_EVERY:
        row.used_at = now
        session.add(row)
    return _shown(session, row)


def _refuse_mixed(may: list[str], *, sees_people: bool, measures: bool) -> None:
    """Raises Invalid for a token for nothing, and for measures and something else."""
    if not may and not measures:
        raise Invalid(_("Choose what the token may start: exports, or the refresh."), "may")
    if measures and (may or sees_people):
        text = _("A token that reads measures may do nothing else. Make another one for that.")
        raise Invalid(text, "measures")


def _checked(session: Session, name: str) -> str:
    """The name without spaces around it. Raises Invalid."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        text = _("The name of a token is 1 to {n} characters on one line.")
        raise Invalid(text.format(n=LONGEST_NAME), "name")
    refuse_taken(session, TokenRow, WHAT, name)
    return name


def _shown(session: Session, row: TokenRow) -> Token:
    query = (
        select(ExportRow)
        .join(TokenExport, col(TokenExport.export_id) == col(ExportRow.id))
        .where(TokenExport.token_id == row.id)
        .order_by(col(ExportRow.name))
    )
    return Token(
        id=row.id,
        name=row.name,
        exports={one.id: one.name for one in session.exec(query)},
        refresh=row.refresh,
        sees_people=row.sees_people,
        measures=row.measures,
        created_by=row.created_by,
        created_at=row.created_at,
        used_at=row.used_at,
    )
