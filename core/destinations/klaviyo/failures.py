"""What Klaviyo's refusals mean: each status becomes a sentence that says what to do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from core.destinations.exchange import retry_after
from core.destinations.http import Response
from core.destinations.klaviyo.complaints import (
    Complaint,
    complaints_in,
    of_all_rows,
    optional_fields,
    rejected_rows,
)
from core.destinations.klaviyo.endpoints import Endpoint
from core.destinations.klaviyo.settings import SCOPES, revision_end
from core.destinations.windows import Rate
from core.errors import (
    AnswerLost,
    AuthorizationEnded,
    DestinationFailed,
    Forbidden,
    Missing,
    NotAccepted,
    Rejected,
    RowsRejected,
    TooLarge,
    Unavailable,
)
from core.texts import _, many

SCOPE = re.compile(r"\b[a-z-]+:(?:read|write)\b")
WORDS = 600  # characters of Klaviyo's own words in one sentence of ours
A_MINUTE = 60  # seconds; a longer wait is for the limit of a day
# Endpoints by what their subject is the id of.
OF_LISTS = frozenset({"list", "list_count", "import", "flows", "members", "take_off"})
OF_PROFILES = frozenset({"profile", "clear"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as its failure has to name it; `subject` is the id that it asked about."""

    endpoint: Endpoint
    account: str
    revision: str
    host: str
    subject: str = ""
    size: int = 0  # bytes of its body
    repeatable: bool = True  # harmless to send again without looking first
    proxy: str = ""  # host and port of what is in between, if anything is
    by_oauth: bool = False  # an authorization opened the account, not a private key

    @property
    def title(self) -> str:
        """Klaviyo's name."""
        return "Klaviyo"

    @property
    def rate(self) -> Rate:
        """The limits of the endpoint."""
        return self.endpoint.rate

    @property
    def advice(self) -> str:
        """What to do where an answer has another shape than is known."""
        return _("Check the revision ({revision}) of the connection, or update Segferry.").format(
            revision=self.revision
        )

    @property
    def account_name(self) -> str:
        """The account, as a sentence names it."""
        if self.account:
            return _("the Klaviyo account “{name}”").format(name=self.account)
        return _("this Klaviyo account")


def failure(call: Call, response: Response) -> DestinationFailed:
    """The error that this answer stands for; it is for the caller to raise."""
    complaints = complaints_in(response)
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _throttled(call, response)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _troubled(call, response)
    if response.is_redirect:
        return _elsewhere(call, response)
    if status == HTTPStatus.BAD_REQUEST and (rows := rejected_rows(complaints)):
        return RowsRejected(
            many("Klaviyo refused {n} profile.", "Klaviyo refused {n} profiles.", len(rows)),
            rows,
            optional_fields(complaints),
        )
    known = _SENTENCES.get(status)
    sentence = known(call, complaints) if known else _other(call, status)
    whole = _with_words(sentence, complaints)
    if status == HTTPStatus.FORBIDDEN:
        return Forbidden(whole, _lacking(call, complaints))
    if call.endpoint.name == "import":
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TooLarge(whole)
        if status == HTTPStatus.BAD_REQUEST and of_all_rows(complaints):
            return TooLarge(whole, by_rows=True)
    return _kind(call, status)(whole)


def _kind(call: Call, status: int) -> type[Rejected]:
    if status == HTTPStatus.UNAUTHORIZED:
        return AuthorizationEnded if call.by_oauth else NotAccepted
    return Missing if status == HTTPStatus.NOT_FOUND else Rejected


def _throttled(call: Call, response: Response) -> Unavailable:
    wait = retry_after(response)
    text = _("Klaviyo is receiving too many requests for {account}. Try again a little later.")
    if call.endpoint.name == "create_list" and (wait or 0) > A_MINUTE:
        text = _(
            "Klaviyo allows 150 new lists a day in one account, and {account} has reached "
            "that. Choose an existing list, or create this one tomorrow."
        )
    return Unavailable(text.format(account=call.account_name), retry_after=wait)


def _troubled(call: Call, response: Response) -> Unavailable:
    kind = Unavailable if call.repeatable else AnswerLost
    return kind(
        _("Klaviyo has a problem of its own (status {status}). Try again a little later.").format(
            status=response.status_code
        ),
        retry_after=retry_after(response),
    )


def _elsewhere(call: Call, response: Response) -> Rejected:
    return Rejected(
        _(
            "{host} redirects to another address ({target}), and the key is not sent there. "
            "Check the address of the connection."
        ).format(host=call.host, target=_host(response.headers.get("location", "")) or call.host)
    )


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _malformed(call: Call, _complaints: list[Complaint]) -> str:
    if call.endpoint.name in OF_PROFILES:
        return _("Klaviyo refused this profile in {account}.").format(account=call.account_name)
    if call.subject:
        text = _("Klaviyo refused the whole request about “{subject}” in {account}.")
        return text.format(subject=call.subject, account=call.account_name)
    return _("Klaviyo refused the whole request to {account}.").format(account=call.account_name)


def _unauthorized(call: Call, _complaints: list[Complaint]) -> str:
    if call.by_oauth:
        return withdrawn(call)
    return _(
        "Klaviyo doesn't accept the private key of {account}. It may have been deleted: make a"
        " new one in Klaviyo, Settings, API keys (it begins with pk_), and enter it in the"
        " connection."
    ).format(account=call.account_name)


def withdrawn(call: Call) -> str:
    """The sentence for an authorization that holds no longer."""
    return _(
        "Klaviyo withdrew the authorization of {account}: the app was removed there, or was not"
        " used for 90 days. Open the connection and authenticate again."
    ).format(account=call.account_name)


def _forbidden(call: Call, complaints: list[Complaint]) -> str:
    text = _(
        "The private key of {account} lacks a scope: {scopes}. A key's scopes can't be changed:"
        " make a new key in Klaviyo with {least}, and enter it in the connection."
    )
    if call.by_oauth:
        text = _(
            "The authorization of {account} lacks a scope: {scopes}. Give the app at Klaviyo the"
            " scopes {least}, then open the connection and authenticate again."
        )
    return text.format(
        account=call.account_name,
        scopes=", ".join(lacking := _lacking(call, complaints)),
        least=", ".join(dict.fromkeys([*SCOPES, *lacking])),
    )


def _lacking(call: Call, complaints: list[Complaint]) -> list[str]:
    """The scopes that Klaviyo names, else all that the call needs."""
    named = {s for c in complaints for s in SCOPE.findall(c.words)}
    return sorted(named) or list(call.endpoint.scopes)


def _not_found(call: Call, complaints: list[Complaint]) -> str:
    if any("revision" in f"{c.words} {c.pointer}".lower() for c in complaints):
        return _(
            "Klaviyo doesn't know the revision {revision} of its API. Check the revision of the"
            " connection."
        ).format(revision=call.revision)
    if call.endpoint.name in OF_PROFILES and call.subject:
        return _(
            "There is no profile “{id}” in {account} any more: it was deleted there, or merged"
            " with another one."
        ).format(id=call.subject, account=call.account_name)
    if call.endpoint.name in OF_LISTS and call.subject:
        return _(
            "There is no list “{list_id}” in {account}. Choose another list in the export, or"
            " check whether it was deleted in Klaviyo."
        ).format(list_id=call.subject, account=call.account_name)
    if call.subject:
        return _(
            "There is no import job “{job_id}” in {account}; Klaviyo forgets jobs after a week."
        ).format(job_id=call.subject, account=call.account_name)
    return _(
        "{host} has nothing at {path}. Check the address and the revision ({revision}) of the"
        " connection."
    ).format(host=call.host, path=call.endpoint.path, revision=call.revision)


def _conflicting(call: Call, _complaints: list[Complaint]) -> str:
    return _(
        "What was sent conflicts with what is already in {account}. Check the profile in "
        "Klaviyo, then retry."
    ).format(account=call.account_name)


def _retired(call: Call, _complaints: list[Complaint]) -> str:
    return _(
        "Klaviyo has retired revision {revision} of its API (its support ended on {day}). "
        "Choose a newer revision in the connection, or update Segferry."
    ).format(revision=call.revision, day=revision_end(call.revision))


def _too_large(call: Call, _complaints: list[Complaint]) -> str:
    if call.endpoint.name in OF_PROFILES:
        return _("Klaviyo finds the profile of {n} bytes too large; it takes 100 KB.").format(
            n=f"{call.size:,}"
        )
    return _(
        "{host} finds the request of {n} bytes too large: Klaviyo takes 5 MB, something in between"
        " may take less."
    ).format(host=call.host, n=f"{call.size:,}")


def _other(call: Call, status: int) -> str:
    return _("Klaviyo refused the request to {account} (status {status}).").format(
        account=call.account_name, status=status
    )


def _with_words(sentence: str, complaints: list[Complaint]) -> str:
    words = " ".join(dict.fromkeys(c.words for c in complaints if c.words))
    if not words:
        return sentence
    words = words if len(words) <= WORDS else words[:WORDS] + "…"
    return _("{sentence} Klaviyo says: “{words}”").format(sentence=sentence, words=words)


_SENTENCES: Mapping[int, Callable[[Call, list[Complaint]], str]] = {
    HTTPStatus.BAD_REQUEST: _malformed,
    HTTPStatus.UNAUTHORIZED: _unauthorized,
    HTTPStatus.FORBIDDEN: _forbidden,
    HTTPStatus.NOT_FOUND: _not_found,
    HTTPStatus.CONFLICT: _conflicting,
    HTTPStatus.GONE: _retired,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _too_large,
}
