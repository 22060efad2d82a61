"""The API: requests as bytes on the wire may hold them, with a right token and without one."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlmodel import func, select

from core.access import Person, Role
from core.api.app import application
from core.configuration.file import read
from core.errors import Invalid
from core.settings import Settings
from core.store import apply, open_store, tokens
from core.store.tables.runs import Run
from core.store.tables.schedules import Slot
from tests.conftest import ENVIRONMENT, written
from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.mutations import mutated

ADA = Person("Ada", Role.administrator)
TOKEN = b"{token}"  # in a case: the token of the installation
RIGHT = [
    b"POST /exports/Newsletter/runs\nauthorization: Bearer {token}\nidempotency-key: job-1\n\n{}",
    b"GET /exports/Newsletter/preview\nauthorization: Bearer {token}\n\n",
    b"GET /runs/1\nauthorization: Bearer {token}\n\n",
    b"GET /runs/1/rejects?offset=0&limit=10\nauthorization: Bearer {token}\n\n",
    b"POST /refresh\nauthorization: Bearer {token}\n\n",
    b"GET /refresh\nauthorization: Bearer {token}\ncookie: session=x\n\n",
    b"GET /openapi.json\n\n",
    b"GET /exports/%00/../%ff/preview?x=%00\nauthorization: bearer {token}\nx-forwarded-for: x\n\n",
]
PIECES = st.one_of(
    st.sampled_from(
        [b"/runs/", b"/exports/", b"Newsletter", b"/rejects", b"?limit=", b"&offset=", b"\n"]
    ),
    st.sampled_from(
        [b"99999999999999999999", b"%F0%9F", "٣".encode(), b"%00", b"%2f", b"..", b"a: b"]
    ),
    st.binary(max_size=6),
)
LOOSE = st.builds(
    lambda method, parts, head: method + b" /" + b"".join(parts) + b"\n" + head + b"\n\n",
    st.sampled_from([b"GET", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"\xff"]),
    st.lists(PIECES, max_size=6),
    st.sampled_from(
        [b"authorization: Bearer {token}", b"authorization: Basic x", b"authorization: \xff\0"]
    ),
)


def _scope(case: bytes) -> tuple[dict[str, Any], bytes]:
    """A request as a server hands it over, and its body. Raises Invalid."""
    head, _gap, body = case.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _space, target = first.partition(b" ")
    raw, _mark, query = target.partition(b"?")
    from urllib.parse import unquote_to_bytes

    if not raw.startswith(b"/") or not method.isalpha():
        raise Invalid("A server refuses this before the API.")
    headers = [tuple(line.partition(b":")[::2]) for line in lines if b":" in line]
    path = unquote_to_bytes(raw).decode("utf-8", "replace")
    return {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http"},
        **{"method": method.decode("ascii", "replace").upper(), "path": path, "raw_path": raw},
        **{"query_string": query, "root_path": "", "server": ("127.0.0.1", 80)},
        "headers": [(name.strip().lower(), value.strip()) for name, value in headers],
        "client": ("10.0.0.1", 9),
    }, body


@contextmanager
def _opened(folder: Path) -> Iterator[Trial]:
    (folder / "profiles.csv").write_text(
        "customer_id,email,first_name,country,spent\n1,a@example.lv,A,LV,1\n"
    )
    store = open_store(Settings(home=folder / "data"))
    found, keys = read(written(folder, folder / "profiles.csv", "http://127.0.0.1:9"), ENVIRONMENT)
    apply.apply(store, ADA, apply.prepare(store, found, keys))
    with store.begin() as session:
        token = tokens.add(session, ADA, "Airflow", ("Newsletter", "refresh"), sees_people=False)
    clock = [0.0]
    api = application(lambda: store, lambda: clock[0])

    def count() -> list[int]:
        with store.begin() as session:
            return [
                session.exec(select(func.count()).select_from(table)).one() for table in (Run, Slot)
            ]

    def tried(case: bytes) -> None:
        clock[0] += 60.0
        scope, body = _scope(case.replace(TOKEN, token.encode()))
        before, answers = count(), list[dict[str, Any]]()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            answers.append(message)

        asyncio.run(api(scope, receive, send))
        status = answers[0]["status"]
        assert status < 500 or status in (502, 503), answers
        if status >= 400:
            assert count() == before, "what was refused has left a run"
            raise Invalid(f"{status}")

    yield tried
    store.close()
    shutil.rmtree(folder / "data")


KIND = Kind("api", 8, mutated(RIGHT, 3) | LOOSE, _opened)
