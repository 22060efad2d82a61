"""A new installation for each test, things to put into it, and its pages without a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import httpx
import polars as pl
import pytest
import streamlit as st
from altair.utils import schemapi
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.util import calc_hash

from core import sandbox, settings
from core.access import Role, operator
from core.configuration.connection import Connection, Consent
from core.configuration.export import Export
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind
from core.server.web import COOKIE
from core.store import (
    Store,
    accounts,
    connections,
    exports,
    open_store,
    passwords,
    progress,
    requests,
    segments,
    sessions,
    sources,
)
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from pages.router import PAGES

ADDRESSES = {entry.name: entry.address or entry.name for entry in PAGES[1:]} | {PAGES[0].name: ""}
ROUTER = Path(__file__).parents[2] / "pages" / "router.py"
FIELDS = {
    "customer_id": Kind.text,
    "email": Kind.text,
    "first_name": Kind.text,
    "phone": Kind.text,
    "country": Kind.text,
    "spent": Kind.number,
}
Page = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _components() -> Iterator[None]:
    """AppTest looks for components in all installed packages at each start, and there are none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture(scope="session", autouse=True)
def _waiting() -> Iterator[None]:
    """AppTest looks a thousand times a second whether a script has ended, in the script's time."""
    too_late = local_script_runner.require_widgets_deltas

    def until_it_ends(runner: LocalScriptRunner, timeout: float) -> None:
        if thread := runner._script_thread:
            thread.join(timeout)
        if not runner.script_stopped():
            too_late(runner, 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", until_it_ends)
        yield


@pytest.fixture(scope="session", autouse=True)
def _charts() -> Iterator[None]:
    """Pages draw charts unchecked: here each is checked by its schema, the same one once."""
    checks, valid = schemapi.validate_jsonschema, set[str]()

    def once(spec: Any, schema: Any, *more: Any, **options: Any) -> Any:
        if (key := f"{schema} {spec}") in valid:
            return None
        if (error := checks(spec, schema, *more, **options)) is None:
            valid.add(key)
        return error

    as_dict = alt.TopLevelMixin.to_dict

    def checked(chart: Any, validate: bool = True, **options: Any) -> Any:
        is_whole = (options.get("context") or {}).get("top_level", True)
        return as_dict(chart, validate=validate or is_whole, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schemapi, "validate_jsonschema", once)
        patch.setattr(alt.TopLevelMixin, "to_dict", checked)
        yield


@pytest.fixture
def store(used_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A new installation; the pages use the same one."""
    home = tmp_path / "home"
    shutil.copytree(used_home, home)
    monkeypatch.setenv("SEGFERRY_HOME", str(home))
    monkeypatch.setenv("SEGFERRY_SOURCE_FOLDERS", str(tmp_path))
    opened = open_store(settings.read())
    yield opened
    opened.close()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def signed_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[Role | None], None]:
    """Makes the pages' browser that of a person in this role, or of a visitor."""

    def sign_in(role: Role | None) -> None:
        cookies = {} if role is None else {COOKIE: session_of(store, role)}
        monkeypatch.setattr(type(st.context), "cookies", cookies)

    sign_in(Role.administrator)
    return sign_in


def session_of(store: Store, role: Role) -> str:
    """The token of a session of somebody in this role; made without a password, which is slow."""
    with store.begin() as session:
        account = accounts.look_up(session, role.name) or accounts.add(
            session, operator(), role.name, role
        )
        account.password = passwords.NOBODYS  # else it would be an installation to set up
        return sessions.begin(session, account, "127.0.0.1", "AppTest")


@pytest.fixture
def page(store: Store, signed_in: object) -> Page:
    """Opens a page by its file's name, with the query of its address."""

    def opened(name: str, **query: object) -> AppTest:
        app = AppTest.from_file(str(ROUTER), default_timeout=20)
        for key, value in query.items():
            app.query_params[key] = str(value)
        # `switch_page` knows addresses only once the overview was drawn, as long as many a page.
        app._page_hash = calc_hash(ADDRESSES[name])
        return app.run()

    return opened


@pytest.fixture(scope="session")
def klaviyo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a local Klaviyo."""
    with sandbox.running(tmp_path_factory.mktemp("sandbox"), delay=0, limits=False) as url:
        yield url


@pytest.fixture
def allow(klaviyo: str) -> Iterator[Callable[..., None]]:
    """Gives a key only these scopes; afterwards every key may do everything again."""

    def limited(key: str, *scopes: str) -> None:
        order = {"keys": {key: scopes}}
        httpx.post(f"{klaviyo}/sandbox/keys", json=order).raise_for_status()

    yield limited
    httpx.post(f"{klaviyo}/sandbox/keys", json={"keys": None}).raise_for_status()


@pytest.fixture
def connection(store: Store, klaviyo: str) -> ConnectionRow:
    """A connection to it."""
    spec = Connection(
        name="Newsletter account",
        api_key="${KEY}",
        base_url=klaviyo,
        consent=Consent(agreed_by="ops@example.com"),
    )
    with store.begin() as session:
        return connections.add(session, store.vault, operator(), spec, key="pk_pages_0001")


@pytest.fixture
def letters(store: Store) -> ConnectionRow:
    """A connection to a listmonk at which nobody listens."""
    spec = Connection(
        name="Letters",
        type="listmonk",
        api_key="${KEY}",
        base_url="http://127.0.0.1:1",
        consent=Consent(agreed_by="ops@example.com"),
    )
    with store.begin() as session:
        return connections.add(session, store.vault, operator(), spec, key="segferry:token")


@pytest.fixture
def source(store: Store, tmp_path: Path) -> SourceRow:
    """Six profiles, of which one has no email and one has another's."""
    path = tmp_path / "profiles.parquet"
    profiles().write_parquet(path)
    with store.begin() as session:
        spec = Source(name="Profiles", path=str(path))
        return sources.add(session, operator(), spec, FIELDS)


@pytest.fixture
def segment(store: Store, source: SourceRow) -> SegmentRow:
    """Everybody in Latvia: five of the six."""
    rules = Group.model_validate({"all": [{"field": "country", "op": "equals", "value": "LV"}]})
    with store.begin() as session:
        spec = Segment(name="Latvia", source=source.name, rules=rules)
        return segments.add(session, operator(), spec)


@pytest.fixture
def export(store: Store, connection: ConnectionRow, segment: SegmentRow) -> ExportRow:
    """Latvia to a list."""
    spec = Export(
        name="Weekly letter",
        connection=connection.name,
        list_id="Y6nRLr",
        segments=(segment.name,),
        match={"email": "email", "first_name": "first_name", "properties": {"spent": "spent"}},
    )
    with store.begin() as session:
        return exports.add(session, operator(), spec, "Newsletter EU")


@pytest.fixture
def ran(store: Store, export: ExportRow) -> Callable[..., Run]:
    """Makes a run of the export with this status."""

    def make(status: RunStatus, **numbers: object) -> Run:
        with store.begin() as session:
            run = requests.request(session, operator(), export)
            for step in _steps(status):
                progress.step(session, run.id or 0, step)
            progress.record(session, run, numbers)
            return run

    return make


def profiles() -> pl.DataFrame:
    """The rows of the source."""
    return pl.DataFrame(
        {
            "customer_id": ["001", "002", "003", "004", "005", "006"],
            "email": [
                "ilze@example.lv",
                "ANNA@example.lv",
                None,
                "anna@example.lv",
                "j@x.lv",
                "m@x.ee",
            ],
            "first_name": ["Ilze", "Anna", "Kārlis", "Anna", "Jānis", "Mart"],
            "phone": ["+37120000101", "", "20000102", "20000103", "20000104", "+3725000000"],
            "country": ["LV", "LV", "LV", "LV", "LV", "EE"],
            "spent": [412.5, 96.0, 10.0, 20.0, 30.0, 55.9],
        }
    )


@pytest.fixture
def words() -> Callable[[AppTest], str]:
    """All that a page says, for assertions on a part of it."""

    def text_of(app: AppTest) -> str:
        kinds = [app.markdown, app.title, app.header, app.caption, app.error, app.warning, app.info]
        parts = [e for kind in (*kinds, app.button, app.metric, app.success) for e in kind]
        return "\n".join(f"{getattr(e, 'value', '')} {getattr(e, 'label', '')}" for e in parts)

    return text_of


@pytest.fixture
def cells() -> Callable[[AppTest], str]:
    """What the rows of a page say, as HTML."""
    return lambda app: "\n".join(one.proto.body for one in app.get("html"))


@pytest.fixture
def leads() -> Callable[[AppTest], dict[str, str]]:
    """Where the links of a page lead, by their words; of the same words the last one."""

    def found(app: AppTest) -> dict[str, str]:
        links = app.get("page_link")
        return {one.proto.label: f"{one.proto.page}?{one.proto.query_string}" for one in links}

    return found


def _steps(status: RunStatus) -> list[RunStatus]:
    if status is RunStatus.queued:
        return []
    return [RunStatus.running] + ([] if status is RunStatus.running else [status])
