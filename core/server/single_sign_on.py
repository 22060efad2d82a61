"""Single sign-on: from what an OpenID provider says about somebody to a ticket, as in sign_in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.access import Person, Role
from core.errors import Denied, Invalid
from core.server import sign_in
from core.store import Store, accounts, audit, sessions
from core.store.audit import Deed
from core.store.sessions import Purpose
from core.store.tables.people import AccountRow
from core.texts import _

NAME = "single sign-on"  # in the audit
FRESH = timedelta(minutes=5)
ANSWERS_IN = 5.0  # seconds
Claims = Mapping[str, object]  # of the provider's ID token, with a checked signature


def check_provider(metadata_url: str) -> None:
    """Raises Invalid unless the provider answers now."""
    from core.destinations import http

    try:
        http.get(metadata_url, timeout=ANSWERS_IN, follow_redirects=True).raise_for_status()
    except (http.HTTPError, http.InvalidURL) as error:
        text = _(
            "Your organisation's sign-in doesn't answer at {url} ({error}). Try again "
            "later, or sign in with your name and password."
        )
        raise Invalid(text.format(url=metadata_url, error=type(error).__name__)) from error


def is_fresh(claims: Claims) -> bool:
    """Whether the provider has said it just now: older words open nothing."""
    said_at, oldest = claims.get("iat"), datetime.now(UTC) - FRESH
    return isinstance(said_at, int | float) and said_at > oldest.timestamp()


def enter(store: Store, claims: Claims, address: str) -> str:
    """A ticket for the browser of the person that the claims are about.

    Raises Denied when their address isn't verified, or belongs to nobody that Segferry knows.
    """
    try:
        with store.begin() as session:
            account = _account(session, _email(claims), address, store.settings.viewer_domains)
            audit.record(session, sign_in.person(account, address), Deed.signed_in, NAME, "")
            return sessions.issue(session, Purpose.sign_in, account.id)
    except Denied:
        name = str(claims.get("email"))[: accounts.LONGEST_NAME]
        with store.begin() as session:
            unknown = Person(name, Role.viewer, None, address)
            audit.record(session, unknown, Deed.refused, NAME, "")
        raise


def _email(claims: Claims) -> str:
    """The address that the provider has verified."""
    email, verified = claims.get("email"), str(claims.get("email_verified")).lower() == "true"
    if not is_fresh(claims):
        raise Denied(_("This sign-in took too long. Sign in again."))
    # Some letters beyond ASCII become one of ASCII in lower case, and so another's address.
    if not (verified and isinstance(email, str) and email.isascii() and "@" in email):
        text = _(
            "Your organisation doesn't confirm your email address, which Segferry needs to "
            "know you. Ask whoever manages its sign-in, or use your name and password."
        )
        raise Denied(text)
    return email.strip().lower()


def _account(session: Session, email: str, address: str, domains: list[str]) -> AccountRow:
    """The account with the address; a new viewer's if its domain needs no invitation."""
    account = accounts.of_email(session, email)
    if account is None and email.rpartition("@")[2] in domains:
        account = _new_viewer(session, email, address)
    if account is None:
        text = _("Nobody with the address {email} is invited. Ask an administrator of your team.")
        raise Denied(text.format(email=email))
    if account.disabled_at is not None:
        text = _("{name} may no longer sign in. Ask an administrator of your team.")
        raise Denied(text.format(name=account.name))
    return account


def _new_viewer(session: Session, email: str, address: str) -> AccountRow | None:
    """Named by the address: any other name would be of that person's own choice.

    None when somebody has that name already.
    """
    maker = Person(NAME, Role.administrator, None, address)
    try:
        return accounts.add(session, maker, email, Role.viewer, email=email)
    except Invalid:
        return None
