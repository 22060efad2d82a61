"""A run as one object, for the command line and the API: `segferry show --json` prints it."""

from typing import Any

from core.access import Action, Person, may
from core.masking import sentence
from core.runs import history, planned, previous_values
from core.store import Store, jobs, runs
from core.store.tables.runs import Run, RunKind

# What holds no words of a source or a destination; all else is masked for those who see nobody.
PLAIN = frozenset(
    {
        *("run_id", "export", "status", "created_at", "started_at", "finished_at", "trigger"),
        *("by", "export_user", "segments", "jobs", "kind", "left_alone", "previous_bytes", "plan"),
    }
)


def details(store: Store, person: Person, run: Run) -> dict[str, Any]:
    """The run with the names of the command line; numbers are profiles.

    What errors, holds and the look at its list quote of people is masked for who may not see it.
    """
    with store.begin() as session:
        again, undo = runs.retried_by(session, run), runs.undone_by(session, run)
        found = history.as_data(run, jobs.of_run(session, run.id))
        parts = runs.siblings(session, run)
    is_export = run.kind == RunKind.export
    found["plan"] = planned.as_data(planned.planned(parts)) if is_export else None
    found["retried_by"] = again.id if again else None
    found["undone_by"] = undo.id if undo else None
    found["previous_bytes"] = previous_values.of_run(store, run)
    return found if may(person, Action.see_addresses) else _masked(found)


def _masked(found: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value if name in PLAIN else _deep(value) for name, value in found.items()}
    return shown | {"jobs": [job | {"error": _deep(job["error"])} for job in found["jobs"]]}


def _deep(value: Any) -> Any:
    """The value with all texts in it masked."""
    if isinstance(value, str):
        return sentence(value)
    if isinstance(value, dict):
        return {key: _deep(inner) for key, inner in value.items()}
    return [_deep(inner) for inner in value] if isinstance(value, list | tuple) else value
