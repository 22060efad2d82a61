"""Agents may propose, people decide: whatever tools are called, nothing is written to Klaviyo."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.runs import holds
from core.runs.engine.host import Host
from core.store import Store, dump, exports, requests, runs
from core.store.locks import holding
from core.store.tables.runs import AGENT, ENDED, Run, RunStatus
from tests.conftest import ADA
from tests.mcp.conftest import of
from tests.mcp.test_tools import EXPORT, RULES
from tests.runs.conftest import POLL_EVERY, RESTING, done, until

NAMES = st.sampled_from(["Newsletter", "Spenders", "Everybody", "Nothing", ""])
MODES = st.sampled_from(["add", "mirror", "update", "delete"])
ADDRESSES = st.sampled_from(["p1@example.com", "nobody@example.com", "no address"])
CHANGED = {"rules": st.just(RULES)}
CHANGES = [
    ("draft_export_change", {"export": "Newsletter", "mode": "mirror", "list_id": "Wq5abc"}),
    ("draft_segment_change", {"segment": "Everybody", "rules": RULES, "name": "Latvians"}),
    ("request_run", {"export": "Newsletter"}),
]
CALLS = st.one_of(
    st.tuples(st.sampled_from(["list_exports", "list_segments", "list_sources"]), st.just({})),
    st.tuples(st.just("list_connections"), st.just({})),
    st.tuples(st.just("list_runs"), st.fixed_dictionaries({}, optional={"export": NAMES})),
    st.tuples(st.just("show_run"), st.fixed_dictionaries({"run_id": st.integers(-1, 9)})),
    st.tuples(st.just("preview_export"), st.fixed_dictionaries({"export": NAMES})),
    st.tuples(st.just("explain_person"), st.fixed_dictionaries({"email": ADDRESSES})),
    st.tuples(
        st.just("draft_segment"),
        st.fixed_dictionaries({"name": NAMES, "source": NAMES, "rules": st.just(RULES)}),
    ),
    st.tuples(st.just("draft_export"), NAMES.map(lambda name: EXPORT | {"name": name})),
    st.tuples(st.just("request_run"), st.fixed_dictionaries({"export": NAMES})),
    st.tuples(st.just("request_run"), st.just({"export": "Newsletter", "confirm": 8})),
    st.tuples(
        st.just("draft_segment_change"),
        st.fixed_dictionaries({"segment": NAMES}, optional={"name": NAMES, **CHANGED}),
    ),
    st.tuples(
        st.just("draft_export_change"),
        st.fixed_dictionaries(
            {"export": NAMES},
            optional={"name": NAMES, "mode": MODES, "list_id": st.just("Wq5abc")},
        ),
    ),
)


def writes(url: str) -> list[tuple[str, str]]:
    """Whatever reached the sandbox that doesn't only read."""
    found = httpx.get(f"{url}/sandbox/requests").raise_for_status().json()["requests"]
    return [(one["method"], one["path"]) for one in found if one["method"] != "GET"]


def test_no_sequence_of_tools_writes_to_klaviyo_or_changes_what_is_saved(
    beside_klaviyo: Store, klaviyo: str
):
    """Meanwhile the engine carries on whatever there is; after all that a person confirms."""
    from mcp.server.mcpserver.exceptions import ToolError

    installed, call = beside_klaviyo, of(beside_klaviyo, "Ada")
    requested, changed, saved = 0, 0, configuration(beside_klaviyo)

    @settings(max_examples=5, database=None)
    @example(CHANGES)
    @given(st.lists(CALLS, min_size=1, max_size=6))
    def sequence(calls: list[tuple[str, dict[str, Any]]]) -> None:
        nonlocal requested, changed
        with carrying(installed):
            for tool, arguments in calls:
                with suppress(ToolError):
                    call(tool, **arguments)
                    requested += tool == "request_run"
                    changed += tool.endswith("_change")
            for run in active(installed):
                held = until(installed, run, lambda one: one.status in RESTING)
                assert (held.status, held.trigger) == (RunStatus.held, AGENT)
                with installed.begin() as session:  # a person discards it: the next one is new
                    requests.ask_stop(session, ADA, held)
        assert writes(klaviyo) == []
        assert configuration(installed) == saved

    sequence()
    assert requested > 1
    assert changed > 1
    with carrying(installed):
        call("request_run", export="Newsletter")
        (run,) = active(installed)
        held = until(installed, run, lambda one: one.status == RunStatus.held)
        assert "An agent of Ada requested this run, which would send 8 profiles." in held.hold
        assert (held.asking, held.by) == (8, "Ada")
        with installed.begin() as session:
            plan = holds.plan_of(runs.siblings(session, held))
            holds.run_anyway(session, ADA, plan, keep_leavers=False)
        assert done(installed, run).status in ENDED
        call("request_run", export="Newsletter")  # which would send nothing, and waits, too
        (run,) = active(installed)
        assert until(installed, run, lambda one: one.status == RunStatus.held).asking == 0
    assert ("POST", "/api/profile-bulk-import-jobs") in writes(klaviyo)
    with installed.begin() as session:  # it would have been noticed
        exports.pause(session, ADA, exports.find(session, "Newsletter"), True)
    assert configuration(installed) != saved


def configuration(store: Store) -> str:
    """All that is saved and acts: segments, exports, schedules and the rest."""
    return dump.text(store, ADA)


@contextmanager
def carrying(store: Store) -> Iterator[None]:
    """Meanwhile an engine carries out runs."""
    with holding(store), Host(store, POLL_EVERY):
        yield


def active(store: Store) -> list[Run]:
    with store.begin() as session:
        return runs.active(session)
