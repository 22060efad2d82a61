"""What the installation sets of alerts: limits from when on they tell, and the heartbeat."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration.alerts import Heartbeat, Limits
from core.errors import Invalid
from core.store import audit, look_up
from core.store.audit import Deed
from core.store.tables.schedules import Preference
from core.store.vault import Vault
from core.texts import _

LIMITS, HEARTBEAT = "alert limits", "heartbeat"  # names of preferences, and in the audit
FIELDS = ("address", "failed")
FAIL = "/fail"  # as healthchecks.io and others have it


def limits(session: Session) -> Limits:
    """From when on something is worth an alert."""
    row = look_up(session, Preference, LIMITS)
    return Limits.model_validate(row.value) if row else Limits()


def change_limits(session: Session, person: Person, chosen: Limits) -> bool:
    """Whether they differed. Raises Denied."""
    require(person, Action.manage_alerts)
    if chosen == limits(session):
        return False
    session.merge(Preference(name=LIMITS, value=chosen.model_dump(mode="json")))
    audit.record(session, person, Deed.changed, "settings", LIMITS)
    return True


def heartbeat(session: Session, vault: Vault) -> Heartbeat | None:
    """The addresses in the clear: for asking them alone. Raises Invalid for another key."""
    if not (value := _heartbeat(session)):
        return None
    found = {name: vault.unlock(value[name]) for name in FIELDS if value.get(name)}
    return Heartbeat(**found)


def heartbeat_host(session: Session) -> str | None:
    """All that is shown of it again; None where there is none."""
    value = _heartbeat(session)
    return str(value["host"]) if value else None


def heartbeat_fields(session: Session) -> list[str]:
    """Which of its addresses are set."""
    value = _heartbeat(session)
    return [name for name in FIELDS if value.get(name)]


def heartbeat_references(session: Session) -> Mapping[str, str]:
    """The variables that a configuration file names for its addresses."""
    return dict(_heartbeat(session).get("references") or {})


def change_heartbeat(
    session: Session,
    vault: Vault,
    person: Person,
    chosen: Heartbeat | None,
    references: Mapping[str, str] | None = None,
) -> bool:
    """Another one, or none; whether it differed. Raises Denied; Invalid for no web address."""
    require(person, Action.manage_alerts)
    if chosen == heartbeat(session, vault) and (references or {}) == heartbeat_references(session):
        return False
    session.merge(Preference(name=HEARTBEAT, value=_kept(vault, chosen, references)))
    audit.record(session, person, Deed.changed, "settings", HEARTBEAT)
    return True


def failed_address(given: Heartbeat) -> str:
    """What is asked after a refresh that failed."""
    if given.failed:
        return given.failed
    parts = urlsplit(given.address)
    return parts._replace(path=parts.path.rstrip("/") + FAIL).geturl()


def relock(session: Session, old: Vault, new: Vault) -> int:
    """Encrypts the addresses with another key; how many there are. Raises Invalid."""
    value = _heartbeat(session)
    held = {name: value[name] for name in FIELDS if value.get(name)}
    if held:
        locked = {name: new.lock(old.unlock(text)) for name, text in held.items()}
        session.merge(Preference(name=HEARTBEAT, value=value | locked))
    return len(held)


def _heartbeat(session: Session) -> dict[str, Any]:
    row = look_up(session, Preference, HEARTBEAT)
    return dict(row.value) if row else {}


def _kept(
    vault: Vault, chosen: Heartbeat | None, references: Mapping[str, str] | None
) -> dict[str, Any]:
    if chosen is None:
        return {}
    host = _host(chosen.address)
    if chosen.failed:
        _host(chosen.failed)
    return {
        "address": vault.lock(chosen.address),
        "failed": vault.lock(chosen.failed) if chosen.failed else None,
        "host": host,
        "references": dict(references or {}),
    }


def _host(address: str) -> str:
    """Raises Invalid for what is no address of the web, without quoting it: it is a secret."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.username:
        text = _("The heartbeat is an address that begins with https:// or http://.")
        raise Invalid(text, "heartbeat")
    return host
