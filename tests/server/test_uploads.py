"""Uploads on their way to the disk: what is kept, what Streamlit gets, what is refused."""

import asyncio
import os
import pathlib
import sys
from dataclasses import replace
from types import FrameType
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from core.audience import kept
from core.server import uploads, web
from core.settings import Settings

MB = 1 << 20
OWNER = 7  # the account of whoever uploads
UPPER = "0123ABCD-0000-4000-8000-00000000000F"
FORM = "multipart/form-data; boundary=b"


class Desk:
    """A server that keeps uploads, and what lies behind it as Streamlit does."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.status = settings, 204
        self.got: list[tuple[str, bytes]] = []
        self.behind = Starlette(routes=[Route("/{path:path}", self.take, methods=["PUT"])])

    async def take(self, request: Request) -> Response:
        async with request.form() as form:
            file = form["file"]
            self.got.append((file.filename, await file.read()))
        return Response(status_code=self.status)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await uploads.receive_file(request, send, self.behind, self.settings, OWNER)

    async def put(self, id: str, **more: object) -> httpx.Response:
        transport = httpx.ASGITransport(self)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.put(f"{web.UPLOADS}session/{id}", **more)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.settings.arrivals.glob(f"{OWNER}/*"))


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(Settings(home=tmp_path, max_upload=2))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


async def test_a_file_goes_to_the_disk_and_a_note_to_streamlit(desk):
    id, content = str(uuid4()), os.urandom(MB + 12_345) + b"\r\n--"
    answer = await desk.put(id, files={"file": ("Mani klienti ā.csv", content, "text/csv")})
    assert answer.status_code == 204
    assert desk.got == [("Mani klienti ā.csv", uploads.NOTE)]
    path = uploads.arrived(desk.settings, OWNER, id)
    assert uploads.arrived(desk.settings, OWNER + 1, id) is None
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert desk.left() == [id]


async def test_the_event_loop_does_not_wait_for_the_disk(desk):
    called: set[str] = set()

    def note(frame: FrameType, event: str, what: object) -> None:
        if event == "c_call" and frame.f_code.co_filename in (uploads.__file__, pathlib.__file__):
            called.add(what.__name__)

    sys.setprofile(note)  # of this thread alone
    try:
        await desk.put(str(uuid4()), files={"file": os.urandom(MB + 1)})
    finally:
        sys.setprofile(None)
    assert len(desk.left()) == 1
    assert "fullmatch" in called
    assert called.isdisjoint({"open", "mkdir", "fsync", "replace", "unlink"})


async def test_more_than_is_allowed_is_refused_with_or_without_its_length(desk):
    exact, over = b"x" * 2 * MB, b"x" * (3 * MB)
    assert (await desk.put(str(uuid4()), files={"file": exact})).status_code == 204
    answer = await desk.put(str(uuid4()), files={"file": over})
    assert (answer.status_code, answer.text) == (413, "At most 2 MB may be uploaded.")

    async def without_length():
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + over

    headers = {"Content-Type": FORM}
    answer = await desk.put(str(uuid4()), content=without_length(), headers=headers)
    assert answer.status_code == 413
    assert len(desk.got) == len(desk.left()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nhalf', FORM),
        (b"--b\r\nA: 1\r\n\r\n1\r\n--b\r\nA: 2\r\n\r\n2\r\n--b--\r\n", FORM),
        (b"anything", FORM),
        (b"anything", "multipart/form-data"),
        (b"anything", "text/csv"),
    ],
)
async def test_what_is_not_one_whole_file_is_refused_and_leaves_nothing(desk, body, kind):
    answer = await desk.put(str(uuid4()), content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert desk.got == desk.left() == []


@pytest.mark.parametrize("id", ["some-file", "..%2Fsegferry.sqlite", UPPER])
async def test_an_upload_is_named_as_streamlit_names_them(desk, id):
    assert (await desk.put(id, files={"file": b"x"})).status_code == 400
    assert uploads.arrived(desk.settings, OWNER, id) is None


async def test_a_file_that_streamlit_refuses_does_not_stay(desk):
    desk.status = 403
    assert (await desk.put(str(uuid4()), files={"file": b"x"})).status_code == 403
    assert desk.left() == []


async def test_a_disk_that_refuses_is_told(desk):
    desk.settings.home.joinpath("arrivals").write_text("a file where the folder should be")
    answer = await desk.put(str(uuid4()), files={"file": b"x"})
    assert (answer.status_code, answer.text[:24]) == (507, "The file can't be kept: ")


async def test_an_upload_is_forgotten_by_whoever_sent_it_alone(desk):
    id = str(uuid4())
    await desk.put(id, files={"file": b"x"})
    request = Request({"type": "http", "path": f"{web.UPLOADS}s/{id}", "headers": []})
    uploads.forget(request, desk.settings, OWNER + 1)
    assert desk.left() == [id]
    uploads.forget(request, desk.settings, OWNER)
    assert desk.left() == []


async def test_a_person_uploads_no_more_files_than_are_allowed(desk):
    desk.settings = replace(desk.settings, max_uploads=3)
    desk.settings.uploads.mkdir()
    kept.place_for(desk.settings, OWNER, "of a source.csv").write_bytes(b"x")
    kept.place_for(desk.settings, OWNER + 1, "of another.csv").write_bytes(b"x")
    sent = [await desk.put(str(uuid4()), files={"file": b"x"}) for _n in range(3)]
    assert [answer.status_code for answer in sent] == [204, 204, 413]
    assert "may be 3 files of 10240 MB together. Remove sources" in sent[2].text
    assert len(desk.left()) == len(desk.got) == 2


async def test_a_person_uploads_no_more_bytes_than_are_allowed_many_at_once_included(desk):
    desk.settings = replace(desk.settings, max_uploaded=3)
    puts = [desk.put(str(uuid4()), files={"file": b"x" * (2 * MB - 9)}) for _n in range(4)]
    statuses = [answer.status_code for answer in await asyncio.gather(*puts)]
    assert statuses.count(204) <= 1
    assert set(statuses) <= {204, 413}
    assert kept.used(desk.settings, OWNER)[1] <= 3 * MB
    assert len(desk.left()) == statuses.count(204)
