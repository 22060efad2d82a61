"""The tables of the configuration and of its runs; imported together, so that keys find theirs."""

from core.store.tables import (
    alerts,
    connections,
    data,
    erasures,
    exports,
    people,
    readings,
    refreshes,
    runs,
    schedules,
    tokens,
    windows,
)

__all__ = [
    "alerts",
    "connections",
    "data",
    "erasures",
    "exports",
    "people",
    "readings",
    "refreshes",
    "runs",
    "schedules",
    "tokens",
    "windows",
]
