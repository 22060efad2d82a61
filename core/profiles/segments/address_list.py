"""A list of addresses that a rule names: what is kept of it in rules, and its addresses in use."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import Invalid
from core.texts import _

MOST = 100_000  # addresses of a list
MOST_IN_DATABASES = 10_000  # of one that a database compares: it gets each in the statement
WRONG = _("an address list is its name, as in “VIP”")


class AddressList(BaseModel):
    """Which list a rule means: by its name, how many addresses it has, and a keyed hash of them.

    Its addresses, as they are sent, are there only while it is compared; they are never part of
    what is written of this value, nor of what makes two of them equal.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    count: Annotated[int, Field(ge=0)]
    digest: str
    addresses: tuple[str, ...] | None = Field(default=None, exclude=True, repr=False)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same list with the same addresses."""
        return isinstance(other, AddressList) and self._known == other._known

    def __hash__(self) -> int:
        """By what makes two of them equal."""
        return hash(self._known)

    @property
    def _known(self) -> tuple[str, int, str]:
        return self.name, self.count, self.digest

    def with_addresses(self, addresses: tuple[str, ...]) -> "AddressList":
        """The same, to be compared; without validation, for there may be many."""
        return self.model_copy(update={"addresses": addresses})


def is_reference(value: object) -> bool:
    """Whether a mapping is one of these, as JSON has it."""
    return isinstance(value, dict) and "digest" in value


def read(value: Any) -> AddressList:
    """From what was written of one. Raises ValueError, with a sentence."""
    try:
        return AddressList.model_validate(value)
    except ValidationError:
        raise ValueError(WRONG) from None


def addresses_of(value: object) -> tuple[str, ...]:
    """The addresses of a list that is to be compared. Raises Invalid where nobody has read it."""
    if isinstance(value, AddressList) and value.addresses is not None:
        return value.addresses
    name = value.name if isinstance(value, AddressList) else value
    raise Invalid(_("The address list “{name}” has not been read.").format(name=name))
