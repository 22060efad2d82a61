"""Which destinations there are; a new one is a folder of its own and one line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from core.destinations import Credentials, Destination, Stop, klaviyo, listmonk, never
from core.destinations.capabilities import Capabilities
from core.destinations.limits import Limits
from core.destinations.oauth import OAuth
from core.destinations.support import Support
from core.errors import Invalid, Unknown
from core.settings import Settings
from core.texts import _

Opening = Callable[[Any, Credentials, Limits, Stop], Destination]


def _nothing(settings: Settings) -> Mapping[str, object]:
    """For types of which an installation sets nothing."""
    del settings
    return {}


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of destination: what it declares, its settings, and how it is opened."""

    capabilities: Capabilities
    settings: type[BaseModel]  # base_url, timeout and tries are among them
    open: Opening
    # what an installation sets for all its connections, as a part of their settings
    installed: Callable[[Settings], Mapping[str, object]] = _nothing
    support: Callable[[Settings], Support] | None = None  # where its API's versions end
    oauth: OAuth | None = None  # where accounts may be authenticated besides by their key

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.capabilities.title

    @property
    def address(self) -> str | None:
        """Where it is unless somebody says otherwise; None for what everybody hosts themselves."""
        field = self.settings.model_fields["base_url"]
        return None if field.is_required() else str(field.default)


KINDS: Mapping[str, Kind] = {
    "klaviyo": Kind(
        klaviyo.CAPABILITIES,
        klaviyo.KlaviyoSettings,
        klaviyo.open_klaviyo,
        klaviyo.installed,
        klaviyo.support,
        klaviyo.OAUTH,
    ),
    "listmonk": Kind(listmonk.CAPABILITIES, listmonk.ListmonkSettings, listmonk.open_listmonk),
}


DEFAULT = "klaviyo"  # what is meant where nothing is said: for long there was no other


def kind_of(type: str) -> Kind:
    """The type of that name. Raises Unknown, naming the nearest one."""
    if type not in KINDS:
        raise Unknown(_("type of destination"), type, KINDS, field="type")
    return KINDS[type]


def titles() -> str:
    """The titles of all types, as in “this or that”."""
    *others, last = (kind.title for kind in KINDS.values())
    return _("{others} or {last}").format(others=", ".join(others), last=last)


def installed_settings(type: str, settings: Settings, base_url: str) -> dict[str, object]:
    """The settings of a connection to that address, with what this installation sets of them."""
    common = {"base_url": base_url, "timeout": settings.request_timeout}
    return common | dict(kind_of(type).installed(settings))


def settings_of(type: str, settings: Mapping[str, object]) -> BaseModel:
    """The settings, checked, with defaults for what isn't given. Raises Invalid with its field."""
    try:
        return kind_of(type).settings.model_validate(dict(settings))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        problem = first.get("ctx", {}).get("error") or f"{field}: {first['msg']}."
        raise Invalid(str(problem), field=field) from None


def open_destination(
    type: str,
    settings: Mapping[str, object],
    credentials: Credentials,
    limits: Limits,
    stopped: Stop = never,
) -> Destination:
    """The destination, ready to be asked; use it in a `with`. Nothing is sent yet.

    `limits` is the one object of this process, so that all its runs keep within them together;
    `stopped` breaks waits off. Raises Invalid for settings or a key that can't be right.
    """
    return kind_of(type).open(settings_of(type, settings), credentials, limits, stopped)
