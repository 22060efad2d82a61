"""Prints the present configuration as a file that can be applied again, without secrets."""

import re
from collections.abc import Callable, Collection
from io import StringIO
from itertools import chain, count
from typing import Any

from sqlmodel import Session

from core.access import Action, Person
from core.store import (
    Store,
    address_lists,
    alert_file,
    connections,
    exports,
    preferences,
    segments,
    sources,
)
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import AddressListRow, SourceRow


def text(store: Store, person: Person) -> str:
    """The configuration as YAML, each secret as `${NAME}`. Raises Denied."""
    store.require(person, Action.configure)
    from ruamel.yaml import YAML

    with store.begin() as session:
        data = _data(session)
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _data(session: Session) -> dict[str, Any]:
    taken = set(alert_file.variables(session))
    taken |= {row.secret_reference or "" for row in sources.everything(session)}

    def named(name: str, variable: str | None, what: str = "ADDRESS") -> str:
        chosen = variable or _variable(name, what, taken)
        taken.add(chosen)
        return chosen

    data = {
        "connections": _connections(session, connections.everything(session), taken),
        "sources": [_source(row, named) for row in sources.everything(session)],
        "segments": [_segment(session, row) for row in segments.everything(session)],
        "exports": [_export(session, row) for row in exports.everything(session)],
        "refresh": _short(preferences.refresh(session)),
        "guards": _short(preferences.guards(session)),
        "retention": _short(preferences.retention(session)),
    }
    if lists := [_address_list(row) for row in address_lists.everything(session)]:
        data["address_lists"] = lists
    alerts = alert_file.data(session, named)
    return data | ({"alerts": alerts} if alerts else {})


def _connections(
    session: Session, rows: list[ConnectionRow], taken: set[str]
) -> list[dict[str, Any]]:
    taken |= {row.secret_reference for row in rows if row.secret_reference}
    data = []
    for row in rows:
        variable = row.secret_reference or _variable(row.name, "API_KEY", taken)
        taken.add(variable)
        data.append(_connection(session, row, variable))
    return data


def _connection(session: Session, row: ConnectionRow, variable: str) -> dict[str, Any]:
    data = _short(connections.spec(session, row, f"${{{variable}}}"))
    agreed_at = row.agreed_at.isoformat(timespec="seconds")
    return data | {"consent": data["consent"] | {"agreed_at": agreed_at}}


def _source(row: SourceRow, named: Callable[[str, str | None, str], str]) -> dict[str, Any]:
    """Where its URL belongs, `${NAME}`: what a database is read by comes first."""
    data = _short(sources.spec(row))
    if row.secret is None:
        return data
    del data["path"]
    url = {"url": f"${{{named(row.name, row.secret_reference, 'URL')}}}"}
    return {key: data.pop(key) for key in ("name", "type")} | url | data


def _address_list(row: AddressListRow) -> dict[str, Any]:
    """Never its addresses: without a file it is named only, and stays as it is when applied."""
    return {"name": row.name} | ({"path": row.path} if row.path else {})


def _segment(session: Session, row: Any) -> dict[str, Any]:
    spec = segments.spec(session, row)
    return _short(spec) | {"rules": spec.rules.as_data()}


def _export(session: Session, row: Any) -> dict[str, Any]:
    spec = exports.spec(session, row)
    return _short(spec) | {"connection": spec.connection}  # a detached one says that it has none


def _short(value: Any) -> dict[str, Any]:
    """Without what is not set, so that it reads as a person would write it."""
    data: dict[str, Any] = value.model_dump(mode="json", exclude_none=True, exclude_defaults=False)
    return data


def _variable(name: str, what: str, taken: Collection[str]) -> str:
    """A variable for a secret that was typed in the browser; two things never share one."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper() or "CONNECTION"
    first = f"{'_' if plain[0].isdigit() else ''}{plain}_{what}"
    names = chain([first], (f"{first}_{n}" for n in count(2)))
    return next(variable for variable in names if variable not in taken)
