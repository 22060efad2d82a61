"""Our exports as exposures of a dbt project: what uses its models, as a file for the project.

See https://docs.getdbt.com/reference/exposure-properties.
"""

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sqlmodel import Session

from core.access import Action, Person
from core.configuration.export import Mode
from core.configuration.source import DbtModel, Source, model_of
from core.destinations.register import kind_of
from core.errors import Invalid, SegferryError, SourceFailed
from core.store import Store, accounts, export_segments, exports, sources
from core.store.tables.exports import ExportRow
from core.texts import _

PREFIX = "segferry_"  # an exposure's name is unique in its project, whoever made it
JINJA = re.compile(r"\{(?=[{%#])")  # dbt renders texts: what people named must stay text


def exposures(store: Store, person: Person, project: Path | None = None) -> str:
    """The YAML of all exports over models of the project that are neither paused nor detached.

    Raises Denied; Invalid where there are several projects, and for one without exports;
    SourceFailed for a model that isn't found in its project.
    """
    store.require(person, Action.look)
    with store.begin() as session:
        rows = list(_over_models(session, project))
        _check_one_project([model for _row, _source, model in rows], project)
        names = _names(row for row, _source, _model in rows)
        every = [_exposure(store, session, row, names[row.id], source) for row, source, _m in rows]
    return _written({"version": 2, "exposures": sorted(every, key=lambda one: str(one["name"]))})


def _over_models(
    session: Session, project: Path | None
) -> Iterator[tuple[ExportRow, Source, DbtModel]]:
    for row in exports.everything(session):
        source_row = export_segments.source_of(session, row)
        source = sources.spec(source_row)
        if source.dbt is None or row.connection_id is None or exports.spec(session, row).paused:
            continue
        if project is None or _same(project, source.dbt.project):
            yield row, source, source.dbt


def _same(project: Path, named: str) -> bool:
    return project.absolute().resolve() == Path(named).resolve()


def _check_one_project(models: Iterable[DbtModel], project: Path | None) -> None:
    found = sorted({str(Path(model.project).resolve()) for model in models})
    if len(found) > 1:
        text = _("The exports read models of several dbt projects. Choose one: {choices}.")
        choices = ", ".join(f"--project {one}" for one in found)
        raise Invalid(text.format(choices=choices))
    if not found:
        text = _("No active export reads a model of {project}.")
        raise Invalid(text.format(project=project or _("a dbt project")))


def _names(rows: Iterable[ExportRow]) -> dict[int, str]:
    """A name of letters, digits and _ for each export; the younger of two alike has its number."""
    found: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: row.id):
        plain = normalize("NFKD", row.name).encode("ascii", "ignore").decode().lower()
        name = PREFIX + (re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or f"export_{row.id}")
        found[row.id] = f"{name}_{row.id}" if name in found.values() else name
    return found


def _exposure(
    store: Store, session: Session, row: ExportRow, name: str, source: Source
) -> dict[str, Any]:
    public_url = store.settings.public_url.rstrip("/")
    url = {"url": f"{public_url}/export?export={row.id}"} if public_url else {}
    owner = {"name": row.created_by} | _email(session, row.created_by)
    return {
        "name": name,
        "label": _plain(row.name),
        "type": "application",
        **url,
        "owner": {key: _plain(text) for key, text in owner.items()},
        "description": _plain(_description(session, row)),
        "depends_on": [_ref(store, source, export_segments.source_of(session, row).confined)],
    }


def _ref(store: Store, source: Source, confined: bool) -> str:
    try:
        return model_of(source, store.settings, confined=confined).ref
    except SegferryError as error:
        raise SourceFailed(f"{source.name}: {error}") from error


def _description(session: Session, row: ExportRow) -> str:
    """Which segments go where, and how."""
    spec, connection = exports.spec(session, row), exports.connection_of(session, row)
    names = ", ".join(f"“{one.name}”" for one in export_segments.segments_of(session, row))
    there = kind_of(connection.type).capabilities.title if connection else ""
    if spec.mode is Mode.update:
        return _("Segferry updates the profiles of {segments} in {destination}.").format(
            segments=names, destination=there
        )
    return _("Segferry takes {segments} to the list “{list}” of {destination} ({mode}).").format(
        segments=names, list=row.list_name or row.list_id, destination=there, mode=spec.mode
    )


def _email(session: Session, name: str) -> dict[str, str]:
    account = accounts.look_up(session, name)
    return {"email": account.email} if account and account.email else {}


def _plain(text: str) -> str:
    return JINJA.sub("{ ", text)


def _written(data: dict[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml, out = YAML(), StringIO()
    yaml.default_flow_style = False
    yaml.width = 100
    yaml.dump(data, out)
    return out.getvalue()
