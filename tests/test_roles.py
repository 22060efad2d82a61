"""Who may do what: the table of docs, the rules of core, and what core does are the same."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlmodel import Session

from core import sandbox
from core.access import RULES, Action, Person, Role, Rule, operator
from core.audience import address_lists as given_lists
from core.audience import looks, members
from core.backup import backups
from core.configuration.address_list import AddressListFile
from core.configuration.alerts import Channel, Heartbeat, Limits
from core.configuration.configuration import Configuration
from core.configuration.connection import Connection, Consent
from core.configuration.export import Guards
from core.configuration.schedule import REFRESH
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.connections import checks, lists
from core.errors import Denied
from core.person import erasing, look_up, paper, receipts
from core.preview import plan
from core.profiles.segments.rules import Group
from core.runs import downloads, rejects, scheduler
from core.server import installation, sign_in
from core.settings import Settings
from core.store import (
    Store,
    accounts,
    address_lists,
    addresses,
    alert_settings,
    apply,
    attempts,
    audit,
    channels,
    connections,
    dump,
    exports,
    open_store,
    preferences,
    progress,
    requests,
    runs,
    segments,
    sources,
    tokens,
)
from core.store.audit import Deed as Written
from core.store.downloads import NEEDED, Download
from core.store.tables.erasures import ErasureRow
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, applied, second_export, written

PEOPLE = (Path(__file__).parents[1] / "docs" / "people.md").read_text()
SECTION = PEOPLE.partition("## Who may do what")[2].partition("\n## ")[0]
CELLS = re.compile(r"^\| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
TABLE = {action: dict(zip(Role, cells, strict=True)) for action, *cells in CELLS.findall(SECTION)}
TABLE.pop("action")
OPS = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
STANDINGS = ("own", "shared", "chosen", "unshared")
REFUSED = pl.DataFrame(
    {"row": [1], "email": ["ilze@example.lv"], "reason": ["refused"], "detail": [None]},
    schema=rejects.SCHEMA,
)
pytestmark = pytest.mark.usefixtures("quick_passwords")


Deed = Callable[[Session, Person, Store], object]
Deeds = Iterator[Callable[[], object]]


class Undone(Exception):
    """Takes back what a test did."""


@pytest.fixture(scope="module")
def klaviyo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("klaviyo")
    with sandbox.running(folder, delay=0.0, limits=False) as url:
        yield url


@pytest.fixture(scope="module")
def store(klaviyo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two exports through one connection: of “Newsletter” a run failed, of “Second” one waits."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "profiles.csv").write_text(
        "customer_id,email,first_name,country,spent\n1,ilze@example.lv,Ilze,LV,1\n"
    )
    opened = open_store(Settings(home=folder / "data", source_folders=str(folder)))
    applied(opened, written(folder, folder / "profiles.csv", klaviyo, second_export()))
    with opened.begin() as session:
        failed = requests.request(session, ADA, exports.find(session, "Newsletter"))
        progress.step(session, failed.id or 0, RunStatus.running)
        progress.step(session, failed.id or 0, RunStatus.failed)
        failed = run_of(session, "Newsletter")
        failed.error = "Klaviyo answered: ilze@example.lv is suppressed"
        session.add(failed)
        requests.request(session, ADA, exports.find(session, "Second"))
        accounts.add(session, ADA, "Boss", Role.administrator)
        tokens.add(session, ADA, "Airflow", ["Newsletter"])
        accounts.add(session, ADA, "Someone", Role.viewer)
        for role in Role:
            accounts.add(session, ADA, f"A {role.name}", role)
    yield opened
    opened.close()


def standing(store: Store, person: Person, how: str) -> None:
    """Makes the connection this person's own, shared, or neither."""
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.owner_id = person.id if how == "own" else None
        row.shared_with = {"shared": "contributors", "chosen": "people"}.get(how, "administrators")
        row.people = [person.id or 0] if how == "chosen" else [1]
        session.add(row)


def run_of(session: Session, name: str) -> Run:
    return runs.everything(session, export_id=exports.find(session, name).id)[0]


def row_of(store: Store, room: Any, name: str) -> Any:
    with store.begin() as session:
        return room.find(session, name)


def kept(s: Session, room: Any, name: str) -> tuple[Any, Any, list[Any]]:
    """A thing's row, its configuration, and what else is needed to save it."""
    row = room.find(s, name)
    if room is sources:
        return row, sources.spec(row), [sources.schema(row)]
    return row, room.spec(s, row), []


def changed(room: Any, name: str) -> Deed:
    """Saves a thing as it is."""

    def save(s: Session, person: Person, _store: Store) -> object:
        row, spec, more = kept(s, room, name)
        return room.change(s, person, row, spec, *more)

    return save


def added(room: Any, name: str) -> Deed:
    """Saves it again by another name."""

    def save(s: Session, person: Person, _store: Store) -> object:
        _row, spec, more = kept(s, room, name)
        return room.add(s, person, spec.model_copy(update={"name": "Another"}), *more)

    return save


def removed(room: Any, name: str) -> Deed:
    return lambda s, person, _store: room.remove(s, person, room.find(s, name))


def add_segment(s: Session) -> None:
    """One that no export takes."""
    spec = segments.spec(s, segments.find(s, "Everybody"))
    segments.add(s, ADA, Segment(name="Free", source=spec.source, rules=spec.rules))


def add_connection(s: Session, person: Person, store: Store) -> object:
    spec = Connection(name="New", api_key="${K}", consent=Consent(agreed_by="ops@example.com"))
    return connections.add(s, store.vault, person, spec, key="pk_0123456789")


def change_connection(s: Session, person: Person, store: Store) -> object:
    row = connections.find(s, "Klaviyo")
    spec = Connection(
        name="Klaviyo",
        api_key="${K}",
        base_url=row.base_url,
        shared_with="contributors",
        consent=Consent(agreed_by=row.agreed_by),
    )
    return connections.change(s, store.vault, person, row, spec)


def remove_connection(s: Session, person: Person, store: Store) -> object:
    requests.ask_stop(s, ADA, run_of(s, "Second"))
    return connections.remove(s, person, connections.find(s, "Klaviyo"))


def remove_source(s: Session, person: Person, store: Store) -> object:
    spec = sources.spec(sources.find(s, "Profiles")).model_copy(update={"name": "Free"})
    return sources.remove(s, person, sources.add(s, ADA, spec, {}))


def choose_table(s: Session, person: Person, store: Store) -> object:
    applied = Source(name="Shop", type="database", table="people", url="sqlite:////srv/shop.db")
    row = sources.add(s, operator(), applied, {}, store.vault)
    other = Source(name="Shop", type="database", table="orders")
    return sources.change(s, person, row, other, {}, store.vault)


def remove_segment(s: Session, person: Person, store: Store) -> object:
    add_segment(s)
    return segments.remove(s, person, segments.find(s, "Free"))


# What core does within a transaction of the caller's; the test takes it back.
WITHIN: dict[Action, list[Deed]] = {
    Action.manage_sources: [
        changed(sources, "Profiles"),
        added(sources, "Profiles"),
        remove_source,
    ],
    Action.choose_tables: [choose_table],
    Action.manage_segments: [
        lambda s, person, store: address_lists.add(
            s, person, AddressListFile(name="VIP"), store.vault, addresses.Content((), "d")
        ),
        changed(segments, "Everybody"),
        added(segments, "Everybody"),
        remove_segment,
    ],
    Action.manage_exports: [
        changed(exports, "Newsletter"),
        added(exports, "Newsletter"),
        removed(exports, "Newsletter"),
        lambda s, person, _store: exports.detach(s, person, exports.find(s, "Newsletter")),
        lambda s, person, _store: exports.pause(s, person, exports.find(s, "Newsletter"), True),
        lambda s, person, _store: exports.reschedule(
            s, person, exports.find(s, "Newsletter"), "refresh"
        ),
    ],
    Action.run: [
        lambda s, person, _store: requests.request(s, person, exports.find(s, "Newsletter")),
        lambda s, person, _store: requests.retry(s, person, run_of(s, "Newsletter")),
        lambda s, person, _store: requests.ask_stop(s, person, run_of(s, "Second")),
    ],
    Action.manage_connections: [add_connection, change_connection, remove_connection],
    Action.manage_people: [
        lambda s, person, _store: accounts.add(s, person, "New", Role.viewer),
        lambda s, person, _store: accounts.set_role(
            s, person, accounts.find(s, "Someone"), Role.contributor
        ),
        lambda s, person, _store: accounts.sign_out(s, person, accounts.find(s, "Someone")),
        lambda s, person, _store: attempts.lift(s, person, "name someone"),
        lambda s, person, _store: accounts.disable(s, person, accounts.find(s, "Someone")),
        lambda s, person, _store: accounts.enable(s, person, accounts.find(s, "Someone")),
        lambda s, person, _store: accounts.set_password(
            s, person, accounts.find(s, "Someone"), "a long walk by the sea"
        ),
    ],
    Action.manage_tokens: [
        lambda s, person, _store: tokens.add(s, person, "Nightly", ["Newsletter", "refresh"]),
        lambda s, person, _store: tokens.revoke(s, person, "Airflow"),
    ],
    Action.own_alerts: [
        lambda s, person, store: channels.add(
            s,
            store.vault,
            person,
            Channel(name="Mine", address="me@example.com"),
            address="me@example.com",
            is_own=True,
        ),
    ],
    Action.manage_alerts: [
        lambda s, person, store: channels.add(
            s, store.vault, person, Channel(name="Ops", address="${OPS}"), address=OPS
        ),
        lambda s, person, _store: alert_settings.change_limits(s, person, Limits(slow=9)),
        lambda s, person, store: alert_settings.change_heartbeat(
            s, store.vault, person, Heartbeat(address="https://example.com/ping")
        ),
    ],
    Action.read_audit: [lambda s, person, _store: audit.entries(s, person)],
    Action.configure: [
        lambda s, person, _store: preferences.change_refresh(s, person, REFRESH),
        lambda s, person, _store: preferences.change_defaults(s, person, Guards(remove=9)),
        lambda s, person, _store: scheduler.refresh_now(s, person, datetime.now(UTC)),
    ],
}


def looking(store: Store, person: Person) -> Deeds:
    run, source = failed(store), row_of(store, sources, "Profiles")
    yield lambda: downloads.rejected(store, person, run)
    yield lambda: downloads.runs_csv(store, person)
    yield lambda: looks.saved(store, person, source)


def previewing(store: Store, person: Person) -> Deeds:
    yield lambda: plan.preview(store, person, "Newsletter")


def looking_up(store: Store, person: Person) -> Deeds:
    yield lambda: look_up.look_up(store, person, "ilze@example.lv")


def seeing_addresses(store: Store, person: Person) -> Deeds:
    segment, source = row_of(store, segments, "Everybody"), row_of(store, sources, "Profiles")
    rules, run = Group.model_validate(segment.rules), failed(store)
    yield lambda: members.members_csv(store, person, segment)
    yield lambda: members.members(store, person, source, rules, 1)
    yield lambda: downloads.rejects_csv(store, person, run)


def reading_sources(store: Store, person: Person) -> Deeds:
    row = row_of(store, sources, "Profiles")
    yield lambda: looks.look(store, person, sources.spec(row))
    yield lambda: looks.read(store, person, row)


def counting(store: Store, person: Person) -> Deeds:
    row = row_of(store, sources, "Profiles")
    yield lambda: members.recount(store, person, row)
    yield lambda: members.count(store, person, row, {})


def seeing_lists(store: Store, person: Person) -> Deeds:
    row = row_of(store, connections, "Klaviyo")
    yield lambda: lists.lists(store, person, row)
    yield lambda: plan.newcomers(store, person, "Newsletter")


def trying_connections(store: Store, person: Person) -> Deeds:
    row = row_of(store, connections, "Klaviyo")
    yield lambda: checks.check(store, person, row)
    yield lambda: checks.try_key(store, person, "klaviyo", row.base_url, "pk_0123456789")


def inviting(store: Store, person: Person) -> Deeds:
    row = row_of(store, accounts, "Someone")
    yield lambda: sign_in.invite(store, person, row.id)


def configuring(store: Store, person: Person) -> Deeds:
    nothing = apply.prepare(store, Configuration(), {})
    yield lambda: dump.text(store, person)
    yield lambda: backups.everything(store, person)
    yield lambda: installation.read(store, person)
    yield lambda: apply.apply(store, person, nothing)


def erasing_people(store: Store, person: Person) -> Deeds:
    yield lambda: erasing.offered(store, person, "nobody@example.lv")
    yield lambda: receipts.of_addresses(store, person, ["nobody@example.lv"])


# What core does in transactions of its own; none of it changes what the other tests find.
ALONE: dict[Action, Callable[[Store, Person], Deeds]] = {
    Action.look: looking,
    Action.preview: previewing,
    Action.look_up: looking_up,
    Action.see_addresses: seeing_addresses,
    Action.manage_sources: reading_sources,
    Action.manage_segments: counting,
    Action.see_lists: seeing_lists,
    Action.manage_connections: trying_connections,
    Action.manage_people: inviting,
    Action.erase: erasing_people,
    Action.configure: configuring,
}


def failed(store: Store) -> Run:
    with store.begin() as session:
        return run_of(session, "Newsletter")


def cell(rule: Rule, role: Role) -> str:
    """How docs/people.md puts a rule."""
    if role < rule.smallest:
        return "no"
    return "own and shared" if rule.of_connection and role is Role.contributor else "yes"


def test_the_table_in_docs_is_the_one_in_core():
    assert {
        str(action): {role: cell(rule, role) for role in Role} for action, rule in RULES.items()
    } == TABLE


@pytest.mark.parametrize("how", STANDINGS)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_core_does_what_docs_say(store: Store, action: Action, role: Role, how: str):
    person = Person(f"A {role.name}", role, row_of(store, accounts, f"A {role.name}").id)
    standing(store, person, how)
    told = TABLE[action][role]
    allowed = told == "yes" or (told == "own and shared" and how != "unshared")
    outcomes = [done(partial(taken_back, store, person, deed)) for deed in WITHIN.get(action, [])]
    if action in ALONE:
        outcomes += [done(deed) for deed in ALONE[action](store, person)]
    assert set(outcomes) == {allowed}


def taken_back(store: Store, person: Person, deed: Deed) -> None:
    with suppress(Undone), store.begin() as session:
        deed(session, person, store)
        raise Undone


def done(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except Denied:
        return False
    return True


def test_a_refusal_is_written_down(store: Store):
    vita = Person("Vita", Role.viewer, origin="192.0.2.7")
    with pytest.raises(Denied):
        looks.read(store, vita, row_of(store, sources, "Profiles"))
    with store.begin() as session:
        (entry,) = audit.entries(session, ADA, by="Vita")
    assert (entry.refused, entry.role, entry.origin) == (True, "viewer", "192.0.2.7")


def test_an_export_is_not_taken_to_or_from_a_connection_that_is_not_shared(store: Store):
    conny = Person("Conny", Role.contributor)
    standing(store, conny, "shared")
    with suppress(Undone), store.begin() as session:
        add_connection(session, ADA, store)  # is shared with nobody
        export = exports.find(session, "Newsletter")
        spec = exports.spec(session, export)
        there = spec.model_copy(update={"connection": "New"})
        with pytest.raises(Denied, match="“New”"):
            exports.change(session, conny, export, there)
        assert exports.change(session, ADA, export, there)
        with pytest.raises(Denied, match="“New”"):
            exports.change(session, conny, export, spec)
        with pytest.raises(Denied, match="“New”"):
            requests.retry(session, conny, run_of(session, "Newsletter"))
        raise Undone


def test_a_run_is_not_retried_through_the_connection_it_was_made_with_once_that_is_not_shared(
    store: Store,
):
    """Its export goes elsewhere by now, but its frozen rows would go where they went."""
    conny = Person("Conny", Role.contributor)
    standing(store, conny, "unshared")
    with suppress(Undone), store.begin() as session:
        export = exports.find(session, "Newsletter")
        export.connection_id = None
        session.add(export)
        session.flush()
        with pytest.raises(Denied, match="“Klaviyo”"):
            requests.retry(session, conny, run_of(session, "Newsletter"))
        raise Undone


def test_viewers_preview_with_masked_addresses_and_others_with_whole_ones(store: Store):
    whole = plan.preview(store, Person("Conny", Role.contributor), "Newsletter").sample
    hidden = plan.preview(store, Person("Vita", Role.viewer), "Newsletter").sample
    assert whole[0]["attributes"]["email"] == "ilze@example.lv"
    assert hidden[0]["attributes"]["email"] == "i•••@example.lv"
    source = row_of(store, sources, "Profiles")
    found = looks.saved(store, Person("Vita", Role.viewer), source)
    assert found.sample[0]["email"] == "i•••@example.lv"
    assert found.facts.sample.is_empty()


# What people take home, by where its button is: what the audit calls it, and what makes it.
DOWNLOADS: dict[str, tuple[Download, Callable[[Store, Person], bytes]]] = {
    "history/page.py": (Download.runs, downloads.runs_csv),
    "history/not_exported.py": (
        Download.rejects,
        lambda store, person: downloads.rejects_csv(store, person, failed(store)),
    ),
    "segments/members.py": (
        Download.members,
        lambda store, person: members.members_csv(
            store, person, row_of(store, segments, "Everybody")
        ),
    ),
    "segments/coverage.py": (
        Download.addresses,
        lambda store, person: given_lists.missing_csv(
            store, person, row_of(store, sources, "Profiles"), "first_name", a_list(store)
        ),
    ),
    "preview/result.py": (
        Download.rejects,
        lambda store, person: downloads.rejects_csv(store, person, failed(store)),
    ),
    "preview/plan.py": (
        Download.plan,
        lambda store, person: plan.plan_csv(store, person, "Newsletter"),
    ),
    "audit/page.py": (Download.audit, downloads.audit_csv),
    "person/paper.py": (
        Download.person,
        lambda store, person: as_text(paper.as_pdf(store, person, "ilze@example.lv")),
    ),
    "person/erase.py": (
        Download.receipt,
        lambda store, person: as_text(receipts.as_pdf(store, person, an_erasure(store))),
    ),
}
NOBODYS = (Download.audit, Download.receipt)  # in which no profile is


def a_list(store: Store) -> str:
    content = addresses.content(store, ["ilze@example.lv"])
    with store.begin() as session:
        if "VIP" not in addresses.known(session):
            address_lists.add(session, ADA, AddressListFile(name="VIP"), store.vault, content)
    return "VIP"


def an_erasure(store: Store) -> int:
    with store.begin() as session:
        row = ErasureRow(by="Ada", digests=["00ff"])
        session.add(row)
    return row.id


def as_text(pdf: bytes) -> bytes:
    from pypdf import PdfReader  # here: each process of tests imports this module

    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).encode()


def places(call: str, folder: str = "pages") -> list[str]:
    """Where anything of this name is called, once for each call."""
    root, name = Path(__file__).parents[1] / folder, call.rpartition(".")[2]
    sources = {path: path.read_text() for path in sorted(root.rglob("*.py"))}
    return [
        path.relative_to(root).as_posix()
        for path, source in sources.items()
        if name in source  # else there is nothing to parse
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(call)
    ]


def test_each_download_is_in_the_table():
    assert places("download_button") == ["ui/download.py"]
    assert places("download.button") == sorted(DOWNLOADS)
    assert places("spreadsheets.csv", "core") == ["store/downloads.py"]
    assert set(NEEDED) == set(Download) == {download for download, _make in DOWNLOADS.values()}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("place", DOWNLOADS)
def test_a_download_is_masked_by_role_and_written_down(store: Store, place: str, role: Role):
    person = Person(f"A {role.name}", role, origin=f"192.0.2.{role.value}")
    download, make = DOWNLOADS[place]
    rejects.keep_refused(store.settings, failed(store), 1, "job", REFUSED)
    allowed = role >= RULES[NEEDED[download]].smallest
    with store.begin() as session:
        before = len(audit.entries(session, ADA, by=person.name))
    content = make(store, person).decode() if allowed else ""
    if not allowed:
        with pytest.raises(Denied):
            make(store, person)
    whole = RULES[Action.see_addresses].smallest <= role
    has_some = download not in NOBODYS and allowed
    assert ("ilze@example.lv" in content) == (whole and has_some)
    assert ("i•••@example.lv" in content) == (not whole and has_some)
    with store.begin() as session:
        newest, *others = audit.entries(session, ADA, by=person.name)
    assert len(others) == before
    assert newest.origin == person.origin
    if allowed:
        assert (newest.action, newest.kind) == (Written.downloaded, download)
    else:
        assert newest.refused
