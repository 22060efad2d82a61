"""Uploads go to the disk while they arrive: Streamlit, which keeps files in memory, gets a note.

The request is Streamlit's own, with its session and its token against forgery, and so is the field
in the browser, with its progress. Only the content of the file is taken out on the way.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.audience import kept
from core.server.file_form import FileForm
from core.settings import Settings

NOTE = b"This file was kept on the disk while it arrived."
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # Streamlit's name for an upload
FRAMING = (b"content-length", b"transfer-encoding")
AT_ONCE = 1 << 20  # bytes that are gathered before they are written
AROUND = 1 << 16  # bytes of a request that carries a file besides the file


class TooLarge(Exception):
    """More bytes than are allowed arrived."""


class TooMuch(Exception):
    """A person has uploaded as much as they may."""


def arrived(settings: Settings, owner: int, id: str) -> Path | None:
    """Where the content of an upload of that person is, if it was kept here."""
    path = kept.arrivals(settings, owner) / id
    return path if ID.fullmatch(id) and path.is_file() else None


def forget(request: Request, settings: Settings, owner: int) -> None:
    """Removes the upload that a request is about, unless it is somebody else's."""
    id = _id(request)
    if ID.fullmatch(id):
        (kept.arrivals(settings, owner) / id).unlink(missing_ok=True)


async def receive_file(
    request: Request, send: Send, app: ASGIApp, settings: Settings, owner: int
) -> None:
    """Keeps the file of a request, and passes the request on to `app` without its content.

    `owner` is the account of whoever sends it.
    """
    try:
        form = await _keep(request, settings, owner)
    except ClientDisconnect:
        return
    except (TooLarge, TooMuch, FormParserError, OSError) as error:
        await _refusal(error, settings)(request.scope, request.receive, send)
        return
    statuses: list[int] = []
    await app(_with_length(request.scope, len(form)), _given(form), _noting(send, statuses))
    if statuses != [204]:
        await run_in_threadpool(forget, request, settings, owner)


async def _keep(request: Request, settings: Settings, owner: int) -> bytes:
    """Writes the file of a request to the disk; gives the same form with a note in its place.

    Raises TooLarge, TooMuch, FormParserError for what isn't one file, OSError of the disk.
    """
    id, limit = _id(request), settings.max_upload << 20
    length = request.headers.get("content-length", "")
    if not ID.fullmatch(id):
        raise FormParserError("no upload of a page")
    if length.isdecimal() and int(length) > limit + AROUND:
        raise TooLarge
    form = FileForm(request.headers.get("content-type", ""))
    folder = kept.arrivals(settings, owner)
    file = await run_in_threadpool(_begun, folder / f"{id}.part")
    try:
        await _receive(request, form, limit, partial(_write, file, settings, owner))
        await run_in_threadpool(_finish, file, folder / id)
    finally:
        await run_in_threadpool(_drop, file)
    return form.with_content(NOTE)


def _begun(draft: Path) -> BinaryIO:
    """A file that only we may read, in a folder that only we may look into."""
    draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open(draft, "wb", opener=partial(os.open, mode=0o600))


def _write(file: BinaryIO, settings: Settings, owner: int, content: bytes) -> int:
    """Writes more of a file; drafts count, so that many at once pass no bound. Raises TooMuch."""
    written = file.write(content)
    file.flush()
    count, size = kept.used(settings, owner)
    if count > settings.max_uploads or size > settings.max_uploaded << 20:
        raise TooMuch
    return written


def _finish(file: BinaryIO, target: Path) -> None:
    """Gives the file its name once all of it is on the disk."""
    with file:
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, target)


def _drop(file: BinaryIO) -> None:
    """Removes a draft that wasn't finished."""
    with suppress(OSError):  # what is left to be written can't be, but isn't wanted either
        file.close()
    Path(file.name).unlink(missing_ok=True)


async def _receive(
    request: Request, form: FileForm, limit: int, write: Callable[[bytes], int]
) -> None:
    taken = 0
    await run_in_threadpool(write, b"")  # before anything is taken in
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > limit + AROUND:
            raise TooLarge
        form.feed(chunk)
        if form.waiting > AT_ONCE:
            await run_in_threadpool(write, form.take())
    await run_in_threadpool(write, form.take())
    form.check_whole()


def _id(request: Request) -> str:
    """Streamlit's name of the upload that a request is about."""
    return request.url.path.rpartition("/")[2]


def _refusal(error: Exception, settings: Settings) -> Response:
    if isinstance(error, TooLarge):
        return PlainTextResponse(f"At most {settings.max_upload} MB may be uploaded.", 413)
    if isinstance(error, TooMuch):
        return PlainTextResponse(
            f"Your uploads may be {settings.max_uploads} files of {settings.max_uploaded} MB "
            "together. Remove sources with uploads that you no longer need.",
            413,
        )
    if isinstance(error, OSError):
        return PlainTextResponse(f"The file can't be kept: {error.strerror}. Make room.", 507)
    return PlainTextResponse("This is not one whole file. Upload it again.", 400)


def _with_length(scope: Scope, length: int) -> Scope:
    """The same request with a body of another length."""
    others = [pair for pair in scope["headers"] if pair[0] not in FRAMING]
    return {**scope, "headers": [*others, (b"content-length", str(length).encode())]}


def _given(body: bytes) -> Receive:
    """A body that is here already."""

    async def received() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return received


def _noting(send: Send, statuses: list[int]) -> Send:
    """Sends on, and notes with which status the answer begins."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        await send(message)

    return sent
