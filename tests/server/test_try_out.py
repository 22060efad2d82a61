"""The local Klaviyo in one step, with a real server of a data folder."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from core.access import Person, Role
from core.connections import checks
from core.destinations.limits import Limits
from core.errors import Conflict, Denied, Invalid, Unavailable
from core.server import sandbox, try_out
from core.server.server import Server
from core.store import Store, audit, connections
from core.store.tables.connections import ConnectionRow
from tests.conftest import ADA


@contextmanager
def served(store: Store, said: list[str] | None = None) -> Iterator[Server]:
    """A server of the data folder for the length of a block."""
    with Server(store, (said if said is not None else []).append, has_pages=True) as server:
        yield server


@contextmanager
def begun(folder: Path) -> Iterator[str]:
    """A local Klaviyo without a server around it; its address."""
    klaviyo = sandbox.LocalKlaviyo(folder)
    yield klaviyo.begin()
    klaviyo.close()


@pytest.fixture(autouse=True)
def limits_in_real_time(store: Store) -> None:
    """This local Klaviyo keeps Klaviyo's own limits, so a faster clock would run into them."""
    store.runtime.limits = Limits()


@pytest.fixture(autouse=True)
def own_port(store: Store) -> None:
    """It listened last at a port that no other test uses meanwhile."""
    folder = store.settings.home / "sandbox"
    folder.mkdir()
    with taken(0) as port:
        (folder / "port").write_text(str(port))


@contextmanager
def usual_port_taken() -> Iterator[None]:
    """By us, unless somebody has it already."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(taken(sandbox.PORT))
        yield


@contextmanager
def taken(port: int) -> Iterator[int]:
    """Somebody else listens on the port (0: on any); the port."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield int(other.getsockname()[1])


def port_of(row: ConnectionRow) -> int:
    return int(row.base_url.rpartition(":")[2])


def everything(store: Store) -> list[ConnectionRow]:
    with store.begin() as session:
        return connections.everything(session)


def test_one_step_adds_a_checked_connection_to_a_klaviyo_that_runs_here(store):
    with served(store):
        try_out.add(store, ADA)
        (row,) = everything(store)
        assert httpx.get(f"{row.base_url}/sandbox/state").is_success
        assert checks.check(store, ADA, row).name == "Baltic Outfitters"
    assert (row.name, row.account_id, row.problem) == ("Sandbox", "XK4p9T", None)
    assert (row.agreed_by, row.agreed_version) == ("Ada", try_out.WORDS)
    assert row.created_by == "Ada"
    assert store.vault.unlock(row.secret).startswith("pk_sandbox_")


def test_a_second_step_finds_what_the_first_one_made(store):
    with served(store):
        assert try_out.add(store, ADA).id == try_out.add(store, ADA).id
    assert len(everything(store)) == 1


def test_it_listens_at_the_same_address_after_a_restart_without_being_asked(store):
    with served(store):
        row = try_out.add(store, ADA)
    with pytest.raises(Unavailable, match="nothing listens"):
        checks.check(store, ADA, row)
    with served(store):
        assert checks.check(store, ADA, row).id == "XK4p9T"


def test_without_a_connection_to_it_nothing_listens_after_a_restart(store):
    with served(store):
        row = try_out.add(store, ADA)
    with store.begin() as session:
        connections.remove(session, ADA, connections.find(session, row.id))
    with served(store), pytest.raises(httpx.ConnectError):
        httpx.get(row.base_url)


def test_a_port_that_is_taken_later_is_told_and_the_next_step_moves_the_connection(store):
    with served(store):
        row = try_out.add(store, ADA)
    said: list[str] = []
    with taken(port_of(row)), served(store, said):
        assert [line for line in said if f"Port {port_of(row)} on 127.0.0.1 can't be used" in line]
        moved = try_out.add(store, ADA)
        assert moved.id == row.id
        assert port_of(moved) != port_of(row)
    with store.begin() as session:
        deeds = [(entry.action, entry.what) for entry in audit.entries(session, ADA)]
    assert deeds.count(("changed", "Sandbox")) == 1


def test_where_its_usual_port_is_taken_it_takes_another_and_keeps_that(tmp_path):
    with usual_port_taken(), begun(tmp_path) as first:
        pass
    assert not first.endswith(f":{sandbox.PORT}")
    with begun(tmp_path) as second:
        assert httpx.get(f"{second}/sandbox/state").is_success
    assert second == first


@pytest.mark.parametrize("text", ["", "0", "70000", "all of them", "\udcff"])
def test_a_kept_port_that_is_none_is_forgotten(tmp_path, text):
    (tmp_path / "port").write_bytes(text.encode("utf-8", "surrogateescape"))
    with begun(tmp_path) as address:
        assert address.endswith(":" + (tmp_path / "port").read_text())


def test_a_connection_to_the_real_klaviyo_of_that_name_is_left_alone(store, klaviyo):
    with served(store):
        row = try_out.add(store, ADA)
        with store.begin() as session:
            connections.find(session, row.id).base_url = "https://a.klaviyo.com"
        with pytest.raises(Invalid, match="“Sandbox” is already used"):
            try_out.add(store, ADA)
    assert everything(store)[0].base_url == "https://a.klaviyo.com"


def test_without_a_server_of_this_folder_here_it_says_what_to_start(store):
    assert store.runtime.start_sandbox is None
    with pytest.raises(Conflict, match=r"segferry serve.*Run “segferry sandbox”"):
        try_out.add(store, ADA)
    assert everything(store) == []


def test_only_administrators_may(store):
    with served(store), pytest.raises(Denied):
        try_out.add(store, Person("Kaspars", Role.contributor))
    assert not (store.settings.home / "sandbox" / "sandbox.db").exists()


def test_one_that_was_added_by_hand_is_found_by_its_address(store):
    with served(store) as server:
        url = server.sandbox()
        row = try_out.add(store, ADA)
        with store.begin() as session:
            connections.find(session, row.id).name = "By hand"
        assert try_out.add(store, ADA).name == "By hand"
        assert row.base_url == url
