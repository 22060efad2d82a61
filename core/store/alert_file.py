"""The section `alerts` of a configuration file: brought into the store, and printed from it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlmodel import Session

from core.access import Person
from core.configuration.alerts import (
    Alerts,
    Channel,
    Heartbeat,
    Limits,
    channel_key,
    heartbeat_key,
)
from core.configuration.values import reference
from core.store import Store, alert_settings, channels
from core.store.applied import What, what
from core.store.tables.alerts import ChannelRow

Done = Iterator[tuple[str, What]]  # of what, and what became of it
ADDRESS = "${ALERTS}"  # stands for an address


def put(
    session: Session, store: Store, person: Person, given: Alerts, keys: Mapping[str, str]
) -> Done:
    """Makes the team's alerts as the file has them; what it doesn't say stays. Raises Invalid."""
    there = {row.name: row for row in channels.team(session)}
    for spec in given.channels or ():
        address, variable = keys[channel_key(spec.name)], reference(spec.address)
        secret = {"address": address, "reference": variable}
        if row := there.get(spec.name):
            changed = channels.change(session, store.vault, person, row, spec, **secret)
            yield spec.name, what(changed)
        else:
            channels.add(session, store.vault, person, spec, address=address, reference=variable)
            yield spec.name, "created"
    if given.heartbeat:
        yield "heartbeat", what(_put_heartbeat(session, store, person, given.heartbeat, keys))
    if given.limits:
        yield "limits", what(alert_settings.change_limits(session, person, given.limits))


def prune(session: Session, person: Person, given: Alerts | None) -> Done:
    """Removes the team's channels that the section doesn't name, if it has any list of them."""
    if given is None or given.channels is None:
        return
    named = {spec.name for spec in given.channels}
    for row in channels.team(session):
        if row.name not in named:
            channels.remove(session, person, row)
            yield row.name, "removed"


def variables(session: Session) -> list[str]:
    """Those that files named for addresses: no other secret is to get one of them."""
    found = [row.reference for row in channels.team(session) if row.reference]
    return [*found, *alert_settings.heartbeat_references(session).values()]


def data(session: Session, variable: Callable[[str, str | None], str]) -> dict[str, Any]:
    """The section as it is printed; `variable` names one for what was typed in the browser."""
    rows = [row for row in channels.team(session) if not channels.tells_nothing(row)]
    found: dict[str, Any] = {}
    if rows:
        found["channels"] = [_channel(session, row, variable) for row in rows]
    if alert_settings.heartbeat_host(session):
        found["heartbeat"] = _heartbeat(session, variable)
    limits = alert_settings.limits(session)
    return found | ({"limits": limits.model_dump(mode="json")} if limits != Limits() else {})


def _channel(
    session: Session, row: ChannelRow, variable: Callable[[str, str | None], str]
) -> dict[str, Any]:
    spec: Channel = channels.spec(session, row, ADDRESS)
    written = spec.model_dump(mode="json", exclude_none=True)
    written["address"] = f"${{{variable(row.name, row.reference)}}}"
    return {name: value for name, value in written.items() if value != []}


def _heartbeat(session: Session, variable: Callable[[str, str | None], str]) -> dict[str, str]:
    names = alert_settings.heartbeat_references(session)
    held = alert_settings.heartbeat_fields(session)
    return {one: f"${{{variable(f'heartbeat {one}', names.get(one))}}}" for one in held}


def _put_heartbeat(
    session: Session, store: Store, person: Person, given: Heartbeat, keys: Mapping[str, str]
) -> bool:
    written = given.model_dump(exclude_none=True)
    chosen = Heartbeat(**{field: keys[heartbeat_key(field)] for field in written})
    names = {field: reference(text) or "" for field, text in written.items()}
    return alert_settings.change_heartbeat(session, store.vault, person, chosen, names)
