"""What the values of a configuration share: names, zones, references, problems in words."""

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from core.errors import Unknown
from core.profiles.segments.operators import Op
from core.texts import _

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


Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Zone = Annotated[str, AfterValidator(_zone)]


def reference(text: str) -> str | None:
    """NAME of `${NAME}`, None when the text is anything else."""
    found = _REFERENCE.fullmatch(text)
    return found.group(1) if found else None


def problems(error: ValidationError) -> dict[str, str]:
    """What is wrong, as a sentence a field: `{"match.email": "…"}`."""
    return {_place(e["loc"]): _sentence(e) for e in error.errors(include_url=False)}


def _place(loc: tuple[int | str, ...]) -> str:
    """Where it is, without the names of pydantic's unions."""
    parts = [str(p) for p in loc if isinstance(p, int) or re.fullmatch(r"[a-z_]+", p)]
    return ".".join(part for part in parts if part not in TAGS)


def _sentence(error: Any) -> str:
    given = error.get("input")
    match error["type"]:
        case "missing":
            return _("is missing")
        case "extra_forbidden":
            return _("isn't known here; check the spelling")
        case "value_error":
            return str(error["ctx"]["error"]).rstrip(".")
        case "enum" if error["loc"][-1] == "op":
            return str(Unknown(_("operator"), str(given)[:80], Op)).rstrip(".")
        case "string_too_short" | "too_short":
            return _("must not be empty")
    text = error["msg"][0].lower() + error["msg"][1:]
    if "api_key" not in error["loc"] and isinstance(given, str | int | float | bool):
        return _("{text}, not “{given}”").format(text=text, given=str(given)[:80])
    return str(text)
