"""What listmonk's refusals mean: each becomes a sentence that says what to do.

Most of its words come in the language that the server is set to, so they are quoted and not read;
read are only those that its source holds in English. "Not found" is a 400 with it, "not signed in"
a 403, and trouble with one value a 500 in the words of its database.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from core.destinations.exchange import retry_after
from core.destinations.http import Response
from core.destinations.listmonk.answers import words_of
from core.destinations.listmonk.auth import is_unknown
from core.destinations.listmonk.endpoints import LISTS, PEOPLE, Endpoint
from core.destinations.listmonk.settings import LEAST, SCOPES
from core.destinations.windows import Rate
from core.errors import (
    AnswerLost,
    DestinationFailed,
    Forbidden,
    Missing,
    NotAccepted,
    Rejected,
    Unavailable,
)
from core.texts import _

# listmonk sets no limits of its own; one connection asks one thing after another anyway.
RATE = Rate("listmonk", 1_000, 60_000)
PERMISSION = re.compile(r"\b[a-z]+:[a-z_]+\b")
OF_ANOTHER_LIST = re.compile(r"\bsubscriber: \d+")
# Where one of two permissions would do, listmonk names the narrower one.
BROAD = {"subscribers:get": "subscribers:get_all", "campaigns:get": "campaigns:get_all"}
UNKNOWN_LIST = "violates foreign key"  # words of PostgreSQL's driver
BAD_VALUE = re.compile("invalid input|invalid byte|Unicode|too long|duplicate key")
WORDS = 600  # characters of listmonk's own words in one sentence of ours
TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
OF_OTHERS = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)


class AlreadyThere(Rejected):
    """Somebody has this address already, so nobody was created."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as its failure has to name it; `subject` is the id that it is about."""

    endpoint: Endpoint
    account: str
    host: str
    subject: str = ""
    size: int = 0  # bytes of its body
    repeatable: bool = True  # harmless to send again without looking first
    proxy: str = ""  # host and port of what is in between, if anything is

    @property
    def title(self) -> str:
        """listmonk's name."""
        return "listmonk"

    @property
    def rate(self) -> Rate:
        """One for all."""
        return RATE

    @property
    def advice(self) -> str:
        """What to do where an answer has another shape than is known."""
        return _("Check the address of the connection, and update listmonk or Segferry.")

    @property
    def server(self) -> str:
        """The server, as a sentence names it."""
        return _("listmonk at {name}").format(name=self.account or self.host)


def failure(call: Call, response: Response) -> DestinationFailed:
    """The error that this answer stands for; it is for the caller to raise."""
    status, words = response.status_code, words_of(response)
    if is_unknown(response):
        return NotAccepted(_with_words(_not_accepted(call), words))
    if status == HTTPStatus.FORBIDDEN and words:
        lacking = _lacking(call, words)
        return Forbidden(_with_words(_forbidden(call, lacking), words), lacking)
    if UNKNOWN_LIST in words or _is_missing(call, status, words):
        return Missing(_missing(call))
    if _is_bad_value(call, status, words):
        return Rejected(_with_words(_refused(call), words))
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _troubled(call, response, words)
    return _rejected(call, response, words)


def _rejected(call: Call, response: Response, words: str) -> Rejected:
    status = response.status_code
    if response.is_redirect:
        return Rejected(_elsewhere(call))
    if status == HTTPStatus.CONFLICT:
        return AlreadyThere(_with_words(_refused(call), words))
    if status in OF_OTHERS or not words:
        return Rejected(_too_large(call) if status in TOO_LARGE else _not_listmonk(call, status))
    return Rejected(_with_words(_refused(call), words))


def _is_missing(call: Call, status: int, words: str) -> bool:
    """Not to be found; a 400 about a person's data is about the data, where it was sent."""
    if status != HTTPStatus.BAD_REQUEST or call.endpoint.of not in (LISTS, PEOPLE):
        return False
    return bool(words) and (not call.size or f"({call.subject}:" in words)


def _is_bad_value(call: Call, status: int, words: str) -> bool:
    """Whether the database can't take something of one person: sending it again can't help."""
    if call.endpoint.name not in ("create", "change"):
        return False
    return status == HTTPStatus.INTERNAL_SERVER_ERROR and bool(BAD_VALUE.search(words))


def _troubled(call: Call, response: Response, words: str) -> Unavailable:
    wait, status = retry_after(response), response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        text = _("{host} is receiving too many requests. Try again a little later.")
        return Unavailable(text.format(host=call.host), retry_after=wait)
    text = _("{server} has a problem of its own (status {status}). Try again a little later.")
    kind = Unavailable if call.repeatable else AnswerLost
    sentence = text.format(server=call.server, status=status)
    return kind(_with_words(sentence, words), retry_after=wait)


def _not_accepted(call: Call) -> str:
    return _(
        "{server} doesn't accept the API user. It may have been deleted, or disabled: make a new"
        " one in listmonk (Admin, Users, type API), and enter NAME:TOKEN in the connection."
    ).format(server=call.server)


def _forbidden(call: Call, lacking: tuple[str, ...]) -> str:
    return _(
        "The API user of {server} lacks a permission: {scopes}. Give it a role with {least} in"
        " listmonk, Admin, User roles."
    ).format(
        server=call.server,
        scopes=", ".join(lacking),
        least=", ".join(dict.fromkeys([*SCOPES, *lacking])),
    )


def _lacking(call: Call, words: str) -> tuple[str, ...]:
    """The permissions that listmonk names, else all that the call needs."""
    if named := PERMISSION.findall(words):
        return tuple(dict.fromkeys(BROAD.get(name, name) for name in named))
    if OF_ANOTHER_LIST.search(words):
        return ("lists:get_all",)
    return ("lists:manage_all",) if call.endpoint.name == "subscriptions" else call.endpoint.scopes


def _missing(call: Call) -> str:
    if call.endpoint.of == PEOPLE:
        return _("There is no profile “{id}” in {server} any more: it was deleted there.").format(
            id=call.subject, server=call.server
        )
    return _(
        "There is no list “{list_id}” in {server}. Choose another list in the export, or check"
        " whether it was deleted in listmonk."
    ).format(list_id=call.subject, server=call.server)


def _refused(call: Call) -> str:
    if call.endpoint.name in ("create", "change"):
        return _("listmonk refused this profile.")
    return _("{server} refused the request.").format(server=call.server)


def _elsewhere(call: Call) -> str:
    return _(
        "{host} redirects to another address, and the API user's token is not sent there. "
        "Check the address of the connection."
    ).format(host=call.host)


def _not_listmonk(call: Call, status: int) -> str:
    return _(
        "{host} has no usable listmonk at {path} (status {status}). Check the address of "
        "the connection; listmonk has to be version {least} or newer."
    ).format(host=call.host, path=call.endpoint.path, status=status, least=LEAST)


def _too_large(call: Call) -> str:
    return _(
        "{host} finds the request too large ({n} bytes). Ask whoever runs the web server in front"
        " of listmonk to allow bodies of 1 MB and lines of 8 KB."
    ).format(host=call.host, n=f"{call.size:,}")


def _with_words(sentence: str, words: str) -> str:
    if not words:
        return sentence
    words = words if len(words) <= WORDS else words[:WORDS] + "…"
    return _("{sentence} listmonk says: “{words}”").format(sentence=sentence, words=words)
