"""Which column feeds which field of a profile, and what each of them may hold.

The fields are the product's own; a destination's Layout says which it takes and how it writes them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from core.errors import Invalid, Unknown
from core.layout import IN_PROPERTIES, Layout
from core.profiles.cleaning import comparable_text
from core.profiles.matching.dialling_codes import REGIONS
from core.profiles.sources import ROW, Kind, Schema
from core.profiles.sources.misfits import WrongKind
from core.texts import _

IN_LOCATION = "location."  # how the names of the fields of Place begin
Column = Annotated[str, StringConstraints(min_length=1)]
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Place(BaseModel):
    """A profile's `location`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address1: Column | None = Field(None, title=_("Address, line 1"))
    address2: Column | None = Field(None, title=_("Address, line 2"))
    city: Column | None = Field(None, title=_("City"))
    country: Column | None = Field(None, title=_("Country"))
    region: Column | None = Field(None, title=_("Region"))
    zip: Column | None = Field(None, title=_("Postcode"))
    timezone: Column | None = Field(None, title=_("Time zone"))
    ip: Column | None = Field(None, title=_("IP address"))
    latitude: Column | None = Field(None, title=_("Latitude"))
    longitude: Column | None = Field(None, title=_("Longitude"))


class Match(BaseModel):
    """The `match` section of an export: the field, and the column it is taken from.

    In the order in which they are sent; a title is what people call the field.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Column = Field(title=_("Email address"))
    phone_number: Column | None = Field(None, title=_("Phone number"))
    external_id: Column | None = Field(None, title=_("External ID"))
    first_name: Column | None = Field(None, title=_("First name"))
    last_name: Column | None = Field(None, title=_("Last name"))
    organization: Column | None = Field(None, title=_("Organization"))
    title: Column | None = Field(None, title=_("Title"))
    image: Column | None = Field(None, title=_("Image address"))
    locale: Column | None = Field(None, title=_("Locale"))
    location: Place = Place()
    properties: Mapping[Name, Column] = Field(default_factory=dict)

    @field_validator("properties", mode="before")
    @classmethod
    def _names_differ(cls, properties: Any) -> Any:
        """Blanks around a name are taken off: the last of two would win in silence."""
        seen: dict[str, str] = {}
        for name in properties if isinstance(properties, Mapping) else ():
            other = seen.setdefault("".join(comparable_text(str(name)).split()), str(name))
            if other != name:
                raise ValueError(f"“{other}” and “{name}” differ only by a blank: rename one")
        return properties


def _titles(model: type[BaseModel], within: str = "") -> dict[str, str]:
    fields = model.model_fields.items()
    return {f"{within}{name}": field.title for name, field in fields if field.title}


FIELDS: Mapping[str, str] = _titles(Match) | _titles(Place, IN_LOCATION)
"""Names of all fields but for properties, such as location.city, and what people call them."""


PERSONAL = frozenset(
    {
        *("email", "phone_number", "external_id", "first_name", "last_name", "image"),
        *("location.address1", "location.address2", "location.zip", "location.ip"),
        *("location.latitude", "location.longitude"),
    }
)
"""Those of them that say who somebody is, or where they live."""


class RegionColumn(BaseModel):
    """A column that holds each profile's country, by code or name, for numbers without one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Column


PhoneRegion = str | RegionColumn


class Use(StrEnum):
    """How a column's values enter the profile."""

    email = "email"
    phone = "phone"
    text = "text"
    number = "number"
    value = "value"  # with its own JSON type


@dataclass(frozen=True, slots=True)
class Target:
    """One attribute: where it stands in the profile, and the column that feeds it."""

    path: tuple[str, ...]  # such as ("location", "city")
    column: str
    use: Use

    @property
    def name(self) -> str:
        """The attribute as the configuration file spells it: location.city."""
        return ".".join(self.path)

    @property
    def exact(self) -> bool:
        """Whether it names somebody, or something, so that each digit counts."""
        return self.name in _EXACT


def targets(match: Match) -> Iterator[Target]:
    """Every attribute that is fed, in the order in which it is sent."""
    for name, column in match:
        if name in ("location", "properties") or column is None:
            continue
        yield Target((name,), column, _USES.get(name, Use.text))
    for name, column in match.location:
        if column is not None:
            yield Target(("location", name), column, _USES.get(name, Use.text))
    for name, column in match.properties.items():
        yield Target(("properties", name), column, Use.value)


def personal_columns(match: Match) -> frozenset[str]:
    """The columns that feed a field of PERSONAL."""
    return frozenset(target.column for target in targets(match) if target.name in PERSONAL)


def replaced(match: Match, columns: Mapping[str, str]) -> Match:
    """The match with other columns for attributes by name: `external_id`, `location.zip`."""
    place = {n.removeprefix("location."): c for n, c in columns.items() if "." in n}
    own = {n: c for n, c in columns.items() if "." not in n}
    location = match.location.model_copy(update=place)
    return match.model_copy(update={**own, "location": location})


def columns(match: Match, phone_region: PhoneRegion | None) -> list[str]:
    """The source's columns that are needed, each once."""
    wanted = [target.column for target in targets(match)]
    if match.phone_number and isinstance(phone_region, RegionColumn):
        wanted.append(phone_region.column)
    return list(dict.fromkeys(wanted))


def check(match: Match, phone_region: PhoneRegion | None, layout: Layout, schema: Schema) -> None:
    """Raises Unknown for a missing column or region, Invalid for a column of the wrong type.

    Invalid, too, for a field that the destination doesn't take.
    """
    for target in targets(match):
        field = f"match.{target.name}"
        if not target.name.startswith(IN_PROPERTIES) and target.name not in layout.fields:
            text = _(
                "The destination has no field “{attribute}”. Match the column “{column}” as a "
                "property, or leave it out."
            )
            raise Invalid(text.format(attribute=target.name, column=target.column), field)
        _refuse_reserved(target, layout, field)
        kind = _kind(target.column, schema, field)
        refuse_bytes(target.column, kind, field)
        if kind not in (*_ALLOWED[target.use], Kind.nothing):
            text = _("“{attribute}” needs {needed}, but the column “{column}” has {found}.")
            needed, found = _needed(target.use), kind.several
            message = text.format(
                attribute=target.name, needed=needed, column=target.column, found=found
            )
            raise WrongKind(message, field, target.column, _ALLOWED[target.use])
    _check_region(phone_region, schema)


def _refuse_reserved(target: Target, layout: Layout, field: str) -> None:
    """Raises Invalid for a property by a name that the destination keeps for itself."""
    name = target.path[-1]
    if layout.reserved is None or target.path[:-1] != ("properties",):
        return
    if name.startswith(layout.reserved):
        own = name.removeprefix(layout.reserved)
        known = next((one for one in (own, IN_LOCATION + own) if one in layout.fields), None)
        text = _(
            "The destination reserves names that begin with {mark}, so “{name}” can't be a "
            "property. {cure}"
        )
        cure = _("Match “{field}” instead.").format(field=known) if known else _("Rename it.")
        raise Invalid(text.format(mark=layout.reserved, name=name, cure=cure), field)


def refuse_bytes(column: str, kind: Kind, field: str | None = None) -> None:
    """Raises Invalid for a column of bytes, whatever it is to feed: JSON has no form for them."""
    if kind is Kind.bytes:
        text = _("The column “{column}” has bytes, which can't be sent. Leave it out.")
        raise Invalid(text.format(column=column), field)


def _check_region(region: PhoneRegion | None, schema: Schema) -> None:
    field = "phone_region"
    if isinstance(region, RegionColumn):
        if _kind(region.column, schema, field) not in (Kind.text, Kind.nothing):
            text = _(
                "The phone region needs a column of country codes, but “{column}” is not text."
            )
            raise Invalid(text.format(column=region.column), field)
    elif region is not None and region.upper() not in REGIONS:
        raise Unknown(_("country code"), region, sorted(REGIONS), field)


def _kind(column: str, schema: Schema, field: str) -> Kind:
    if column not in schema:
        raise Unknown(_("column"), column, [name for name in schema if name != ROW], field)
    return schema[column]


def _needed(use: Use) -> str:
    return {
        Use.email: _("text"),
        Use.phone: _("text or whole numbers"),
        Use.text: _("text or numbers"),
        Use.number: _("numbers"),
        Use.value: _("text, numbers, yes or no, dates or lists"),
    }[use]


_EXACT = frozenset({"external_id", "phone_number", "location.zip"})
_USES = {
    "email": Use.email,
    "phone_number": Use.phone,
    "latitude": Use.number,
    "longitude": Use.number,
}
_ALLOWED = {
    Use.email: {Kind.text},
    Use.phone: {Kind.text, Kind.number},
    Use.text: {Kind.text, Kind.number},
    Use.number: {Kind.number},
    Use.value: set(Kind),
}
