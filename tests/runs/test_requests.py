"""The requests of a run: all are counted, some are kept, without bodies and keys."""

from pathlib import Path

from core.store import Store, details
from core.store.tables.runs import Run
from tests.conftest import applied
from tests.runs.carried import ran
from tests.runs.test_history import NOW, run


def test_a_run_keeps_its_requests_without_bodies_and_keys(store: Store, configuration: Path):
    applied(store, configuration)
    done = ran(store)
    with store.begin() as session:
        found = details.requests(session, done)
    assert found is not None
    assert sum(kind.n for kind in found.kinds) == done.requests
    assert {one.status for one in found.some} <= {200, 202, 404}
    assert ("POST", "/api/profile-bulk-import-jobs") in {(k.method, k.path) for k in found.kinds}
    assert not any(character.isdigit() for kind in found.kinds for character in kind.path)


def test_of_many_requests_a_bounded_sample_is_kept_and_all_are_counted(
    store: Store,
):
    with store.begin() as session:
        session.add(run())
    many = [details.Request(NOW, "GET", "/api/x", 500 if n % 9 else 200, 0.1) for n in range(5000)]
    with store.begin() as session:
        details.keep_requests(session, 1, many[:2500])
    with store.begin() as session:
        details.keep_requests(session, 1, many[2500:])
    with store.begin() as session:
        found = details.requests(session, session.get(Run, 1))
    assert sum(kind.n for kind in found.kinds) == 5000
    assert len(found.some) == details.FIRST + details.FAILED + details.SLOWEST
