"""All that a team configures, as one value: what a configuration file holds."""

from typing import Self

from pydantic import model_validator

from core.configuration.address_list import AddressListFile
from core.configuration.alerts import Alerts
from core.configuration.connection import Connection
from core.configuration.export import Export, Guards
from core.configuration.retention import Retention
from core.configuration.schedule import Refresh
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.configuration.values import Value


class Configuration(Value):
    """A whole configuration file; a missing section (None) says nothing about its things."""

    connections: tuple[Connection, ...] | None = None
    sources: tuple[Source, ...] | None = None
    address_lists: tuple[AddressListFile, ...] | None = None
    segments: tuple[Segment, ...] | None = None
    exports: tuple[Export, ...] | None = None
    refresh: Refresh | None = None
    guards: Guards | None = None  # of exports that say nothing of theirs
    retention: Retention | None = None
    alerts: Alerts | None = None

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for section in ("connections", "sources", "address_lists", "segments", "exports"):
            names = [thing.name for thing in getattr(self, section) or ()]
            if twice := {n for n in names if names.count(n) > 1}:
                raise ValueError(f"the name “{min(twice)}” is used twice in {section}")
        return self
