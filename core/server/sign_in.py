"""Signing in: name and password to a ticket, the ticket to a session, the session to a person."""

import secrets

from sqlmodel import Session

from core.access import Action, Person, Role, require
from core.audience import kept
from core.errors import Denied, Invalid
from core.store import Store, accounts, attempts, audit, passwords, sessions
from core.store.audit import Deed
from core.store.sessions import Purpose
from core.store.tables.people import AccountRow
from core.texts import _

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another one
SETTING_UP = "set-up"


def enter(store: Store, name: str, password: str, address: str, browser: str | None = None) -> str:
    """A ticket for the browser, which holds for 30 seconds, once.

    `browser` is the mark of one from which somebody has signed in before. Raises Denied, with the
    same words and after the same time whether the name is unknown, the password wrong, the person
    disabled or sign-in paused; with others where too many sign in at once.
    """
    with store.begin() as session:
        account = accounts.look_up(session, name)
    known_browser = _known(store, account, browser)
    subjects = attempts.of_sign_in(account.handle if account else None, address, known_browser)
    with store.runtime.hashing.turn(address):
        with store.begin() as session:
            may_try = attempts.begin(session, subjects)
        right = passwords.fits(password, account.password if account else None)
    with store.begin() as session:
        if right and may_try and account and account.disabled_at is None:
            attempts.forget(session, subjects)
            audit.record(session, person(account, address), Deed.signed_in, "", "")
            return sessions.issue(session, Purpose.sign_in, account.id)
        # A name that nobody has isn't kept: it may be a password, typed into the wrong field.
        known = account.name if account else _("an unknown name")
        unknown = Person(known, Role.viewer, None, address)
        audit.record(session, unknown, Deed.refused, "sign-in", "")
    raise Denied(_("Wrong name or password. After five tries sign-in is locked for 15 minutes."))


def browser_mark(store: Store, token: str) -> str | None:
    """What tells a browser in which somebody has signed in; None where the session has ended.

    It opens nothing. It ends with the password of then.
    """
    with store.begin() as session:
        account = sessions.owner(session, token)
    return store.vault.lock(_marked(account)) if account else None


def _known(store: Store, account: AccountRow | None, mark: str | None) -> str | None:
    """A short name of the browser, if this person has signed in there before."""
    try:
        if account and mark and store.vault.unlock(mark) == _marked(account):
            return sessions.digest(mark)[:16]
    except (Invalid, ValueError):
        pass
    return None


def _marked(account: AccountRow) -> str:
    return f"browser of {account.id} {sessions.digest(account.password or '')}"


def start(store: Store, ticket: str, address: str, agent: str) -> str:
    """The token of a new session for a ticket. Raises Denied when that doesn't hold (any more)."""
    with store.begin() as session:
        row = sessions.redeem(session, Purpose.sign_in, ticket)
        account = accounts.look_up(session, row.account_id) if row and row.account_id else None
        if account is None or account.disabled_at is not None:
            raise Denied(_("This sign-in took too long. Sign in again."))
        sessions.sweep(session)
        return sessions.begin(session, account, address, agent)


def leave(store: Store, token: str | None, address: str) -> None:
    """Ends the session of this token, if there is one; with the last one go unused uploads."""
    with store.begin() as session:
        if account := sessions.owner(session, token):
            audit.record(session, person(account, address), Deed.signed_out, "", "")
        sessions.end(session, token)
        elsewhere = account is not None and sessions.of(session, account.id or 0)
    if account and not elsewhere:
        kept.drop_arrivals(store.settings, account.id or 0)


def who(store: Store, token: str | None, address: str = "") -> Person | None:
    """Who has this session now, in the role they have now; None when it has ended."""
    if not token:
        return None
    with store.begin() as session:
        account = sessions.owner(session, token)
    return person(account, address) if account else None


def person(account: AccountRow, origin: str) -> Person:
    """The account as whoever acts."""
    return Person(account.name, Role(account.role), account.id, origin)


def set_up_code(store: Store) -> str | None:
    """A new one-time code for the first administrator; None when there is one already."""
    code = "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _part in range(3))
    with store.begin() as session:
        if not accounts.none_yet(session):
            return None
        return sessions.issue(session, Purpose.set_up, code=code)


def set_up(store: Store, code: str, name: str, password: str, email: str, address: str) -> str:
    """Makes the first administrator; a ticket to sign them in. Raises Denied, Invalid."""
    _try_code(store, code, address)
    with store.begin() as session:
        _redeem_code(session, code)
        maker = Person(name.strip() or SETTING_UP, Role.administrator, None, address)
        account = accounts.add(
            session, maker, name, Role.administrator, password=password, email=email
        )
        return sessions.issue(session, Purpose.sign_in, account.id)


def same(password: str, again: str) -> str:
    """The password, typed twice. Raises Invalid when the two differ."""
    if password != again:
        raise Invalid(_("The two passwords differ. Type both again."), "password")
    return password


def invite(store: Store, by: Person, account_id: int) -> str:
    """A one-time link's secret, which lets the person choose a password. Raises Denied, Unknown."""
    require(by, Action.manage_people)
    with store.begin() as session:
        account = accounts.find(session, account_id)
        audit.record(session, by, Deed.invited, "person", account.name)
        return sessions.issue(session, Purpose.invitation, account.id)


def person_invited(store: Store, link: str) -> str | None:
    """The name of the person that a one-time link is for; None when it doesn't hold."""
    with store.begin() as session:
        row = sessions.look_at(session, Purpose.invitation, link)
        account = accounts.look_up(session, row.account_id) if row and row.account_id else None
    return account.name if account and account.disabled_at is None else None


def join(store: Store, link: str, password: str, address: str) -> str:
    """Sets the password of the person that the link is for; a ticket to sign them in.

    Raises Denied, Invalid.
    """
    with store.begin() as session:
        row = sessions.redeem(session, Purpose.invitation, link)
        account = accounts.look_up(session, row.account_id) if row and row.account_id else None
        if account is None or account.disabled_at is not None:
            raise Denied(_("This link was already used or is too old. Ask for a new one."))
        accounts.set_password(session, person(account, address), account, password)
        attempts.forget_name(session, account.handle)
        return sessions.issue(session, Purpose.sign_in, account.id)


def change_password(store: Store, who: Person, token: str, old: str, new: str) -> None:
    """One's own password; every other browser of theirs is signed out. Raises Denied, Invalid."""
    with store.begin() as session:
        account = accounts.find(session, who.id or 0)
    with store.runtime.hashing.turn(who.origin):
        right = passwords.fits(old, account.password)
    if not right:
        raise Invalid(_("The current password is wrong."), "old")
    with store.begin() as session:
        account = accounts.find(session, who.id or 0)
        accounts.set_password(session, who, account, new, keep=token)


def confirm(store: Store, who: Person, password: str) -> None:
    """That it is still this person who sits there; wrong tries count as those at sign-in do.

    Who has no password, for they come by single sign-on, has nothing to confirm. Raises Invalid.
    """
    with store.begin() as session:
        account = accounts.find(session, who.id or 0)
    if account.password is None:
        return
    subjects = [attempts.Subject(f"password of {account.handle} from {who.origin}")]
    with store.runtime.hashing.turn(who.origin):
        with store.begin() as session:
            may_try = attempts.begin(session, subjects)
        right = passwords.fits(password, account.password)
    with store.begin() as session:
        if right and may_try:
            attempts.forget(session, subjects)
            return
        audit.record(session, who, Deed.refused, "password", "")
    text = _("Wrong password. After five tries it is locked for 15 minutes.")
    raise Invalid(text, "password")


def _try_code(store: Store, code: str, address: str) -> None:
    """Counts and writes down wrong codes. Raises Denied while set-up pauses."""
    subjects = [attempts.Subject(f"set-up from {address}")]
    with store.begin() as session:
        if not (may_try := attempts.begin(session, subjects)) or not sessions.look_at(
            session, Purpose.set_up, _tidy(code)
        ):
            nobody = Person(SETTING_UP, Role.viewer, None, address)
            audit.record(session, nobody, Deed.refused, SETTING_UP, "")
        else:
            attempts.forget(session, subjects)
    if not may_try:
        raise Denied(_("Set-up is locked for 15 minutes after five wrong codes. Try again then."))


def _redeem_code(session: Session, code: str) -> None:
    """Uses the code up, unless what follows in the transaction fails. Raises Denied, Invalid."""
    if not accounts.none_yet(session):
        raise Denied(_("Segferry is already set up. Sign in, or ask an administrator for a link."))
    if sessions.redeem(session, Purpose.set_up, _tidy(code)) is None:
        text = _(
            "The one-time code is wrong or has expired. It is printed in the console where "
            "Segferry was started; starting it again prints a new one."
        )
        raise Invalid(text, "code")


def _tidy(code: str) -> str:
    letters = "".join(code.upper().replace("-", " ").split())
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
