"""After a run: who of the accepted is really on the list, and who isn't, with the likely why."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

import polars as pl

from core.destinations import Destination, Known
from core.destinations.sample import MOST, Sample, sample
from core.texts import _

NAMED = 20  # of the missing, with their emails


class Why(StrEnum):
    """The likely reason why somebody who was accepted is not on the list."""

    refused = "refused"
    suppressed = "suppressed"
    double_opt_in = "double_opt_in"
    unexplained = "unexplained"


WORDS: dict[Why, str] = {  # with {destination}, its title
    Why.refused: _(
        "{destination} has no profile with this address: it refused it without saying so"
    ),
    Why.suppressed: _("suppressed in {destination}, so it may keep them off the list"),
    Why.double_opt_in: _("the list is double opt-in: they join once they confirm by email"),
    Why.unexplained: _("the reason is not known: {destination} may need a few more minutes"),
}


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who isn't on the list, and why; `detail` is its word for a suppression."""

    email: str
    why: Why
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """Of `accepted` people `asked` were looked for, all or a sample, and `on_list` were found.

    `missing` counts the others of those asked, `people` names the first of them, so whoever shows
    it has to mask it. `before` and `after` are the list's size in profiles, None where unknown.
    """

    accepted: int
    asked: int
    on_list: int
    missing: Mapping[Why, int]
    people: tuple[Absent, ...]
    before: int | None
    after: int | None

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {
            "missing": {str(why): n for why, n in self.missing.items()},
            "people": [{**asdict(one), "why": str(one.why)} for one in self.people],
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Arrived":
        """As `as_data` wrote it, whatever stands beside it."""
        values = {one.name: data[one.name] for one in fields(cls)}
        return cls(
            **values
            | {
                "missing": {Why(why): n for why, n in values["missing"].items()},
                "people": tuple(
                    Absent(**{**one, "why": Why(one["why"])}) for one in values["people"]
                ),
            }
        )


@dataclass(frozen=True, slots=True)
class Drift:
    """How a list has changed since run `since` of the same export, other than by this run.

    `grown` is its size before this run less that after the other one, in profiles; None where one
    isn't known. `other_runs`: runs of ours changed the list meanwhile, `late`: people who were sent
    before may have joined it only since. Of those whom the export sent earlier and who are
    unchanged, `asked` were looked for; `gone` are not on the list, `people` names the first of
    them, so whoever shows it has to mask it.
    """

    since: int | None
    grown: int | None
    other_runs: bool
    late: bool
    double_opt_in: bool
    asked: int
    gone: int
    people: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"people": list(self.people)}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Drift":
        """As `as_data` wrote it."""
        return cls(**{**data, "people": tuple(data["people"])})


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a run found on its list: the size before it, and after its end, who is on it.

    `before` is the list's size in profiles, None where unknown; `arrived` and `drift` are None
    until the list was looked at after the end of the run, or where there was nothing to look for.
    """

    before: int | None = None
    double_opt_in: bool = False
    arrived: Arrived | None = None
    drift: Drift | None = None

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "before": self.before,
            "double_opt_in": self.double_opt_in,
            **(self.arrived.as_data() if self.arrived else {}),
            **({"drift": self.drift.as_data()} if self.drift else {}),
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "ReadBack":
        """As `as_data` wrote it, by this version or a former one."""
        return cls(
            before=data.get("before"),
            double_opt_in=bool(data.get("double_opt_in")),
            arrived=Arrived.read(data) if "asked" in data else None,
            drift=Drift.read(data["drift"]) if data.get("drift") else None,
        )


def gone_from(
    destination: Destination, list_id: str, earlier: pl.Series, *, most: int
) -> tuple[int, list[str]]:
    """Of people sent earlier, or `most` of them: how many were looked for, who isn't on the list.

    Raises DestinationFailed.
    """
    drawn = sample(earlier, most)
    if not drawn.emails:
        return 0, []
    there = destination.members_among(list_id, drawn.emails)
    return len(drawn.emails), sorted(set(drawn.emails) - there)


def read_back(
    destination: Destination,
    list_id: str,
    accepted: pl.Series | Iterable[str],
    *,
    before: int | None = None,
    most: int = MOST,
) -> Arrived:
    """Looks on the list for the people that a run's jobs accepted, or for `most` of them.

    `before` is the list's size when the run began. Raises DestinationFailed.
    """
    drawn = sample(accepted, most)
    absent = absent_from(destination, list_id, drawn.emails)
    after = destination.list_facts(list_id, count=True).profiles
    return replace(counted(drawn, absent), before=before, after=after)


def absent_from(destination: Destination, list_id: str, emails: Collection[str]) -> list[Absent]:
    """Those of the emails, in lower case, that are not on the list, each with the likely reason.

    Raises DestinationFailed.
    """
    missing = sorted(set(emails) - destination.members_among(list_id, emails))
    if not missing:
        return []
    known = destination.known(missing, list_id)
    double = bool(destination.list_facts(list_id).double_opt_in)
    return [_absent(email, known.get(email), double) for email in missing]


def counted(drawn: Sample, absent: Sequence[Absent]) -> Arrived:
    """Of people that were looked for, those that are not on the list; its size is not known."""
    return Arrived(
        accepted=drawn.of,
        asked=len(drawn.emails),
        on_list=len(drawn.emails) - len(absent),
        missing=dict(Counter(one.why for one in absent)),
        people=tuple(absent[:NAMED]),
        before=None,
        after=None,
    )


def _absent(email: str, known: Known | None, double_opt_in: bool) -> Absent:
    """Suppressed comes first: who is, gets no mail that asks to confirm either."""
    if known is None:
        return Absent(email, Why.refused)
    if known.suppressions:
        return Absent(email, Why.suppressed, ", ".join(known.suppressions))
    return Absent(email, Why.double_opt_in if double_opt_in else Why.unexplained)
