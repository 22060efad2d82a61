"""Delivers one batch so that nothing gets lost: bad rows are taken out, lost answers looked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.destinations import Destination, Receipt
from core.errors import AnswerLost, Rejected, RowsRejected, Stopped, Unavailable
from core.texts import _

ROUNDS = 100  # times that bad rows are taken out of one batch before its rest is left undelivered
LOSSES = 3  # answers lost in a row before the batch is left in doubt


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one batch got; every place is one in the batch, from 0.

    Each profile is in exactly one of: the job of `receipt`, `refused` (with the destination's
    words), `undelivered` (the destination went on finding bad rows; a retry may send these).
    """

    receipt: Receipt | None
    refused: Mapping[int, str] = field(default_factory=dict)
    undelivered: tuple[int, ...] = ()


def deliver(
    destination: Destination,
    list_id: str | None,
    bodies: Sequence[str],
    *,
    since: datetime,
    known: Collection[str],
    in_doubt: bool = False,
    rounds: int = ROUNDS,
) -> Sent:
    """Sends a batch until it is in a job, its bad rows are out, or `rounds` rounds are over.

    `since` is when its first attempt began, by our clock; `known` are the ids of the jobs of this
    account that are accounted for; `in_doubt` says that an earlier attempt may have arrived (a
    crash, an AnswerLost), so that its job is looked for first. A batch may arrive twice, never
    not at all. Raises Rejected (nothing of it can arrive), Unavailable or Stopped (it has not
    arrived), AnswerLost (it may have: call again with `in_doubt`).
    """
    refused: dict[int, str] = {}
    left = list(range(len(bodies)))
    for _round in range(rounds):
        if not left:
            break
        try:
            rest = [bodies[place] for place in left]
            receipt = _arrive(destination, list_id, rest, since, known, in_doubt)
        except RowsRejected as error:
            refused |= _named(error, left)
            left = _left(len(bodies), refused)
        else:
            return Sent(receipt, refused)
    return Sent(None, refused, tuple(left))


def _arrive(
    destination: Destination,
    list_id: str | None,
    bodies: Sequence[str],
    since: datetime,
    known: Collection[str],
    in_doubt: bool,
) -> Receipt:
    """Sends, looking for the job first whenever an earlier answer was lost."""
    loss = AnswerLost(_("Whether the batch arrived is not known."))
    for _attempt in range(LOSSES):
        if in_doubt and (receipt := _look(destination, list_id, len(bodies), since, known)):
            return receipt
        try:
            return destination.send(list_id, bodies)
        except AnswerLost as error:
            loss, in_doubt = error, True
        except (Unavailable, Stopped) as error:
            if in_doubt:
                raise _still_lost(error) from error
            raise
    if receipt := _look(destination, list_id, len(bodies), since, known):
        return receipt
    raise loss


def _look(
    destination: Destination,
    list_id: str | None,
    profiles: int,
    since: datetime,
    known: Collection[str],
) -> Receipt | None:
    try:
        return destination.find(list_id, profiles, since, known)
    except (Unavailable, Stopped) as error:
        raise _still_lost(error) from error
    except Rejected:
        return None  # whoever can't look may still send again: what arrives twice does no harm


def _still_lost(error: Unavailable | Stopped) -> AnswerLost:
    """What this attempt ran into can't undo that an earlier one may have arrived."""
    if isinstance(error, Stopped):
        return AnswerLost(_("Stopped while it was not known whether the batch had arrived."))
    return AnswerLost(str(error), error.retry_after)


def _named(error: RowsRejected, left: list[int]) -> dict[int, str]:
    """The reasons by place in the batch. Raises Rejected when they fit no row of the request."""
    named = {left[row]: words for row, words in error.rows.items() if row < len(left)}
    if not named:
        words = "; ".join(sorted(set(error.rows.values()))[:3])
        text = _("Klaviyo refuses the batch for rows that aren't in it. Klaviyo says: “{words}”")
        raise Rejected(text.format(words=words)) from error
    return named


def _left(profiles: int, refused: Mapping[int, str]) -> list[int]:
    return [place for place in range(profiles) if place not in refused]
