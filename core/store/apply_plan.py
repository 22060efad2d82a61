"""A configuration file that is ready to be applied: its sources and address lists are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.configuration.address_list import addresses_in
from core.configuration.configuration import Configuration
from core.configuration.source import Source, check_columns, open_source, url_key
from core.configuration.source import in_order as in_order_joined
from core.errors import Invalid, SourceFailed
from core.profiles import sources as profiles
from core.profiles.given_addresses import Given
from core.profiles.joined.aggregates import Day
from core.profiles.sources import Progress, Schema
from core.store import Store, addresses, joined, preferences, sources


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked file, its secrets, and the fields of its sources as they are now."""

    configuration: Configuration
    keys: Mapping[str, str]  # secrets, as `file.read` names them
    schemas: Mapping[str, Schema]
    sources: Mapping[str, profiles.Source] = field(default_factory=dict)  # as they were opened
    given: Mapping[str, Given] = field(default_factory=dict)  # of address lists with a file
    contents: Mapping[str, addresses.Content] = field(default_factory=dict)  # what is kept of them


def prepare(
    store: Store, found: Configuration, keys: Mapping[str, str], progress: Progress | None = None
) -> Plan:
    """Reads the fields of each source in the file, wherever its files are, and address lists.

    Raises Invalid for one that can't be read.
    """
    specs = {spec.name: with_url(spec, keys) for spec in found.sources or ()}
    opened = {
        spec.name: _opened(store, specs[spec.name], specs, progress)
        for spec in in_order_joined(found.sources or ())
    }
    lists = [spec for spec in found.address_lists or () if spec.path]
    given = {spec.name: _given(store, spec.name, spec.path or "") for spec in lists}
    return Plan(
        found,
        keys,
        {name: schema for name, (_one, schema) in opened.items()},
        {name: source for name, (source, _schema) in opened.items()},
        given,
        {name: addresses.content(store, one.addresses) for name, one in given.items()},
    )


def with_url(spec: Source, keys: Mapping[str, str]) -> Source:
    """A database with its URL itself."""
    if not spec.is_database:
        return spec
    return spec.model_copy(update={"url": keys[url_key(spec.name)]})


def _opened(
    store: Store, spec: Source, given: Mapping[str, Source], progress: Progress | None
) -> tuple[profiles.Source, Schema]:
    """A file that names a source that isn't there is a wrong file."""
    try:
        with store.begin() as session:
            day = Day(*preferences.day_of_rules(session))
            whole = joined.whole(session, spec, given=given)
            ready = sources.with_url(session, store.vault, whole, None)
        source = open_source(ready, store.settings, progress, confined=False, day=day)
        check_columns(source, spec)
        return source, source.schema()
    except (SourceFailed, Invalid) as error:
        raise Invalid(f"sources “{spec.name}”: {error}") from error


def _given(store: Store, name: str, path: str) -> Given:
    try:
        return addresses_in(path, store.settings, confined=False)
    except (SourceFailed, Invalid) as error:
        raise Invalid(f"address_lists “{name}”: {error}") from error
