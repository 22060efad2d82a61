"""What a person says about the shape of delimited files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Invalid
from core.texts import _


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """The options of the source about the shape of its files; None: to be found."""

    separator: str | None = None
    header: bool | tuple[str, ...] | None = None  # a list are the names of a file without one
    skip: int | None = None  # lines before everything else
    comment: str | None = None  # lines that begin with it are no rows
    quote: str | None = None  # "" for none

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "LayoutOptions":
        """Raises Invalid where a sign can't be used."""
        header = options.get("header")
        signs = {name: _sign(name, options.get(name)) for name in ("separator", "comment", "quote")}
        names = header if header is None or isinstance(header, bool) else tuple(header)
        return cls(header=names, skip=options.get("skip"), **signs)


def _sign(name: str, sign: str | None) -> str | None:
    if sign is None or (sign == "" and name == "quote"):
        return sign
    if len(sign) != 1 or not sign.isascii():
        text = _("The {name} “{sign}” isn't one plain character.")
        raise Invalid(text.format(name=name, sign=sign), name)
    return sign
