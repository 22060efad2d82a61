"""Uploads of files by the page: forms as browsers send them, and as nobody does."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.requests import Request

from core.errors import Invalid
from core.server import uploads
from core.settings import Settings
from tests.fuzz.kinds import Kind, Trial, files_in
from tests.fuzz.mutations import mutated

OWNER = 7
ID = str(UUID(int=0))
RIGHT = [
    b"multipart/form-data; boundary=b\n"
    b'--b\r\ncontent-disposition: form-data; name="file"; filename="p.csv"\r\n'
    b"content-type: text/csv\r\n\r\nemail\na@example.com\n\r\n--b--\r\n",
    b'multipart/form-data; boundary="x y"\n--x y\r\nA: b\r\nC: d\r\n\r\n\0\xff\r\n--x y--',
]


@contextmanager
def _opened(folder: Path) -> Iterator[Trial]:
    settings = Settings(home=folder / "data", max_upload=1, max_uploaded=2)

    def tried(case: bytes) -> None:
        """A case is the header Content-Type, a line feed and the body."""
        kind, _feed, body = case.partition(b"\n")
        passed, answers = list[bytes](), list[int]()

        async def behind(_scope: Any, receive: Any, send: Any) -> None:
            passed.append((await receive())["body"])
            await send({"type": "http.response.start", "status": 204, "headers": []})

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            answers.extend([message["status"]] if "status" in message else [])

        path = f"/_stcore/upload_file/session/{ID}"
        headers = [(b"content-type", kind)]
        scope = {"type": "http", "method": "PUT", "path": path, "headers": headers}
        scope |= {"path_params": {}, "query_string": b"", "app": None}
        asyncio.run(uploads.receive_file(Request(scope, receive), send, behind, settings, OWNER))
        left = [one for one in files_in(settings.arrivals) if Path(one).name != str(OWNER)]
        if answers == [204]:
            assert [Path(one).name for one in left] == [ID], left
            assert uploads.NOTE in passed[0]
            uploads.forget(Request(scope), settings, OWNER)
            return
        assert [status // 100 for status in answers] == [4], answers
        assert not left, f"left of an upload that was refused: {left}"
        raise Invalid(str(answers[0]))

    yield tried


KIND = Kind("uploads", 8, mutated(RIGHT, 4), _opened)
