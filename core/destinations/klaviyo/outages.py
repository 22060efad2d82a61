"""What it means when no proper answer comes: each kind becomes a sentence of its own."""

from datetime import datetime

import httpx

from core.destinations.klaviyo.failures import Call
from core.destinations.klaviyo.unreached import unreached, untrusted
from core.errors import AnswerLost, DestinationFailed, Rejected, Unavailable
from core.texts import _

# With these nothing of the request has left, or not all of it, so it can't have arrived.
BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)


def outage(call: Call, error: httpx.RequestError, now: datetime) -> DestinationFailed:
    """The error that a broken exchange stands for; it is for the caller to raise."""
    if isinstance(error, BEFORE_SENDING) or untrusted(error):
        return unreached(call, error, now)
    return lost(call, _broken_off(call, error))


def garbled(call: Call) -> Unavailable:
    """An answer that is no JSON at all."""
    return lost(
        call,
        _(
            "{host} answered with something that isn't Klaviyo's JSON. Something in between may be"
            " in the way, such as a proxy; try again a little later."
        ).format(host=call.host),
    )


def misshapen(call: Call, place: str) -> DestinationFailed:
    """Proper JSON of another shape; `place` names the part that is missing or odd."""
    sentence = _(
        "Klaviyo's answer is missing “{place}”, or has something odd there. Check the revision"
        " ({revision}) of the connection, or update this program."
    ).format(place=place, revision=call.revision)
    return Rejected(sentence) if call.repeatable else AnswerLost(sentence)


def lost(call: Call, sentence: str) -> Unavailable:
    """Unavailable, or AnswerLost where the request mustn't be repeated without looking."""
    return Unavailable(sentence) if call.repeatable else AnswerLost(sentence)


def _broken_off(call: Call, error: httpx.RequestError) -> str:
    if isinstance(error, httpx.TimeoutException):
        text = _("{host} didn't answer in time. Try again a little later.")
    else:
        text = _("{host} closed the connection before its answer was complete. Try again.")
    return text.format(host=call.host)
