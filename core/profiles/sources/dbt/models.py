"""Models of a project by their names: the one place that knows which relation a model is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Invalid, Unknown
from core.profiles.sources.dbt.artifacts import Disabled, Manifest, Node
from core.texts import _

REFERABLE = ("model", "seed", "snapshot")  # what dbt's ref() finds
# What a project is made for, as dbt's adapters call it, and the databases that read its tables.
ENGINES = {
    "postgres": ("postgresql",),
    "redshift": ("postgresql",),
    "duckdb": ("duckdb",),
    "sqlite": ("sqlite",),
    "mysql": ("mysql", "mariadb"),
    "mysql5": ("mysql", "mariadb"),
    "mariadb": ("mysql", "mariadb"),
    "snowflake": ("snowflake",),
    "bigquery": ("bigquery",),
    "databricks": ("databricks",),
    "trino": ("trino",),
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model as its project describes it; `relation` is its table or view as SQL has it."""

    id: str
    name: str  # as this project's models are told apart: scores.v2, or package.customers
    relation: str
    description: str
    columns: Mapping[str, str]  # descriptions, of those that have one
    tags: tuple[str, ...]
    owner: str | None  # of its group
    ref: str  # as files of the project name it: ref('scores', v=1)

    def about(self, column: str) -> str:
        """The description of a column, whose letters some databases write large; "" for none."""
        lower = {name.lower(): text for name, text in self.columns.items()}
        return self.columns.get(column) or lower.get(column.lower(), "")


class Models:
    """The models of a manifest, its seeds and snapshots too."""

    def __init__(self, manifest: Manifest) -> None:
        nodes = manifest.nodes.values()
        self._nodes = [node for node in nodes if node.resource_type in REFERABLE]
        off = (one for several in (manifest.disabled or {}).values() for one in several)
        self._disabled: list[Disabled] = [one for one in off if one.resource_type in REFERABLE]
        self._groups = {group.name: group.owner for group in manifest.groups.values()}
        self._packages: dict[str, set[str]] = defaultdict(set)
        for node in self._nodes:
            self._packages[node.name].add(node.package_name)

    def named(self, name: str) -> Model:
        """The model of this name: `customers`, `package.customers`, `scores.v1`.

        Without a version it is the latest one, as dbt's ref() takes it. Raises Unknown for one
        that isn't there; Invalid for one that is no table, or for a name that several have.
        """
        found = [node for node in self._nodes if name in _names_of(node)]
        if not found:
            self._check_enabled(name)
            raise Unknown(_("dbt model"), name, [one.name for one in self.every()], "model")
        if len(found) > 1:
            text = _("There are several dbt models “{name}”. Write one of them: {names}.")
            names = ", ".join(sorted(self._name(node) for node in found))
            raise Invalid(text.format(name=name, names=names), "model")
        self._check_is_table(found[0])
        return self._model(found[0])

    def every(self) -> list[Model]:
        """All that are tables or views, by name."""
        found = [self._model(node) for node in self._nodes if node.relation_name]
        return sorted(found, key=lambda model: model.name)

    def _model(self, node: Node) -> Model:
        described = {one.name: one.description for one in node.columns.values() if one.description}
        return Model(
            node.unique_id,
            self._name(node),
            node.relation_name or "",
            node.description or "",
            described,
            tuple(node.tags),
            self._owner(node.group or node.config.group),
            self._ref(node),
        )

    def _name(self, node: Node) -> str:
        """The shortest name that is its own."""
        version = "" if node.version is None else f".v{node.version}"
        package = f"{node.package_name}." if len(self._packages[node.name]) > 1 else ""
        return f"{package}{node.name}{version}"

    def _ref(self, node: Node) -> str:
        """Without a version where it is the latest, without a package where one has the name."""
        package = f"'{node.package_name}', " if len(self._packages[node.name]) > 1 else ""
        version = "" if _is_latest(node) else f", v={node.version!r}"
        return f"ref({package}'{node.name}'{version})"

    def _owner(self, group: str | None) -> str | None:
        owner = self._groups.get(group or "")
        if owner is None:
            return group
        return owner.name or (owner.email if isinstance(owner.email, str) else None) or group

    def _check_is_table(self, node: Node) -> None:
        if node.relation_name:
            return
        made = [
            self._name(one)
            for one in self._nodes
            if node.unique_id in one.depends_on.nodes and one.relation_name
        ]
        such = _(", such as {names}").format(names=", ".join(sorted(made)[:3])) if made else ""
        kind = node.config.materialized or _("without a table")
        text = _(
            "The dbt model “{name}” is {kind}: dbt makes no table or view of it. Choose "
            "another{such}, or have dbt make a table of it."
        )
        raise Invalid(text.format(name=self._name(node), kind=kind, such=such), "model")

    def _check_enabled(self, name: str) -> None:
        if any(one.name == name for one in self._disabled):
            text = _(
                "The dbt model “{name}” is disabled in its project. Enable it there and run dbt "
                "build, or choose another."
            )
            raise Invalid(text.format(name=name), "model")


def check_engine(manifest: Manifest, engine: str, title: str) -> None:
    """Raises Invalid where the project is made for another database than the URL leads to."""
    adapter = manifest.metadata.adapter_type or ""
    if engine in ENGINES.get(adapter, (engine,)):
        return
    text = _(
        "The dbt project is made for {adapter}, and the URL leads to {engine}. Give the URL of the "
        "database that dbt builds in."
    )
    raise Invalid(text.format(adapter=adapter, engine=title), "url")


def _names_of(node: Node) -> set[str]:
    """Each name that may be written for it."""
    own = {node.name} if _is_latest(node) else set()
    if node.version is not None:
        own.add(f"{node.name}.v{node.version}")
    return own | {f"{node.package_name}.{name}" for name in own}


def _is_latest(node: Node) -> bool:
    return node.version is None or str(node.version) == str(node.latest_version)
