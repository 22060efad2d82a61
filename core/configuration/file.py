"""Reads a configuration file and checks it as a whole, before anything is changed."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.configuration import values
from core.configuration.address_list import AddressListFile
from core.configuration.alerts import references
from core.configuration.configuration import Configuration
from core.configuration.connection import Connection
from core.configuration.source import Source, url_key
from core.configuration.values import reference
from core.errors import Invalid
from core.settings.secrets import secret
from core.texts import _

MOST = 200_000  # values of a configuration file with aliases
MOST_BYTES = 4_000_000  # of a configuration file
SHOWN = 5  # problems of a file in one sentence


def read(
    path: Path, environment: Mapping[str, str] = os.environ
) -> tuple[Configuration, dict[str, str]]:
    """The file's configuration, and its secrets. Raises Invalid.

    Those of connections are under their names, those of databases under `source.url_key`, those of
    alerts under the names that `alerts.references` gives them.
    """
    data = _parsed(path)
    try:
        found = Configuration.model_validate(data)
    except ValidationError as error:
        raise Invalid(_problems(path, data, error)) from None
    keys = {c.name: _secret(path, c, environment) for c in found.connections or ()}
    for source in found.sources or ():
        if source.is_database:
            keys[url_key(source.name)] = _url(path, source, environment)
    for name, text in references(found.alerts).items():
        keys[name] = _alert_secret(path, name, text, environment)
    return _placed(found, path.parent), keys


def _parsed(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid(_("{path} is too large for a configuration file.").format(path=path))
        text = path.read_text(encoding="utf-8")
        _check_aliases(path, text)
        data = YAML(typ="safe", pure=True).load(text)
    except OSError as error:
        raise Invalid(
            _("The file {path} can't be read: {why}. Check its name and permissions.").format(
                path=path, why=error.strerror or error
            )
        ) from error
    except UnicodeDecodeError:
        raise Invalid(_("{path} is not UTF-8 text. Save it as UTF-8.").format(path=path)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise Invalid(_yaml_problem(path, error)) from None
    if not data:
        raise Invalid(
            _("{path} is empty. Name at least one section, such as “exports:”.").format(path=path)
        )
    if not isinstance(data, dict):
        raise Invalid(
            _("{path} has to consist of sections, such as “connections:” and “exports:”.").format(
                path=path
            )
        )
    return data


def _check_aliases(path: Path, text: str) -> None:
    """Raises Invalid where a small file would become a large one: aliases of aliases, a billion."""
    from ruamel.yaml import YAML

    if "&" in text and "*" in text and _expanded(YAML(typ="safe", pure=True).parse(text)) > MOST:
        said = _("{path} becomes too large when its aliases (*name) are filled in. Write them out.")
        raise Invalid(said.format(path=path))


def _expanded(events: Iterable[Any]) -> int:
    """How many values a document has once its aliases are put in; an alias of itself is endless."""
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent

    total = 0
    sizes: dict[str | None, int] = {}
    around: list[tuple[str | None, int]] = []
    for event in events:
        if isinstance(event, AliasEvent):
            total += sizes.get(event.anchor, MOST + 1)
        elif isinstance(event, CollectionEndEvent):
            anchor, before = around.pop()
            sizes[anchor] = total - before
        elif isinstance(event, ScalarEvent | CollectionStartEvent):
            total += 1
            sizes[event.anchor] = 1
            if isinstance(event, CollectionStartEvent):
                sizes.pop(event.anchor)  # not known before its end
                around.append((event.anchor, total - 1))
    return total


def _yaml_problem(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = _(", line {line}").format(line=mark.line + 1) if mark else ""
    why = getattr(error, "problem", None) or str(error).splitlines()[0]
    return _("{path}{place}: this is not valid YAML: {why}.").format(
        path=path, place=place, why=why
    )


def _problems(path: Path, data: Any, error: ValidationError) -> str:
    """The first few, each with its place by name rather than by number."""
    found = values.problems(error, Configuration)
    shown = [f"{_named(data, place)} {sentence}" for place, sentence in list(found.items())[:SHOWN]]
    more = _(" ({n} more)").format(n=len(found) - SHOWN) if len(found) > SHOWN else ""
    whole = f"{'; '.join(shown)}{more}"
    end = "" if whole.endswith("?") else "."
    return _("{path}: {problems} Nothing was changed.").format(path=path, problems=whole + end)


def _named(data: Any, place: str) -> str:
    """exports.0.match.email → exports “Newsletter” match.email."""
    section, _dot, rest = place.partition(".")
    number, _dot, field = rest.partition(".")
    if not number.isdigit():
        return place
    things = data.get(section)
    thing = things[int(number)] if isinstance(things, list) else None
    name = thing.get("name") if isinstance(thing, dict) else None
    return f"{section} “{name or number}” {field}".rstrip()


def _secret(path: Path, connection: Connection, environment: Mapping[str, str]) -> str:
    variable = reference(connection.api_key)
    if variable is None:
        raise Invalid(
            _(
                "{path}: the connection “{name}” has its API key as text. A file gets "
                "copied and committed: write ${{{variable}}} and set that environment "
                "variable."
            ).format(path=path, name=connection.name, variable=f"{connection.type.upper()}_API_KEY")
        )
    if not (value := secret(environment, variable)):
        raise Invalid(
            _(
                "The environment variable {variable} with the key of the connection "
                "“{name}” is not set."
            ).format(variable=variable, name=connection.name)
        )
    return value


def _url(path: Path, source: Source, environment: Mapping[str, str]) -> str:
    variable = reference(source.url or "")
    if variable is None:
        said = _(
            "{path}: the source “{name}” needs its `url` as ${{WAREHOUSE_URL}}, not as text, for a "
            "file gets copied and committed: write that and set the environment variable."
        )
        raise Invalid(said.format(path=path, name=source.name))
    if not (value := secret(environment, variable)):
        said = _("The environment variable {variable} with the URL of “{name}” is not set.")
        raise Invalid(said.format(variable=variable, name=source.name))
    return value


def _alert_secret(path: Path, name: str, text: str, environment: Mapping[str, str]) -> str:
    variable = reference(text)
    if variable is None:
        said = _(
            "{path}: {name} has its address as text. It opens the way to your channel, and a file "
            "gets copied and committed: write ${{ALERTS}} and set that environment variable."
        )
        raise Invalid(said.format(path=path, name=name))
    if not (value := secret(environment, variable)):
        said = _("The environment variable {variable} with the address of {name} is not set.")
        raise Invalid(said.format(variable=variable, name=name))
    return value


def _placed(found: Configuration, folder: Path) -> Configuration:
    """Paths of sources and address lists are relative to the file."""
    base, moved = folder.absolute(), dict[str, Any]()
    if found.sources is not None:
        moved["sources"] = tuple(_source_in(base, spec) for spec in found.sources)
    if found.address_lists is not None:
        moved["address_lists"] = tuple(_list_in(base, spec) for spec in found.address_lists)
    return found.model_copy(update=moved)


def _list_in(folder: Path, spec: AddressListFile) -> AddressListFile:
    """The list with its path made whole, if it has one."""
    if spec.path is None:
        return spec
    return spec.model_copy(update={"path": os.path.normpath(folder / spec.path)})


def _source_in(folder: Path, spec: Source) -> Source:
    """The source with its paths made whole; URLs and addresses of stores are."""
    if spec.dbt:
        project = os.path.normpath(folder / spec.dbt.project)
        return spec.model_copy(update={"dbt": spec.dbt.model_copy(update={"project": project})})
    if spec.is_database or spec.in_store:
        return spec
    return spec.model_copy(update={"path": os.path.normpath(folder / spec.path)})
