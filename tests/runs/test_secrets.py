"""After a full run no secret stands in any file, log, error text or print."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.access import Role
from core.audience import looks
from core.connections import checks
from core.errors import Denied, DestinationFailed
from core.preview import plan
from core.runs.engine.host import Host
from core.server import sign_in
from core.store import Store, accounts, connections, dump, exports, jobs, runs, sessions, sources
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, ENVIRONMENT, applied
from tests.runs.conftest import ran

KEY = ENVIRONMENT["KLAVIYO_API_KEY"]
PASSWORD, WRONG = "a long walk by the sea", "a short walk in the wood"
IMPORT = "POST /api/profile-bulk-import-jobs"
ECHO = f"No such key: {KEY}. Header was Klaviyo-API-Key {KEY}"  # should Klaviyo ever quote it


@pytest.fixture
def secrets(
    store: Store, configuration: Path, engine: Host, klaviyo: str, caplog: pytest.LogCaptureFixture
) -> dict[str, str]:
    """What must not be found, once everything was used with it and failed with it."""
    caplog.set_level(logging.DEBUG)
    applied(store, configuration)
    return {
        "key": KEY,
        "key of the vault": store.vault.key.decode(),
        "password": PASSWORD,
        "wrong password": WRONG,
    } | _signed_in(store)


def _signed_in(store: Store) -> dict[str, str]:
    """The secrets of a sign-in that worked, after one that didn't, and of an invitation."""
    with store.begin() as session:
        ilze = accounts.add(session, ADA, "Ilze", Role.viewer, password=PASSWORD)
    with pytest.raises(Denied):
        sign_in.enter(store, "Ilze", WRONG, "192.0.2.1")
    ticket = sign_in.enter(store, "Ilze", PASSWORD, "192.0.2.1")
    unused = sign_in.enter(store, "Ilze", PASSWORD, "192.0.2.1")
    token = sign_in.start(store, ticket, "192.0.2.1", "test")
    link = sign_in.invite(store, ADA, ilze.id)
    with store.begin() as session:
        assert sessions.owner(session, token)
    return {"ticket": ticket, "unused ticket": unused, "token": token, "link": link}


def _failures(store: Store, klaviyo: str) -> list[str]:
    """The texts of runs that failed in many ways, each with the key in Klaviyo's own words."""
    told = []
    for status in (400, 401, 403, 404):
        fault = {"kind": "status", "endpoint": "*", "status": status, "detail": ECHO, "times": 2}
        httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
        run = ran(store)
        httpx.delete(f"{klaviyo}/sandbox/faults").raise_for_status()
        assert run.status in (RunStatus.failed, RunStatus.held)
        told.append(f"{run.error} {run.hold}")
        with store.begin() as session:
            told += [job.error or "" for job in jobs.of_run(session, run.id)]
    return told


def _refused(store: Store, klaviyo: str) -> str:
    """The text of a look at the account that Klaviyo refuses; it is kept with the connection."""
    fault = {"kind": "status", "endpoint": "*", "status": 401, "detail": ECHO}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    with pytest.raises(DestinationFailed) as caught:
        checks.check(store, ADA, row)
    return str(caught.value)


def _printed(store: Store) -> list[str]:
    """What the program tells about itself."""
    with store.begin() as session:
        rows = [connections.find(session, "Klaviyo"), *runs.everything(session)]
        rows += [sources.find(session, "Profiles"), exports.find(session, "Newsletter")]
        rows += accounts.everybody(session)
    return [
        dump.text(store, ADA),
        repr(rows),
        repr(store),
        repr(store.settings),
        repr(store.vault),
    ]


def _inside(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file but that of the key, compressed ones also as text."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "secret.key"):
        yield str(path), path.read_bytes()
        if path.suffix == ".parquet":
            text = io.BytesIO()
            flat = pl.read_parquet(path).select(pl.exclude(pl.List(pl.Int64)))
            flat.select(pl.all().cast(pl.String, strict=False)).write_csv(text)
            yield f"{path} as text", text.getvalue()


def test_no_secret_stands_anywhere_after_a_full_run(
    store: Store,
    klaviyo: str,
    secrets: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    assert ran(store).status == RunStatus.partial
    assert plan.preview(store, ADA, "Newsletter").valid == 8
    with store.begin() as session:
        row = sources.find(session, "Profiles")
    looks.read(store, ADA, row)
    told = [*_failures(store, klaviyo), _refused(store, klaviyo)]
    assert any("pk_…" in text for text in told)  # so Klaviyo's words did come through
    output = capfd.readouterr()
    texts = {
        "errors": told,
        "printed": _printed(store),
        "log": [caplog.text],
        "out": [*output],
    }
    places = [(name, text.encode()) for name, some in texts.items() for text in some]
    places += _inside(store.settings.home)
    assert {"segferry.sqlite", "engine.sqlite"} <= {Path(name).name for name, _text in places}
    found = [
        (what, name)
        for name, content in places
        for what, secret in secrets.items()
        if secret.encode() in content
    ]
    assert found == []
