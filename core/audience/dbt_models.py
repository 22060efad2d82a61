"""What pages show of dbt projects: a source's model, and the models that one can be made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.access import Action, Person
from core.configuration.source import DbtModel, Source, model_of, models_of, standing_of
from core.errors import Outside
from core.profiles.sources.dbt.models import Model
from core.profiles.sources.dbt.standing import Standing
from core.readers import by_reader
from core.store import Store, sources
from core.store.tables.data import SourceRow


@dataclass(frozen=True, slots=True)
class Described:
    """A model as its project describes it, and what dbt said of it last."""

    model: Model
    standing: Standing


def described(store: Store, person: Person, row: SourceRow) -> Described | None:
    """The model that a saved source is; None of any other. Raises Denied, SourceFailed, Invalid."""
    store.require(person, Action.look)
    return _described(store, row) if sources.spec(row).dbt else None


def offered(
    store: Store, person: Person, project: str, row: SourceRow | None = None
) -> Mapping[str, str]:
    """The models of a project by name, with their descriptions; `row` is the source that is edited.

    Raises Denied, SourceFailed; Outside, which the audit notes.
    """
    store.require(person, Action.manage_sources)
    dbt = DbtModel(project=project, model="every")
    spec = Source(name="models", type="database", dbt=dbt)
    try:
        return _offered(store, spec, sources.confined(person, spec, row))
    except Outside as error:
        store.note_refusal(str(error), person)
        raise


@by_reader
def _described(store: Store, row: SourceRow) -> Described | None:
    spec = sources.spec(row)
    standing = standing_of(spec, store.settings, confined=row.confined)
    model = model_of(spec, store.settings, confined=row.confined)
    return Described(model, standing) if standing else None


@by_reader
def _offered(store: Store, spec: Source, confined: bool) -> dict[str, str]:
    found = models_of(spec, store.settings, confined=confined)
    return {model.name: model.description for model in found}
