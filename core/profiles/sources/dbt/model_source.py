"""A source that is a model of a dbt project: its relation, its state, how it stands."""

from collections.abc import Hashable
from pathlib import Path

from core.profiles.sources import Reading
from core.profiles.sources.databases.engines import Engine
from core.profiles.sources.dbt import project
from core.profiles.sources.dbt.models import Model, Models, check_engine
from core.profiles.sources.dbt.standing import Standing, standing


def relation_of(reading: Reading, engine: Engine) -> str:
    """The table or view of the model, as dbt writes it in SQL of that engine.

    Raises Unknown, Invalid for a model that is none; Outside, SourceFailed.
    """
    manifest = project.read_manifest(_path(reading), reading.fence)
    check_engine(manifest, engine.name, engine.title)
    return Models(manifest).named(_model(reading)).relation


def dbt_state(reading: Reading) -> Hashable:
    """Which model it is, and what the artifacts are at this moment; none of them is read.

    Raises Outside, SourceFailed.
    """
    return _model(reading), project.state_of(_path(reading), reading.fence)


def standing_of(reading: Reading) -> Standing:
    """How the model stands now. Raises Unknown, Invalid, Outside, SourceFailed."""
    found = project.read(_path(reading), reading.fence)
    return standing(found, Models(found.manifest).named(_model(reading)))


def model_of(reading: Reading) -> Model:
    """The model as its project describes it. Raises Unknown, Invalid, Outside, SourceFailed."""
    manifest = project.read_manifest(_path(reading), reading.fence)
    return Models(manifest).named(_model(reading))


def models_of(reading: Reading) -> list[Model]:
    """All models of its project that are tables, by name. Raises Outside, SourceFailed."""
    return Models(project.read_manifest(_path(reading), reading.fence)).every()


def is_model(reading: Reading) -> bool:
    """Whether the source is one."""
    return "dbt" in (reading.options or {})


def _path(reading: Reading) -> Path:
    return Path((reading.options or {})["dbt"]["project"])


def _model(reading: Reading) -> str:
    return str((reading.options or {})["dbt"]["model"])
