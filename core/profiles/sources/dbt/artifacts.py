"""dbt's artifacts at the border: of each the fields that are needed here, read within a bound.

Formats: manifest v9 to v12 (v20 is the same), run results v6, sources v3, as described at
https://docs.getdbt.com/reference/artifacts/dbt-artifacts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

KNOWN = {"manifest": {9, 10, 11, 12, 20}, "run-results": {4, 5, 6}, "sources": {3}}


class Artifact(BaseModel):
    """Root of what is read: what isn't needed is passed over, so that it costs no memory."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Metadata(Artifact):
    """Which format it has, and when dbt wrote it."""

    dbt_schema_version: str = ""  # https://schemas.getdbt.com/dbt/manifest/v12.json
    dbt_version: str | None = None
    generated_at: datetime
    adapter_type: str | None = None
    project_name: str | None = None

    @property
    def unknown_format(self) -> str | None:
        """`manifest v21` where it is none that is known here, else None."""
        kind, _slash, version = self.dbt_schema_version.removesuffix(".json").rpartition("/v")
        name = kind.rpartition("/")[2]
        if version.isdecimal() and int(version) in KNOWN.get(name, ()):
            return None
        return f"{name} v{version}".strip() if version else self.dbt_schema_version or "?"


class Column(Artifact):
    """A column that the project describes."""

    name: str
    description: str | None = None


class Owner(Artifact):
    """Who answers for a group of models."""

    name: str | None = None
    email: str | list[str] | None = None


class Group(Artifact):
    """A group of models with its owner."""

    name: str
    owner: Owner = Owner()


class NodeConfig(Artifact):
    """How dbt makes a node."""

    materialized: str | None = None
    group: str | None = None


class Above(Artifact):
    """What a node is made of, by ids."""

    nodes: list[str] = []


class Node(Artifact):
    """A model, seed, snapshot or test of the manifest."""

    unique_id: str
    name: str
    resource_type: str
    package_name: str = ""
    relation_name: str | None = None  # as dbt writes it in SQL, quoted as the project says
    description: str | None = None
    columns: dict[str, Column] = {}
    tags: list[str] = []
    config: NodeConfig = NodeConfig()
    group: str | None = None
    depends_on: Above = Above()
    version: int | float | str | None = None
    latest_version: int | float | str | None = None
    attached_node: str | None = None  # of a test: the model that it was written for
    column_name: str | None = None  # of a test


class Limit(Artifact):
    """So old, dbt says, data may be."""

    count: int | None = None
    period: str | None = None


class Criteria(Artifact):
    """When data counts as old."""

    warn_after: Limit | None = None
    error_after: Limit | None = None

    @property
    def is_checked(self) -> bool:
        """Whether there is any limit at all."""
        return any(limit and limit.count for limit in (self.warn_after, self.error_after))


class SourceTable(Artifact):
    """A table that dbt takes as given."""

    unique_id: str
    source_name: str
    name: str
    freshness: Criteria | None = None


class Disabled(Artifact):
    """A node that the project switches off."""

    name: str
    resource_type: str


class Manifest(Artifact):
    """The project as dbt parsed it."""

    metadata: Metadata
    nodes: dict[str, Node]
    sources: dict[str, SourceTable] = {}
    groups: dict[str, Group] = {}
    disabled: dict[str, list[Disabled]] | None = None


class Timing(Artifact):
    """A phase of a node's execution."""

    name: str
    completed_at: datetime | None = None


class Result(Artifact):
    """What became of a node in dbt's last command."""

    unique_id: str
    status: str
    failures: int | None = None
    timing: list[Timing] = []


class RunResults(Artifact):
    """What dbt's last command executed."""

    metadata: Metadata
    args: Mapping[str, Any] = Field(default_factory=dict)
    results: list[Result]


class FreshnessResult(Artifact):
    """How old a table of a source was when dbt looked."""

    unique_id: str
    status: str
    max_loaded_at: datetime | None = None
    snapshotted_at: datetime | None = None


class FreshnessResults(Artifact):
    """What `dbt source freshness` found last."""

    metadata: Metadata
    results: list[FreshnessResult]
