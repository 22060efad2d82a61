"""The sandbox as a whole: started, stopped, started again, and looked at."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from core import sandbox
from core.errors import Conflict, StorageFailed
from core.sandbox.serving import listen
from tests.sandbox.local import HEADERS, JOBS, NEWSLETTER, Clock, Local, client_of

SERVE = """
import sys
import time
from pathlib import Path
from core import sandbox
folder, delay = Path(sys.argv[1]), float(sys.argv[2])
sandbox.serve(folder, 0, delay=delay, ready=lambda url: print(url, flush=True))
"""


def served(folder: Path, delay: float) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-c", SERVE, str(folder), str(delay)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_everything_is_there_after_a_restart(tmp_path: Path):
    clock = Clock()
    with sandbox.running(tmp_path, clock=clock) as url, client_of(url, clock) as local:
        body = {"data": {"type": "list", "attributes": {"name": "Kept"}}}
        made = local.post("/api/lists", json=body).json()["data"]
        done = local.imported({"email": "a@example.com"}, {"email": "refused@example.com"})
        waiting = local.make_job({"email": "b@example.com"})
    clock.now += 60
    with sandbox.running(tmp_path, clock=clock) as url, client_of(url, clock) as local:
        assert local.get(f"/api/lists/{made['id']}").json()["data"]["id"] == made["id"]
        assert local.job(done)["failed_count"] == 1
        assert len(local.get(f"{JOBS}/{done}/import-errors").json()["data"]) == 1
        assert local.job(waiting)["status"] == "complete"
        emails = [member["attributes"]["email"] for member in local.members()]
        assert emails == ["a@example.com", "b@example.com"]


def test_a_killed_sandbox_finishes_its_jobs_when_it_is_back(tmp_path: Path):
    process, url = served(tmp_path, delay=0.3)
    with process, client_of(url, Clock()) as local:
        rows = [{"email": f"p{n}@example.com"} for n in range(3_000)]
        id = local.make_job(*rows)
        process.kill()
    clock = Clock(time.time() + 60)
    with (
        sandbox.running(tmp_path, clock=clock, limits=False) as url,
        client_of(url, clock) as local,
    ):
        job = local.job(local.settled(id))
        assert (job["completed_count"], job["failed_count"]) == (3_000, 0)
        assert local.get("/sandbox/state").json()["profiles"] == 3_024


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it(tmp_path: Path, stop: signal.Signals):
    process, url = served(tmp_path, delay=0)
    with process:
        assert httpx.get(f"{url}/api/accounts", headers=HEADERS).status_code == 200
        os.kill(process.pid, stop)
        assert process.wait(timeout=10) in (0, -stop)


def test_a_taken_port_is_a_conflict_that_names_it(local: Local, tmp_path: Path):
    port = local.base_url.port
    with pytest.raises(Conflict, match=str(port)), sandbox.running(tmp_path, port):
        pass


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StorageFailed, match="sandbox"), sandbox.running(file / "folder"):
        pass


def test_the_application_opens_and_closes_with_its_server(tmp_path: Path):
    application = sandbox.app(tmp_path)

    async def lives() -> bool:
        async with application.router.lifespan_context(application):
            return (tmp_path / "sandbox.db").exists()

    assert not (tmp_path / "sandbox.db").exists()
    assert asyncio.run(lives())
    assert not (tmp_path / "sandbox.db-wal").exists()


def test_importing_it_is_light():
    code = "import sys, core.sandbox; sys.exit(bool({'starlette', 'uvicorn'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_page_shows_lists_members_and_a_profile(local: Local):
    local.imported(*({"email": f"p{n}@example.com", "first_name": "Anna"} for n in range(60)))
    lists = local.get("/")
    assert lists.headers["content-type"].startswith("text/html")
    assert "Newsletter" in lists.text
    assert "Baltic Outfitters" in lists.text
    first = local.get(f"/lists/{NEWSLETTER}").text
    assert "60 profiles" in first
    assert "p49@example.com" in first
    assert "p50@example.com" not in first
    following = first.split('">Next page')[0].rpartition('href="')[2]
    assert "p50@example.com" in local.get(following).text
    profile = local.get(f"/profiles/{local.members()[0]['id']}").text
    assert "NEVER_SUBSCRIBED" in profile
    assert local.calls() == {
        ("POST", JOBS, 202): 1,
        ("GET", f"{JOBS}/{{id}}", 200): 1,
        ("GET", "/api/lists/{id}/profiles", 200): 1,
    }


def test_the_page_escapes_what_it_shows_and_loads_nothing(local: Local):
    local.switch("lists", name="<script>x</script>", id="Evil01")
    local.imported({"email": "a@example.com", "first_name": "<img src=x>"}, list_id="Evil01")
    for path in ("/", "/lists/Evil01", f"/profiles/{local.members('Evil01')[0]['id']}"):
        answer = local.get(path)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/lists/nobody", "/profiles/nobody"])
def test_what_is_not_there_is_said_on_a_page(local: Local, path: str):
    answer = local.get(path)
    assert answer.status_code == 404
    assert "nobody" in answer.text


def test_an_empty_list_says_so_and_a_bad_cursor_shows_the_first_page(local: Local):
    assert "Nobody is on this list yet." in local.get(f"/lists/{NEWSLETTER}").text
    local.imported({"email": "a@example.com"})
    assert "a@example.com" in local.get(f"/lists/{NEWSLETTER}?page[cursor]=x").text


def test_of_two_that_take_one_port_at_once_the_second_is_told():
    with listen(0) as first, pytest.raises(Conflict, match="can't be used: Address already in use"):
        listen(first.getsockname()[1]).__enter__()
