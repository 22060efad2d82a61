"""The guards as sentences, each with its number: for the form, the export's page and held runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.configuration.export import Guards, Mode
from core.destinations.capabilities import Capabilities
from core.runs.guards.mailings import CROWD
from core.runs.guards.people import FEW, GROWN
from core.store.tables.runs import AGENT
from core.texts import _, many

NAMES = tuple(Guards.model_fields)
DEFAULTS = Guards()
OFF = 100.0  # percent: nothing is more than all of it
NEVER = 1_000_000.0  # percent: no list grows by so much in one run


@dataclass(frozen=True, slots=True)
class GuardWords:
    """What a guard is called, its sentence, what there is to know, what it means to have none."""

    name: str
    sentence: str  # with {n} where it has a number, in percent
    about: str
    off: str


WORDS = {
    "remove": GuardWords(
        _("People taken off"),
        _("Hold the run when more than {n} % of the list would leave."),
        _("Of those that exports put on the list. {few} people may always leave.").format(few=FEW),
        _("No run is held for people who leave, however many."),
    ),
    "add": GuardWords(
        _("People added"),
        _("Hold the run when the list would grow by more than {n} %."),
        _("Once the list has {grown} people.").format(grown=f"{GROWN:,}"),
        _("No run is held for people who join, however many."),
    ),
    "shrink": GuardWords(
        _("Members lost"),
        _("Hold the run when the segments have lost more than {n} % of their members."),
        _("Since the last run; also when they are empty."),
        _("No run is held for segments that shrink, or are empty."),
    ),
    "reject": GuardWords(
        _("Profiles rejected"),
        _("Hold the run when more than {n} % of the profiles are rejected."),
        _("People that the export excludes or skips don't count."),
        _("No run is held for rejected profiles, however many."),
    ),
    "identifiers": GuardWords(
        _("Profiles that share an identifier"),
        _("Hold the run when more than {n} % of the profiles share an identifier with others."),
        _("An external ID or a phone number: the destination may merge such profiles."),
        _("No run is held for profiles that share an external ID or a phone number."),
    ),
    "columns": GuardWords(
        _("A column whose type changed"),
        _("Hold the run when the type of a matched column has changed."),
        _("Since the last run: text in place of numbers, for example."),
        _("No run is held for a column whose type has changed."),
    ),
    "flows": GuardWords(
        _("Emails to many new people"),
        _("Hold the run when {crowd} people or more would join a list that emails them.").format(
            crowd=f"{CROWD:,}"
        ),
        _("A list that triggers live flows emails everyone who joins."),
        _("No run is held for emails that joining the list triggers."),
    ),
    "billing": GuardWords(
        _("No room in the plan"),
        _("Hold the run when it creates more profiles than the account’s plan has room for."),
        _("If the size of the plan is read from the destination or entered at the connection."),
        _("No run is held for profiles beyond the plan."),
    ),
    "campaigns": GuardWords(
        _("A campaign that is about to be sent"),
        _("Hold the run from {n} h before a scheduled campaign to the list."),
        _("Also to a segment of the list, and whenever campaigns can't be seen or read."),
        _("No run is held for a campaign that is about to be sent."),
    ),
    "age": GuardWords(
        _("Old data"),
        _("Hold the run when the data of the source is older than {n} h."),
        _("By the field of dates that the source names for it, else by the time of its files."),
        _("No run is held for old data, however old."),
    ),
    "dbt": GuardWords(
        _("Failures in dbt"),
        _("Hold the run when dbt found the source’s model failing, or what it is made of too old."),
        _("By its last results: tests with errors, a model that wasn't built, stale sources."),
        _("No run is held for what dbt found."),
    ),
}

# Guards in hours, off by default: with how many they are switched on, and the most there may be.
HOURS = {"campaigns": (2.0, 168.0), "age": (24.0, 8_760.0)}

BRIEF = {  # of those about the list, in a line of several
    "remove": _("{n} % leave"),
    "add": _("{n} % join"),
    "shrink": _("{n} % fewer members"),
    "reject": _("{n} % rejected"),
}


def offered(mode: Mode, destination: Capabilities, of_dbt: bool) -> list[str]:
    """The guards that can hold a run of this mode at all, in the order of the settings.

    `of_dbt`: whether its source is a model of dbt.
    """
    touches_list = mode is not Mode.update
    can = {
        "remove": mode is Mode.mirror,
        "add": touches_list,
        "reject": touches_list,
        "shrink": touches_list,
        "flows": touches_list and destination.mailings is not None,
        "billing": destination.billing is not None,
        "campaigns": touches_list and destination.campaigns,
        "dbt": of_dbt,
    }
    return [name for name in NAMES if can.get(name, True)]


def off_value(name: str) -> float | bool:
    """What switches the guard off."""
    if isinstance(getattr(DEFAULTS, name), bool):
        return False
    if name in HOURS:
        return 0.0
    return NEVER if name == "add" else OFF


def on_value(name: str) -> float:
    """The number with which a guard is switched on that is off by default."""
    return HOURS[name][0] if name in HOURS else float(getattr(DEFAULTS, name))


def most(name: str) -> float | None:
    """The largest number of the guard; None where there is none."""
    if name in HOURS:
        return HOURS[name][1]
    return None if name == "add" else OFF


def is_off(name: str, value: float | bool) -> bool:
    """Whether nothing can cross the guard with this value."""
    off = off_value(name)
    if name in HOURS:
        return value <= off
    return value is off if isinstance(off, bool) else value >= off


def switched_off(values: Mapping[str, float | bool]) -> int:
    """How many guards are off that are on by default."""
    return sum(
        is_off(name, value) and not is_off(name, getattr(DEFAULTS, name))
        for name, value in values.items()
    )


def sentence(name: str, value: float | bool) -> str:
    """The guard with its number, or that it is switched off."""
    if name == AGENT:
        return _("Hold every run that an agent requested.")
    words = WORDS[name]
    if is_off(name, value):
        return _("Switched off. {what}").format(what=words.off)
    return words.sentence.format(n=f"{value:g}")


def brief(guards: Guards, mode: Mode, destination: Capabilities, of_dbt: bool) -> str:
    """One short line: those about the list with their numbers, how many more are on and off."""
    values = {name: getattr(guards, name) for name in offered(mode, destination, of_dbt)}
    on = {name: value for name, value in values.items() if not is_off(name, value)}
    if not on:
        return _("All guards are switched off")
    named = [BRIEF[name].format(n=f"{value:g}") for name, value in on.items() if name in BRIEF]
    if more := len(on) - len(named):
        named.append(many("{n} more guard", "{n} more guards", more))
    if off := switched_off(values):
        named.append(_("{n} off").format(n=off))
    return _("Guards: {guards}").format(guards=" · ".join(named))
