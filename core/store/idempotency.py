"""Requests of the API that come twice: the same key within a day is answered by the same run."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from core.errors import Invalid
from core.store.database import moment
from core.store.tables.tokens import ApiRequest
from core.texts import _

REMEMBERED = timedelta(hours=24)


def once(
    session: Session,
    token_id: int,
    key: str | None,
    request: str,
    make: Callable[[Session], int | None],
) -> ApiRequest:
    """What came of the request, made now or by an earlier one with the same key.

    `make` does what is requested and gives the id of its run. Without a key it is always done, and
    nothing is kept. Raises Invalid for a key that another request had, and what `make` raises; then
    the key is free again. Of two at once the later transaction fails with Conflict, or waits.
    """
    now = moment(session)
    if key is None:
        return ApiRequest(token_id=token_id, key="", request=request, run_id=make(session), at=now)
    _forget_old(session)
    found = session.get(ApiRequest, (token_id, key))
    if found is None:
        found = ApiRequest(token_id=token_id, key=key, request=request, at=now)
        session.add(found)
        session.flush()  # before anything is done, so that of two at once only one does it
        found.run_id = make(session)
        session.add(found)
    elif found.request != request:
        text = _(
            "This idempotency key was used for another request in the last {n} hours. "
            "Send a new key with each new request."
        )
        raise Invalid(text.format(n=REMEMBERED // timedelta(hours=1)), "Idempotency-Key")
    return found


def _forget_old(session: Session) -> None:
    """A write at first: on SQLite it keeps all others out until the transaction ends."""
    oldest = moment(session) - REMEMBERED
    session.execute(sa.delete(ApiRequest).where(col(ApiRequest.at) <= oldest))
