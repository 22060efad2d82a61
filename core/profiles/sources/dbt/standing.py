"""How a model stands: whether dbt built it, its tests, and how fresh what it is made of is.

Only what the last command of dbt has executed is known: `run_results.json` is written anew by each
one. What isn't in there has no outcome, for a test that didn't run hasn't passed.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from core.profiles.sources.dbt.artifacts import FreshnessResult, Manifest, Node, Result, SourceTable
from core.profiles.sources.dbt.models import Model
from core.profiles.sources.dbt.project import Project


class Outcome(StrEnum):
    """What dbt's last command says of a test, a source's freshness, or the building of a model."""

    passed = "passed"
    warned = "warned"
    failed = "failed"
    error = "error"  # it couldn't be run
    skipped = "skipped"  # for something before it failed
    unknown = "unknown"  # the last command has none of it


BAD = (Outcome.failed, Outcome.error)
OUTCOMES: Mapping[str, Outcome] = {  # by dbt's words; those of its version 2 are capitalised
    "pass": Outcome.passed,
    "warn": Outcome.warned,
    "fail": Outcome.failed,
    "error": Outcome.error,
    "runtime error": Outcome.error,
    "skipped": Outcome.skipped,
}
BUILT: Mapping[str, Outcome] = {
    "success": Outcome.passed,
    "reused": Outcome.passed,  # of version 2: what it is made of hasn't changed
    "error": Outcome.error,
    "fail": Outcome.failed,
    "partial success": Outcome.failed,
    "skipped": Outcome.skipped,
}
BUILDS = frozenset({"build", "run", "seed", "snapshot", "retry", "clone"})  # commands of dbt


@dataclass(frozen=True, slots=True)
class CheckedTest:
    """A test of the model, or of one of its columns; `rows` of its data failed it."""

    name: str
    column: str | None
    outcome: Outcome
    rows: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Upstream:
    """A table that the model is made of, in the end, and how fresh dbt found it.

    `newest`: up to when its data went; `at`: when dbt looked.
    """

    name: str  # source.table
    outcome: Outcome
    newest: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A model with what dbt said of it last; `relation` is what it is in the database.

    `command` and `results_at` are of dbt's last command, None where it left no results; `parsed_at`
    is of the manifest. `unknown_formats`: artifacts of a version that is not known here.
    """

    model: str
    relation: str
    built: Outcome
    tests: tuple[CheckedTest, ...]
    upstream: tuple[Upstream, ...]
    parsed_at: datetime
    command: str | None = None
    results_at: datetime | None = None
    freshness_at: datetime | None = None
    unknown_formats: tuple[str, ...] = ()

    def tests_of(self, *outcomes: Outcome) -> list[CheckedTest]:
        """The tests with one of these outcomes."""
        return [test for test in self.tests if test.outcome in outcomes]

    def upstream_of(self, *outcomes: Outcome) -> list[Upstream]:
        """The tables above with one of these outcomes."""
        return [one for one in self.upstream if one.outcome in outcomes]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        data: dict[str, Any] = AS_DATA.dump_python(self, mode="json")
        return data

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Standing":
        """As `as_data` wrote it."""
        return AS_DATA.validate_python(data)


AS_DATA = TypeAdapter(Standing)


def standing(project: Project, model: Model) -> Standing:
    """How the model stands, by the artifacts as they are."""
    manifest, results, freshness = project.manifest, project.results, project.freshness
    ran = {one.unique_id: one for one in results.results} if results else {}
    looked = {one.unique_id: one for one in freshness.results} if freshness else {}
    found = [one for one in (manifest, results, freshness) if one]
    tests = sorted(_tests(manifest, model.id, ran), key=lambda one: (one.column or "", one.name))
    upstream = sorted(_upstream(manifest, model.id, looked), key=lambda one: one.name)
    command = str(results.args.get("which") or "") if results else ""
    own = ran.get(model.id)
    built = BUILT.get(own.status.lower(), Outcome.unknown) if own else Outcome.unknown
    return Standing(
        model.name,
        model.relation,
        built if command in BUILDS else Outcome.unknown,
        tuple(tests),
        tuple(upstream),
        manifest.metadata.generated_at,
        command or None,
        results.metadata.generated_at if results else None,
        freshness.metadata.generated_at if freshness else None,
        tuple(text for one in found if (text := one.metadata.unknown_format)),
    )


def _tests(manifest: Manifest, model: str, ran: Mapping[str, Result]) -> Iterator[CheckedTest]:
    for node in manifest.nodes.values():
        if node.resource_type == "test" and _is_of(node, model):
            result = ran.get(node.unique_id)
            outcome = OUTCOMES.get(result.status.lower()) if result else None
            rows, at = (result.failures, _ended(result)) if result and outcome else (None, None)
            yield CheckedTest(node.name, node.column_name, outcome or Outcome.unknown, rows, at)


def _is_of(test: Node, model: str) -> bool:
    """One that stands with its model; else, written as SQL by itself, one that looks at it."""
    if test.attached_node:
        return test.attached_node == model
    return model in test.depends_on.nodes


def _ended(result: Result) -> datetime | None:
    return next((one.completed_at for one in reversed(result.timing) if one.completed_at), None)


def _upstream(
    manifest: Manifest, model: str, looked: Mapping[str, FreshnessResult]
) -> Iterator[Upstream]:
    """Those for which the project says how fresh they have to be, however far above."""
    for id in _above(manifest, model):
        table = manifest.sources.get(id)
        if table is None or not (_has_limits(table) or id in looked):
            continue
        name, found = f"{table.source_name}.{table.name}", looked.get(id)
        if found is None:
            yield Upstream(name, Outcome.unknown)
            continue
        yield Upstream(name, _fresh(found), found.max_loaded_at, found.snapshotted_at)


def _has_limits(table: SourceTable) -> bool:
    return table.freshness is not None and table.freshness.is_checked


def _fresh(found: FreshnessResult) -> Outcome:
    """For freshness dbt's `error` means too old; what couldn't be asked is a `runtime error`."""
    if found.status.lower() == "error":
        return Outcome.failed
    return OUTCOMES.get(found.status.lower(), Outcome.unknown)


def _above(manifest: Manifest, model: str) -> Iterator[str]:
    """The ids of all that the model is made of, nearest first, each once."""
    seen, waiting = {model}, deque([model])
    while waiting:
        node = manifest.nodes.get(waiting.popleft())
        ids = dict.fromkeys(node.depends_on.nodes if node else ())
        above = [id for id in ids if id not in seen]
        yield from above
        seen.update(above)
        waiting += above
