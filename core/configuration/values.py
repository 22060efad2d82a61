"""What the values of a configuration share: names, zones, references, problems in words."""

import re
from difflib import get_close_matches
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.errors import Unknown
from core.profiles.segments.operators import Op
from core.texts import _

SECRETS = frozenset({"api_key", "address", "failed", "url"})  # fields of which no value is quoted
UNKNOWN_NAME = "extra_forbidden"  # pydantic's word for it
TAGS = frozenset({"rule", "group", "word", "of_days", "of_cron"})  # of unions, here and of rules
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Value(BaseModel):
    """Root of the values here: frozen, and a name that isn't known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("a name is one line of printable characters")
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not a time zone; write it like Europe/Riga") from None
    return name


def _no_switch(value: object) -> object:
    """YAML reads `on`, `off`, `yes` and `no` as switches, which would count as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("write a number, not on or off")
    return value


NUMBER = BeforeValidator(_no_switch)  # beside int and float
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Zone = Annotated[str, AfterValidator(_zone)]


def reference(text: str) -> str | None:
    """NAME of `${NAME}`, None when the text is anything else."""
    found = _REFERENCE.fullmatch(text)
    return found.group(1) if found else None


def problems(error: ValidationError, model: type[BaseModel] | None = None) -> dict[str, str]:
    """What is wrong, as a sentence a field: `{"match.email": "…"}`.

    With the model that was validated, a name that isn't known comes with the nearest one that is.
    """
    every = error.errors(include_url=False)
    return {_place(e["loc"], e["type"]): _sentence(e, model) for e in every}


def _place(loc: tuple[int | str, ...], kind: str) -> str:
    """Where it is, without the names of pydantic's unions; a name that isn't known as written."""
    own = [str(loc[-1])] if kind == UNKNOWN_NAME else []
    path = loc[:-1] if own else loc
    parts = [str(p) for p in path if isinstance(p, int) or re.fullmatch(r"[a-z_]+", p)]
    return ".".join([*(part for part in parts if part not in TAGS), *own])


def _nearest(model: type[BaseModel] | None, loc: tuple[int | str, ...]) -> str:
    """What may have been meant by the last name of a place: as the end of a sentence."""
    names = [name for one in _models_at(model, loc[:-1]) for name in one.model_fields]
    if not names:
        return _("; check the spelling")
    if close := get_close_matches(str(loc[-1]).lower(), names, n=1, cutoff=0.5):
        return _("; did you mean “{name}”?").format(name=close[0])
    return _("; known are {names}").format(names=", ".join(names))


def _models_at(model: type[BaseModel] | None, path: tuple[int | str, ...]) -> list[type[BaseModel]]:
    """The models that a place in the data may be of."""
    found = [model] if model else []
    for part in path:
        tagged = [one for one in found if one.__name__.lower() == part]
        if isinstance(part, int) or part in TAGS:
            found = tagged or found
            continue
        fields = (one.model_fields.get(part) for one in found)
        found = [one for field in fields if field for one in _models_in(field.annotation)]
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type is made of: of a union, a tuple, a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _sentence(error: Any, model: type[BaseModel] | None) -> str:
    given = error.get("input")
    match error["type"]:
        case "missing":
            return _("is missing")
        case kind if kind == UNKNOWN_NAME:
            return _("isn't known") + _nearest(model, error["loc"])
        case "value_error":
            return str(error["ctx"]["error"]).rstrip(".")
        case "enum" if error["loc"][-1] == "op":
            return str(Unknown(_("operator"), str(given)[:80], Op)).rstrip(".")
        case "string_too_short" | "too_short":
            return _("must not be empty")
    text = error["msg"][0].lower() + error["msg"][1:]
    if not SECRETS & set(error["loc"]) and isinstance(given, str | int | float | bool):
        return _("{text}, not “{given}”").format(text=text, given=str(given)[:80])
    return str(text)
