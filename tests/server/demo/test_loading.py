"""The demo is loaded and removed while the server goes on; whoever looks sees how far it is."""

from collections.abc import Iterator

import pytest

from core import sandbox
from core.access import Person, Role
from core.errors import Conflict, Denied
from core.sandbox import demo
from core.server.demo import loading
from core.store import Store, exports, samples
from tests.conftest import ADA
from tests.long_work import ended


@pytest.fixture
def served(used: None, store: Store) -> Iterator[Store]:
    """A store in a server's process, whose sandbox runs."""
    with sandbox.running(store.settings.home / "sandbox", delay=0.0, limits=False) as url:
        store.runtime.start_sandbox = lambda: url
        yield store


def test_only_one_loading_goes_on_and_what_it_made_is_removed_when_it_is_cancelled(served: Store):
    work = loading.load(served, ADA, 500)
    assert loading.load(served, ADA) is work
    loading.cancel(served, ADA)
    assert ended(work).problem is None
    with served.begin() as session:
        assert not samples.are_there(session)
        assert exports.everything(session) == []
    assert not (served.settings.home / "demo" / "making").exists()


def test_a_server_that_ends_meanwhile_leaves_the_samples(served: Store):
    demo.seed(served, ADA, served.runtime.start_sandbox(), loading.date.today(), 50)
    work = loading.begin(served, ADA)
    work.stop()
    ended(work)
    with served.begin() as session:
        assert samples.are_there(session)


def test_it_is_loaded_once_by_an_administrator_of_a_server(served: Store):
    with pytest.raises(Denied):
        loading.load(served, Person("Kaspars", Role.contributor))
    demo.seed(served, ADA, served.runtime.start_sandbox(), loading.date.today(), 50)
    with pytest.raises(Conflict, match="loaded already"):
        loading.load(served, ADA)
    served.runtime.start_sandbox = None
    with pytest.raises(Conflict, match="segferry serve"):
        loading.load(served, ADA)
