"""What a destination declares of itself, as data: so no other room needs to know any of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.layout import Layout
from core.texts import _


class Standing(StrEnum):
    """Where a person stands with mail, whatever words the destination has for it."""

    subscribed = "subscribed"
    unsubscribed = "unsubscribed"
    never = "never"


@dataclass(frozen=True, slots=True)
class ConsentWord:
    """One of the destination's words for a person's consent: where they stand, and for people."""

    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run costs at the destination, as far as it can be foretold."""

    requests_a_run: int
    requests_a_batch: int
    seconds_a_batch: float
    seconds_to_finish: float  # of each run, after its last batch
    people_a_question: int = 100  # people asked about by email in one request
    requests_a_person: float = 0.0
    seconds_a_person: float = 0.0


@dataclass(frozen=True, slots=True)
class Key:
    """The secret that opens an account, in words for people."""

    label: str  # what it is called there
    help: str  # where it is found
    missing: str  # a sentence for whoever left it empty
    lacking: str  # what to do where a connection's lacks scopes: with {scopes}
    scopes: Mapping[str, str]  # what it must be allowed to do, and what for
    needed: frozenset[str]  # scopes without which no run may begin
    another: str | None = None  # what it is called in place of a former one; else like `label`
    # scopes that no run needs, and what each lets people see; without one they see less
    optional: Mapping[str, str] = field(default_factory=dict)
    # scopes of writing that no run needs, and what each is for: they show only when they are used
    erasing: Mapping[str, str] = field(default_factory=dict)
    untried: str = _("It lacks {scopes}.")  # the same as `lacking`, before there is a connection
    proven: str = _("It has every scope that is needed.")  # once nothing is found to be missing


@dataclass(frozen=True, slots=True)
class Agreement:
    """The words on data privacy. Whoever changes a word gives it a new version, an ISO date."""

    version: str
    words: str


@dataclass(frozen=True, slots=True)
class BillingWords:
    """How a destination bills profiles, in words for people."""

    why: str
    plan: str  # label of the number of profiles that the plan includes
    active: str  # label of the number of active profiles
    beyond: str  # what happens beyond the plan, a sentence
    scope: str | None = None  # with which the numbers are read and needn't be entered


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All that other rooms have to know of a destination; what it can't do is left out."""

    title: str
    layout: Layout
    cost: Cost
    key: Key
    agreement: Agreement
    consents: Mapping[str, ConsentWord]  # by the words of `Known.consent`
    suppressions: Mapping[str, str] = field(default_factory=dict)  # why somebody gets no mail
    # how people join a list, as a choice of the export: its key in a file, its words. The first
    # one is what happens without a choice. Empty: there is no choice.
    joinings: Mapping[str, str] = field(default_factory=dict)
    double_opt_in: bool = True  # lists may ask people to confirm
    joins_suppressed: bool = True  # whoever gets no mail may be put on a list all the same
    never_emptied: frozenset[str] = frozenset()  # fields that keep what they once were given
    # The guard's sentence on what mails those who join a list: so many people, by these names.
    mailings: Callable[[int, str], str] | None = None
    campaigns: bool = False  # scheduled campaigns to a list can be seen, with their times
    billing: BillingWords | None = None
    # Where people look at a list, by the address of the API and the list's id; None where nobody
    # can, such as at a stand-in for it.
    list_page: Callable[[str, str], str | None] = lambda _base_url, _list_id: None
