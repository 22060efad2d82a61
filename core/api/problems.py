"""What the API can't do, as problem details (RFC 9457): a status and a sentence."""

import math
from http import HTTPStatus
from typing import Any

from core.errors import (
    Conflict,
    Denied,
    DestinationFailed,
    Invalid,
    SegferryError,
    SourceFailed,
    StorageFailed,
    Unknown,
)
from core.masking import sentence
from core.texts import _

MEDIA = "application/problem+json"
AWAY = 10  # seconds after which a database that is away is worth another try
STATUS: tuple[tuple[type[SegferryError], int], ...] = (  # the first that fits counts
    (Unknown, 404),
    (Denied, 404),  # whether it is there is nothing that this token may know
    (Invalid, 422),
    (Conflict, 409),
    (SourceFailed, 502),
    (DestinationFailed, 502),
    (StorageFailed, 503),
)


class Problem(Exception):
    """What is answered instead: `retry_after` is in seconds, `headers` go with it."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        retry_after: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["retry-after"] = str(math.ceil(retry_after))

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        title = HTTPStatus(self.status).phrase
        return {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}


def absent() -> Problem:
    """For whatever is not this token's, whether it exists or not."""
    return Problem(404, _("There is nothing here for this token."))


def translated(error: SegferryError) -> Problem:
    """The error as what is answered; what it quotes of people is masked."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    if status == 404:
        return absent()
    return Problem(status, sentence(str(error)), retry_after=AWAY if status == 503 else None)
