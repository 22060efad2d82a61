"""What agents draft: checked as if it were saved, and kept for a person to open and save."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from core.access import Person
from core.configuration.export import Export
from core.configuration.segment import Segment
from core.configuration.values import problems
from core.errors import Conflict, Invalid
from core.profiles.segments.rules import Group, Rule
from core.store import Store, drafts, exports, segments, sources
from core.store.drafts import Form
from core.texts import _

LONGEST = 20_000  # characters of what an agent drafts, as JSON
DEEPEST = 12  # groups, lists and objects within each other
Model = TypeVar("Model", bound=BaseModel)
Data = Mapping[str, Any]


class _Undone(Exception):
    """Takes back what was only tried."""


def draft_segment(store: Store, person: Person, given: Data) -> str:
    """Keeps a new segment as the person's draft; its name. Raises Denied, Invalid, Conflict."""
    spec = _read(Segment, given)
    _try(store, lambda session: segments.add(session, person, spec))
    with store.begin() as session:
        source = sources.find(session, spec.source)
        data = {"of": None, "name": spec.name, "source": source.id, "root": _node(spec.rules)}
        drafts.propose(session, person, Form("segment"), spec.name, data)
    return spec.name


def change_segment(store: Store, person: Person, segment: str, given: Data) -> str:
    """Keeps what is given of a saved segment as the person's draft of it; its name now.

    Raises Unknown, Denied, Invalid, Conflict.
    """
    with store.begin() as session:
        row = segments.find(session, segment)
        saved, form = segments.spec(session, row), Form("segment", row.id)
    base = {"name": saved.name, "source": saved.source, "rules": saved.rules.as_data()}
    spec = _read(Segment, given, {**base, "active": saved.active})
    _try(store, lambda s: segments.change(s, person, segments.find(s, form.id), spec))
    found = _differing(base, spec.model_dump(mode="json") | {"rules": spec.rules.as_data()})
    with store.begin() as session:
        if "source" in found:
            found["source"] = sources.find(session, spec.source).id
        if found.pop("rules", None):
            found["root"] = _node(spec.rules)
        drafts.propose(session, person, form, saved.name, found, base)
    return saved.name


def change_export(store: Store, person: Person, export: str, given: Data) -> str:
    """Keeps what is given of a saved export as the person's draft of it; its name now.

    Raises Unknown, Denied, Invalid, Conflict.
    """
    with store.begin() as session:
        row = exports.find(session, export)
        saved, form = exports.spec(session, row), Form("export", row.id)
    base = saved.model_dump(mode="json")
    spec = _read(Export, given, base)
    with store.begin() as session:
        exports.check_change(session, person, exports.find(session, form.id), spec)
        found = _differing(base, spec.model_dump(mode="json"))
        drafts.propose(session, person, form, saved.name, found, base)
    return saved.name


def draft_export(store: Store, person: Person, given: Data) -> str:
    """Keeps a new export as the person's draft; its name. Raises Denied, Invalid, Conflict.

    What isn't given is left to the form, as its guards, which are those of new exports, and its
    schedule, which is off.
    """
    spec = _read(Export, given)
    _try(store, lambda session: exports.add(session, person, spec))
    data = {name: value for name, value in spec.model_dump(mode="json").items() if name in given}
    with store.begin() as session:
        drafts.propose(session, person, Form("export"), spec.name, data)
    return spec.name


def _differing(base: Data, wanted: Data) -> dict[str, Any]:
    """The fields that would change. Raises Conflict where none would."""
    found = {name: wanted[name] for name in base if wanted[name] != base[name]}
    if not found:
        raise Conflict(_("Nothing differs from what is saved, so there is nothing to propose."))
    return found


def _read(model: type[Model], given: Data, saved: Data | None = None) -> Model:
    """What is given, in place of what is saved. Raises Invalid, with a sentence what is wrong."""
    if _depth(given) > DEEPEST or len(json.dumps(given, default=str)) > LONGEST:
        raise Invalid(_("This is too large for a draft."))
    try:
        return model.model_validate({**(saved or {}), **given})
    except ValidationError as error:
        found = problems(error, model)
        raise Invalid(" ".join(f"{place}: {why}" for place, why in found.items())) from None


def _depth(value: Any) -> int:
    """How deep values lie within each other, as far as is allowed and one more."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        inner = [list(one.values()) if isinstance(one, dict) else one for one in level]
        level = [each for one in inner if isinstance(one, list) for each in one]
        depth += 1
    return depth


def _try(store: Store, make: Callable[[Session], object]) -> None:
    """Makes it and takes it back: nothing says better what is wrong with it, and who may make it.

    Raises what it raises.
    """
    with suppress(_Undone), store.begin() as session:
        make(session)
        raise _Undone


def _node(item: Group | Rule) -> dict[str, Any]:
    """The rules as the builder of segments holds them while they aren't saved."""
    if isinstance(item, Group) and item.is_name:
        return {"segment": item.segment}
    if isinstance(item, Group) and item.is_unresolved:
        return {"sql": item.sql}
    if isinstance(item, Group):
        top = {"top": item.top.model_dump(mode="json")} if item.top else {}
        return {"kind": item.kind, "items": [_node(one) for one in item.items], **top}
    return item.model_dump(mode="json")
