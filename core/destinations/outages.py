"""What it means when no proper answer comes: each kind becomes a sentence of its own."""

from datetime import datetime

from core.destinations.calls import Call
from core.destinations.http import (
    BEFORE_SENDING,
    LONGEST_ANSWER,
    RequestError,
    TimeoutException,
    TooLong,
)
from core.destinations.unreached import unreached, untrusted
from core.errors import AnswerLost, DestinationFailed, Rejected, Unavailable
from core.texts import _


def outage(call: Call, error: RequestError, now: datetime) -> DestinationFailed:
    """The error that a broken exchange stands for; it is for the caller to raise."""
    if isinstance(error, TooLong):
        return _too_long(call)
    if isinstance(error, BEFORE_SENDING) or untrusted(error):
        return unreached(call, error, now)
    return lost(call, _broken_off(call, error))


def garbled(call: Call) -> Unavailable:
    """An answer that is no JSON at all."""
    return lost(
        call,
        _(
            "{host} answered with something that isn't {title}'s JSON. Something in between "
            "may be the cause, such as a proxy; try again a little later."
        ).format(host=call.host, title=call.title),
    )


def misshapen(call: Call, place: str) -> DestinationFailed:
    """Proper JSON of another shape; `place` names the part that is missing or odd."""
    sentence = _(
        "{title}'s answer is missing “{place}”, or has something unexpected there. {advice}"
    ).format(title=call.title, place=place, advice=call.advice)
    return Rejected(sentence) if call.repeatable else AnswerLost(sentence)


def lost(call: Call, sentence: str) -> Unavailable:
    """Unavailable, or AnswerLost where the request mustn't be repeated without looking."""
    return Unavailable(sentence) if call.repeatable else AnswerLost(sentence)


def _too_long(call: Call) -> DestinationFailed:
    """An answer that goes on and on: what was read of it is of no use."""
    sentence = _(
        "{host} answered with more than {n} MB, more than any answer of {title}, so the "
        "rest was not read. Check the address of the connection, and whether a proxy "
        "answers for it."
    ).format(host=call.host, n=LONGEST_ANSWER // 1_000_000, title=call.title)
    return Rejected(sentence) if call.repeatable else AnswerLost(sentence)


def _broken_off(call: Call, error: RequestError) -> str:
    if isinstance(error, TimeoutException):
        text = _("{host} didn't answer in time. Try again a little later.")
    else:
        text = _("{host} closed the connection before its answer was complete. Try again.")
    return text.format(host=call.host)
