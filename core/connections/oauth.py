"""Authenticating by OAuth: begun in a form, allowed at the destination, kept, renewed."""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from core.access import Action, Person, require
from core.destinations import Account, Credentials
from core.destinations.limits import Limits
from core.destinations.oauth import App, OAuth, Tokens
from core.destinations.register import installed_settings, kind_of, open_destination, settings_of
from core.errors import AuthorizationEnded, DestinationFailed, Invalid, Rejected
from core.settings import Settings
from core.store import Store, audit, authorizations, connections
from core.store.audit import Deed
from core.store.sessions import digest
from core.store.tables.connections import Authorization, ConnectionRow, ConnectionState
from core.store.vault import Vault
from core.texts import _

RETURNS = "/auth/"  # below it, an address for each type: browsers come back there
AHEAD = timedelta(minutes=5)  # before its end a token is renewed, so that none ends on the way
HASTE = 10.0  # seconds to wait for an answer while somebody waits for the page


def return_path(type: str) -> str:
    """Where browsers come back to. Operators register it at the destination: it never changes."""
    return RETURNS + type


def _type_of(redirect_uri: str) -> str:
    """The type whose return path it is."""
    return urlsplit(redirect_uri).path.removeprefix(RETURNS)


def is_set_up(settings: Settings, type: str) -> bool:
    """Whether this installation has an app at the destination. Raises Invalid without OAuth."""
    return _oauth(type).is_set_up(settings)


def offered(type: str) -> dict[str, str]:
    """The scopes that nobody needs and a person may choose, with what each is for."""
    key = kind_of(type).capabilities.key
    return {**key.optional, **key.erasing}


def granted(store: Store, row: ConnectionRow) -> tuple[str, ...] | None:
    """The optional scopes that the connection's authorization has; None where that isn't known."""
    try:
        tokens = _tokens(_read(store.vault, row.oauth)) if row.oauth else None
    except Invalid:  # locked with another key: the connection's test says so
        return None
    if tokens is None or tokens.scopes is None:
        return None
    return _optional(row.type, tokens.scopes)


def begin(
    store: Store,
    person: Person,
    type: str,
    base_url: str,
    origin: str,
    optional: Collection[str] = (),
) -> tuple[str, str]:
    """What the form knows it by, and the address where the person allows it within 10 minutes.

    `origin` is how this dashboard is reached, as in “https://your.address”; `optional` are those
    of the `offered` scopes that are requested too. Raises Denied; Invalid for an address that is
    none, a scope that isn't offered, or where OAuth isn't set up.
    """
    store.require(person, Action.manage_connections)
    _refuse_others(type, optional)
    app = _app(store.settings, type, base_url)
    if person.id is None:
        text = _("Sign in to the dashboard to authenticate with {destination}.")
        raise Invalid(text.format(destination=kind_of(type).title))
    redirect_uri = origin + return_path(type)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    row = Authorization(
        digest=digest(state),
        account_id=person.id,
        base_url=app.base_url,
        redirect_uri=redirect_uri,
        verifier=store.vault.lock(verifier),
        expires_at=datetime.now(UTC) + authorizations.HOLDS,
    )
    with store.begin() as session:
        authorizations.begin(session, row)
    wanted = _optional(type, optional)
    return row.digest, app.authorize_url(redirect_uri, state, verifier, wanted)


def arrive(store: Store, type: str, state: str, code: str, error: str = "") -> None:
    """A browser is back from a destination, with a code or an error; what comes of it is kept.

    Raises DestinationFailed; Invalid for a state that isn't known (any more), or was given to
    another type: a code never goes to a server that didn't hand it out (RFC 9700, 4.4).
    """
    with store.begin() as session:
        row = authorizations.arrive(session, digest(state))
    if row is None or _type_of(row.redirect_uri) != type:
        raise Invalid(
            _(
                "This authentication has expired: it took longer than ten minutes, or was "
                "already used. Go back to where you began and authenticate again."
            )
        )
    try:
        tokens = _locked(store.vault, _exchanged(store, row, code, error))
    except (DestinationFailed, Invalid) as failed:
        with store.begin() as session:
            authorizations.note(session, row.digest, problem=str(failed))
        raise
    with store.begin() as session:
        authorizations.note(session, row.digest, tokens=tokens)


def found(store: Store, person: Person, handle: str) -> Account | None:
    """The account that was allowed; None while the person isn't back. It is asked for once.

    Raises Invalid when it is over or another person's; Rejected, Unavailable when it failed.
    """
    row = _own(store, person, handle)
    if row.problem:
        raise Rejected(row.problem)
    if not row.tokens:
        return None
    kept = _read(store.vault, row.tokens)
    if account := kept.get("account"):
        return Account(**account)
    account = _account_of(store, row, _tokens(kept))
    with store.begin() as session:
        locked = _locked(store.vault, _tokens(kept), account)
        authorizations.note(session, row.digest, tokens=locked)
    return account


def take(
    session: Session, store: Store, person: Person, handle: str, row: ConnectionRow
) -> Account:
    """Moves what was allowed to a connection; whose account it is.

    Raises Denied; Invalid when it isn't there, or is for another account than the connection.
    """
    require(person, Action.manage_connections)
    found = authorizations.look_at(session, handle, person.id)
    if found is None or not found.tokens:
        raise _over()
    kept = _read(store.vault, found.tokens)
    account = Account(**kept["account"]) if "account" in kept else None
    if account is None or _place(found) != (row.type, row.base_url):
        raise _over()
    if row.account_id not in (None, account.id):
        raise _another(row, account)
    row.oauth = _locked(store.vault, _tokens(kept))
    row.state, row.problem = ConnectionState.unchecked, None
    session.add(row)
    session.delete(found)
    audit.record(session, person, Deed.added, "authorization", _what(row, _tokens(kept)))
    return account


def drop(store: Store, person: Person, handle: str) -> None:
    """Gives up what was allowed and is not taken; the destination is told, if it is reached."""
    with store.begin() as session:
        row = authorizations.look_at(session, handle, person.id)
        if row is None:
            return
        session.delete(row)
    if row.tokens:
        _revoked(store, *_place(row), row.tokens)


def access(store: Store, connection_id: int, refused: str | None = None) -> str:
    """An access token of the connection, other than the `refused` one; renewed in time.

    Raises DestinationFailed; AuthorizationEnded once it was withdrawn, and the connection says
    so, too. Whoever comes while another one renews it takes what they got.
    """
    if token := _still_good(store, connection_id, refused):
        return token
    with store.refreshing():
        return _still_good(store, connection_id, refused) or _renewed(store, connection_id)


def revoke(store: Store, row: ConnectionRow) -> str | None:
    """Ends the authorization at the destination; the sentence why, if that failed."""
    return _revoked(store, row.type, row.base_url, row.oauth) if row.oauth else None


def _optional(type: str, scopes: Collection[str]) -> tuple[str, ...]:
    """Those of the scopes that are optional, in their order."""
    return tuple(scope for scope in offered(type) if scope in scopes)


def _refuse_others(type: str, optional: Collection[str]) -> None:
    if unknown := sorted(set(optional) - offered(type).keys()):
        text = _("These scopes aren't optional ones of {destination}: {scopes}.")
        raise Invalid(text.format(destination=kind_of(type).title, scopes=", ".join(unknown)))


def _what(row: ConnectionRow, tokens: Tokens) -> str:
    """As the audit has it: with the optional scopes, as far as they are known."""
    scopes = _optional(row.type, tokens.scopes or ())
    return f"{row.name} ({', '.join(scopes)})" if scopes else row.name


def _oauth(type: str) -> OAuth:
    """Raises Invalid."""
    kind = kind_of(type)
    if kind.oauth is None:
        text = _("{destination} can't be authenticated with OAuth.")
        raise Invalid(text.format(destination=kind.title))
    return kind.oauth


def _app(settings: Settings, type: str, base_url: str, timeout: float | None = None) -> App:
    """Raises Invalid."""
    oauth = _oauth(type)
    if not oauth.is_set_up(settings):
        id, secret = oauth.variables
        text = _("OAuth isn't set up here: {id} and {secret} are needed.")
        raise Invalid(text.format(id=id, secret=secret))
    given = installed_settings(type, settings, base_url)
    if timeout:
        given["timeout"] = timeout
    return oauth.app(oauth.client(settings), settings_of(type, given))


def _place(row: Authorization) -> tuple[str, str]:
    """The type and the address that it is for."""
    return _type_of(row.redirect_uri), row.base_url


def _exchanged(store: Store, row: Authorization, code: str, error: str) -> Tokens:
    type, base_url = _place(row)
    if error or not code:
        raise _oauth(type).refusal(error)
    app = _app(store.settings, type, base_url, HASTE)
    return app.exchange(code, store.vault.unlock(row.verifier), row.redirect_uri)


def _account_of(store: Store, row: Authorization, tokens: Tokens) -> Account:
    """With limits of its own, for what nobody has used before has its whole quota."""
    type, base_url = _place(row)
    given = installed_settings(type, store.settings, base_url) | {"timeout": HASTE, "tries": 2}
    credentials = Credentials(token=lambda _refused: tokens.access)
    with open_destination(type, given, credentials, Limits()) as destination:
        return destination.account()


def _own(store: Store, person: Person, handle: str) -> Authorization:
    store.require(person, Action.manage_connections)
    with store.begin() as session:
        row = authorizations.look_at(session, handle, person.id)
    if row is None:
        raise _over()
    return row


def _over() -> Invalid:
    return Invalid(_("This authentication has expired. Authenticate again."))


def _another(row: ConnectionRow, account: Account) -> Invalid:
    return Invalid(
        _(
            "You authenticated for the account {given}, but this connection is for “{name}” "
            "({id}). Authenticate again, signed in to that account at {destination}."
        ).format(
            given=f"“{account.name}” ({account.id})",
            name=row.account_name,
            id=row.account_id,
            destination=kind_of(row.type).title,
        )
    )


def _still_good(store: Store, connection_id: int, refused: str | None) -> str | None:
    tokens = _held(store, connection_id)[1]
    due = datetime.now(UTC) >= tokens.expires_at - AHEAD
    return None if due or tokens.access == refused else tokens.access


def _held(store: Store, connection_id: int) -> tuple[ConnectionRow, Tokens]:
    """Raises Unknown; AuthorizationEnded for a connection that has none (any more)."""
    with store.begin() as session:
        row = connections.find(session, connection_id)
    if not row.oauth:
        text = _("The connection “{name}” isn't authenticated. Open it and authenticate again.")
        raise AuthorizationEnded(text.format(name=row.name))
    return row, _tokens(_read(store.vault, row.oauth))


def _renewed(store: Store, connection_id: int) -> str:
    row, tokens = _held(store, connection_id)
    try:
        new = _app(store.settings, row.type, row.base_url).refresh(tokens.refresh)
    except AuthorizationEnded as error:
        with store.begin() as session:
            connections.reconnect(session, row, str(error))
        raise
    with store.begin() as session:
        kept = new if new.scopes is not None else replace(new, scopes=tokens.scopes)
        connections.renew(session, row, _locked(store.vault, kept))
    return new.access


def _revoked(store: Store, type: str, base_url: str, locked: str) -> str | None:
    try:
        tokens = _tokens(_read(store.vault, locked))
        _app(store.settings, type, base_url, HASTE).revoke(tokens.refresh)
    except AuthorizationEnded:
        return None  # it was over before
    except (DestinationFailed, Invalid) as error:
        text = _("The authorization still exists at {destination}; remove the app there. {why}")
        return text.format(destination=kind_of(type).title, why=error)
    return None


def _locked(vault: Vault, tokens: Tokens, account: Account | None = None) -> str:
    kept: dict[str, Any] = asdict(tokens) | {"expires_at": tokens.expires_at.isoformat()}
    if account:
        kept["account"] = asdict(account)
    return vault.lock(json.dumps(kept))


def _read(vault: Vault, locked: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(vault.unlock(locked))
    return kept


def _tokens(kept: Mapping[str, Any]) -> Tokens:
    scopes = kept.get("scopes")  # unknown of those from before they were kept
    until = datetime.fromisoformat(kept["expires_at"])
    return Tokens(kept["access"], kept["refresh"], until, None if scopes is None else tuple(scopes))
