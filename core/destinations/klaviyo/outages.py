"""What it means when no proper answer comes: each kind becomes a sentence of its own."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from core.destinations.klaviyo.failures import Call
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


def outage(call: Call, error: httpx.RequestError) -> DestinationFailed:
    """The error that a broken exchange stands for; it is for the caller to raise."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Rejected(_untrusted(call))
    if isinstance(error, BEFORE_SENDING):
        return Unavailable(_unreached(call, error, causes))
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


def _untrusted(call: Call) -> str:
    return _(
        "The certificate of {host} can't be trusted, so nothing was sent. Check the address of the"
        " connection, this computer's clock, and whether a proxy opens encrypted traffic."
    ).format(host=call.host)


def _unreached(call: Call, error: httpx.RequestError, causes: list[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        text = _(
            "The name {host} can't be found. Check the address of the connection and whether this"
            " computer is online."
        )
    elif any(isinstance(cause, ssl.SSLError) for cause in causes):
        text = _(
            "No encrypted connection to {host} came about. Check the address of the connection and"
            " whether a proxy is in the way."
        )
    elif any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        text = _("{host} refuses connections: nothing listens there. Check the address.")
    elif isinstance(error, httpx.TimeoutException):
        text = _("{host} can't be reached in time. Check whether this computer is online.")
    else:
        text = _("{host} can't be reached. Check the network and the address of the connection.")
    return text.format(host=call.host)


def _broken_off(call: Call, error: httpx.RequestError) -> str:
    if isinstance(error, httpx.TimeoutException):
        text = _("{host} didn't answer in time. Try again a little later.")
    else:
        text = _("{host} closed the connection before its answer was complete. Try again.")
    return text.format(host=call.host)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__  # httpcore hides the cause: `from None`
