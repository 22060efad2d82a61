"""Delivers one batch so that nothing gets lost: bad rows are taken out, lost answers looked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.destinations import Destination, Outcome, Receipt
from core.destinations.trimming import without
from core.errors import AnswerLost, Rejected, RowsRejected, Stopped, TooLarge, Unavailable
from core.texts import _

ROUNDS = 100  # times that bad rows are taken out of one batch before its rest is left undelivered
LOSSES = 3  # answers lost in a row before the batch is left in doubt


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one batch got; every place is one in the batch, from 0.

    Each profile is in exactly one of: the job of `receipt`, or at once `outcome` where there are no
    jobs, `refused` (with the destination's words), `undelivered` (the destination went on finding
    bad rows; a retry may send these). `too_large`: the only one was refused for its size.
    `trimmed` were sent without the optional fields that were refused.
    """

    receipt: Receipt | None
    refused: Mapping[int, str] = field(default_factory=dict)
    undelivered: tuple[int, ...] = ()
    too_large: bool = False
    trimmed: frozenset[int] = frozenset()
    outcome: Outcome | None = None  # its places are those of the profiles that aren't in `refused`


def deliver(
    destination: Destination,
    list_id: str | None,
    bodies: Sequence[str],
    *,
    joining: str | None = None,
    since: datetime,
    known: Collection[str],
    in_doubt: bool = False,
    rounds: int = ROUNDS,
) -> Sent:
    """Sends a batch until it is in a job, its bad rows are out, or `rounds` rounds are over.

    `joining` is that of `Destination.send`. `since` is when its first attempt began, by our clock;
    `known` are the ids of the jobs of this account that are accounted for; `in_doubt` says that an
    earlier attempt may have arrived (a crash, an AnswerLost), so that its job is looked for first.
    A batch may arrive twice, never not at all. Raises Rejected (nothing of it can arrive),
    Unavailable or Stopped (it has not arrived), AnswerLost (it may have: call again with
    `in_doubt`), TooLarge (nothing of it has arrived: send less of it at a time).
    A profile that is refused for optional fields alone is sent once more without them.
    """
    batch = _Batch(list(bodies))
    for _round in range(rounds):
        if not (left := batch.left()):
            break
        try:
            rest = [batch.bodies[place] for place in left]
            attempt = _Attempt(destination, list_id, rest, joining, since, known)
            return batch.sent(attempt.arrive(in_doubt))
        except RowsRejected as error:
            batch.take_out(_named(destination, error, left), error, left)
        except TooLarge as error:
            if len(bodies) > 1:
                raise
            return Sent(None, {0: str(error)}, too_large=True)
    return Sent(None, batch.refused, tuple(batch.left()))


@dataclass(slots=True)
class _Batch:
    """The profiles of one batch: as they are sent now, and which are out of it."""

    bodies: list[str]
    refused: dict[int, str] = field(default_factory=dict)  # by place, in the destination's words
    trimmed: set[int] = field(default_factory=set)  # places of those without optional fields

    def left(self) -> list[int]:
        """The places of those that aren't refused."""
        return [place for place in range(len(self.bodies)) if place not in self.refused]

    def take_out(self, named: dict[int, str], error: RowsRejected, left: list[int]) -> None:
        """Takes out the named; those refused for optional fields alone stay, without them, once."""
        again = {left[row]: paths for row, paths in error.without.items() if row < len(left)}
        for place, paths in again.items():
            if place not in self.trimmed and (less := without(self.bodies[place], paths)):
                self.bodies[place] = less
                self.trimmed.add(place)
                named.pop(place, None)
        self.refused |= named

    def sent(self, taken: Receipt | Outcome) -> Sent:
        """What became of the batch, now that the destination has taken what is left of it."""
        trimmed = frozenset(self.trimmed.intersection(self.left()))
        if isinstance(taken, Receipt):
            return Sent(taken, self.refused, trimmed=trimmed)
        return Sent(None, self.refused, trimmed=trimmed, outcome=taken)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request's profiles, on their way."""

    destination: Destination
    list_id: str | None
    bodies: Sequence[str]
    joining: str | None
    since: datetime
    known: Collection[str]

    def arrive(self, in_doubt: bool) -> Receipt | Outcome:
        """Sends, looking for the job first whenever an earlier answer was lost."""
        loss = AnswerLost(_("It is not known whether the batch arrived."))
        for _attempt in range(LOSSES):
            if in_doubt and (receipt := self._look()):
                return receipt
            try:
                return self.destination.send(self.list_id, self.bodies, self.joining)
            except AnswerLost as error:
                loss, in_doubt = error, True
            except (Unavailable, Stopped) as error:
                if in_doubt:
                    raise _still_lost(error) from error
                raise
        if receipt := self._look():
            return receipt
        raise loss

    def _look(self) -> Receipt | None:
        """The job of an earlier attempt. Without jobs nothing can be found: it is sent again."""
        jobs = self.destination.jobs
        if jobs is None:
            return None
        try:
            return jobs.find(self.list_id, len(self.bodies), self.since, self.known)
        except (Unavailable, Stopped) as error:
            raise _still_lost(error) from error
        except Rejected:
            return None  # whoever can't look may still send again: what arrives twice does no harm


def _still_lost(error: Unavailable | Stopped) -> AnswerLost:
    """What this attempt ran into can't undo that an earlier one may have arrived."""
    if isinstance(error, Stopped):
        return AnswerLost(_("Stopped while it was not known whether the batch had arrived."))
    return AnswerLost(str(error), error.retry_after)


def _named(destination: Destination, error: RowsRejected, left: list[int]) -> dict[int, str]:
    """The reasons by place in the batch. Raises Rejected when they fit no row of the request."""
    named = {left[row]: words for row, words in error.rows.items() if row < len(left)}
    if not named:
        words = "; ".join(sorted(set(error.rows.values()))[:3])
        text = _(
            "{destination} refused the batch for rows that aren't in it. {destination} "
            "says: “{words}”"
        )
        title = destination.capabilities.title
        raise Rejected(text.format(destination=title, words=words)) from error
    return named
