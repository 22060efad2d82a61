"""The tools for agents: what they show, what they draft, in whose name, and what they can't."""

import pytest

from core.access import Person, Role
from core.store import (
    Store,
    accounts,
    audit,
    connections,
    drafts,
    exports,
    progress,
    requests,
    segments,
)
from core.store.audit import Deed
from core.store.drafts import Form
from core.store.tables.runs import RunStatus
from pages.segments import draft as builder
from tests.conftest import ADA
from tests.mcp.conftest import of, offered, refused

RULES = {"all": [{"field": "country", "op": "equals", "value": "LV"}, {"any": [
    {"field": "spent", "op": "more_than", "value": 300},
    {"field": "first_name", "op": "is_one_of", "value": ["Name 1", "Name 2"]}]}]}  # fmt: skip
TOP = {"count": 2, "by": "spent", "order": "smallest", "ties": "email"}
FIRST = {"any": [{"all": [], "top": TOP}], "top": TOP}
EXPORT = {"name": "Spenders", "connection": "Klaviyo", "list_id": "Y6nRLr"}
EXPORT |= {"segments": ["Everybody"], "match": {"email": "email"}}
PROPOSING = {"draft_segment", "draft_export", "request_run"}
PROPOSING |= {"draft_segment_change", "draft_export_change"}


def account(store: Store, name: str) -> Person:
    with store.begin() as session:
        row = accounts.find(session, name)
        return Person(row.name, Role(row.role), row.id)


def names(store: Store, name: str | None) -> set[str]:
    return {one.name for one in offered(store, name)}


def test_nobodys_agent_only_reads(installed: Store):
    assert not PROPOSING & names(installed, None)
    assert names(installed, "Kaspars") > PROPOSING
    for tool in offered(installed, "Kaspars"):
        assert tool.description
        assert tool.annotations
        assert bool(tool.annotations.read_only_hint) is (tool.name not in PROPOSING)


def test_everything_is_listed_without_values_of_people(installed: Store):
    call = of(installed)
    assert call("list_exports")["shown"][0] | {} == {
        "name": "Newsletter",
        "connection": "Klaviyo",
        "list_id": "Y6nRLr",
        "list": None,
        "segments": ["Everybody"],
        "exclude": [],
        "mode": "add",
        "match": call("list_exports")["shown"][0]["match"],
        "schedule": "off",
        "paused": False,
    }
    assert call("list_segments")["shown"][0]["name"] == "Everybody"
    assert set(call("list_sources")["shown"][0]["columns"]) >= {"email", "country"}
    assert call("list_connections")["shown"] == [
        {"name": "Klaviyo", "type": "klaviyo", "state": "unchecked"}
    ]
    seen = str([call("preview_export", export="Newsletter"), call("list_segments")])
    assert "p1@example.com" not in seen
    assert "p•••@example.com" in seen


def test_an_administrators_agent_sees_people_masked_too(installed: Store):
    with installed.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        session.flush()
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed, error="Answered: p1@example.com is bad")
    call = of(installed, "Ada")
    seen = str([call("show_run", run_id=run.id), call("explain_person", email="p1@example.com")])
    assert "p1@example.com" not in seen
    assert "p•••@example.com is bad" in seen
    assert "p1@example.com" not in str(call("preview_export", export="Newsletter"))


@pytest.mark.parametrize("rules", [RULES, {"any": [{"sql": "country <> 'LV'"}]}, FIRST])
def test_a_drafted_segment_is_what_the_builder_holds_and_no_segment(installed: Store, rules: dict):
    given = {"name": "Latvians", "source": "Profiles", "rules": rules}
    assert of(installed, "Kaspars")("draft_segment", **given)["drafted"] == "Latvians"
    with installed.begin() as session:
        assert [row.name for row in segments.everything(session)] == ["Everybody"]
        row = drafts.find(session, account(installed, "Kaspars"), Form("segment"))
        (entry,) = audit.entries(session, ADA, deed=Deed.drafted)
    assert row
    root = builder.with_ids(drafts.typed(row)["root"])
    assert builder.value_of(root).as_data() == rules
    assert builder.bare(root) == builder.bare(builder.opened(builder.value_of(root)))
    assert (entry.by, entry.origin, entry.what) == ("Kaspars", "agent", "Latvians")


def test_a_drafted_export_leaves_guards_and_schedule_to_the_form(installed: Store):
    of(installed, "Ada")("draft_export", **EXPORT)
    with installed.begin() as session:
        assert [row.name for row in exports.everything(session)] == ["Newsletter"]
        row = drafts.find(session, account(installed, "Ada"), Form("export"))
    assert row
    assert set(drafts.typed(row)) == {*EXPORT, "mode"}


def test_what_a_person_typed_is_never_written_over(installed: Store):
    person, call = account(installed, "Ada"), of(installed, "Ada")
    call("draft_export", **EXPORT)
    call("draft_export", **EXPORT | {"name": "Better"})
    with installed.begin() as session:
        drafts.keep(session, person, Form("export"), {"name": "Typed"}, {})
    assert "Save or discard it first" in refused(call, "draft_export", **EXPORT)
    with installed.begin() as session:
        assert drafts.find(session, person, Form("export")).data == {"name": "Typed"}
        for n in range(1, drafts.MOST):
            drafts.keep(session, person, Form("segment", n), {"name": str(n)}, {})
    given = {"name": "Latvians", "source": "Profiles", "rules": RULES}
    assert "30 drafts" in refused(call, "draft_segment", **given)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"segments": ["Nobody"]}, "There is no segment “Nobody”"),
        ({"match": {"email": "mail"}}, "mail"),
        ({"match": {"phone_number": "country"}}, "email"),
        ({"name": "Newsletter"}, "already used"),
        ({"list_id": "../x"}, "list_id"),
        ({"mode": "delete"}, "mode"),
        ({"match": {"email": "email", "properties": {"x": "y" * 30_000}}}, "too large"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_and_nothing_is_kept(installed: Store, change, says):
    assert says in refused(of(installed, "Ada"), "draft_export", **EXPORT | change)
    with installed.begin() as session:
        assert drafts.find(session, account(installed, "Ada"), Form("export")) is None


def test_rules_that_are_too_deep_are_refused(installed: Store):
    rules = {"all": [RULES]}
    for _n in range(2_000):
        rules = {"all": [rules]}
    given = {"name": "Deep", "source": "Profiles", "rules": rules}
    assert "too large" in refused(of(installed, "Ada"), "draft_segment", **given)


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("request_run", {"export": "Newsletter"}),
        ("draft_segment", {"name": "L", "source": "Profiles", "rules": RULES}),
        ("draft_export", EXPORT),
        ("draft_segment_change", {"segment": "Everybody", "rules": RULES}),
        ("draft_export_change", {"export": "Newsletter", "mode": "update"}),
    ],
)
def test_an_agent_may_no_more_than_its_person(installed: Store, tool: str, given: dict):
    assert "is a viewer and may not do this" in refused(of(installed, "Vita"), tool, **given)
    with installed.begin() as session:
        (entry, *_others) = audit.entries(session, ADA, deed=Deed.refused)
    assert (entry.by, entry.origin) == ("Vita", "agent")


def test_a_disabled_persons_agent_does_nothing_any_more(installed: Store):
    call = of(installed, "Kaspars")
    with installed.begin() as session:
        accounts.disable(session, ADA, accounts.find(session, "Kaspars"))
    assert "Kaspars is disabled" in refused(call, "list_exports")


def test_an_agent_lets_no_held_run_go(installed: Store):
    with installed.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        session.flush()
        progress.step(session, run.id, RunStatus.running)
        progress.hold(session, run.id, "The connection doesn't work.")
    shown = of(installed, "Ada")("request_run", export="Newsletter")
    assert (shown["run_id"], shown["status"]) == (run.id, "held")


def test_a_change_of_a_segment_is_drafted_with_what_differs(installed: Store):
    call = of(installed, "Kaspars")
    assert call("draft_segment_change", segment="Everybody", rules=RULES)["drafted"] == "Everybody"
    with installed.begin() as session:
        row = segments.find(session, "Everybody")
        before = dict(row.rules)
        kept = drafts.find(session, account(installed, "Kaspars"), Form("segment", row.id))
        (entry,) = audit.entries(session, ADA, deed=Deed.drafted)
    assert kept
    assert set(drafts.typed(kept)) == {"root"}
    assert builder.value_of(builder.with_ids(kept.data["root"])).as_data() == RULES
    assert kept.base == {"name": "Everybody", "source": "Profiles", "rules": before}
    assert (entry.by, entry.what) == ("Kaspars", "change of “Everybody”")
    same = refused(call, "draft_segment_change", segment="Everybody", rules=before)
    assert "Nothing differs" in same


def test_a_change_of_an_export_is_drafted_with_what_differs(installed: Store):
    call = of(installed, "Ada")
    call("draft_export_change", export="Newsletter", mode="update", segments=["Everybody"])
    with installed.begin() as session:
        row = exports.find(session, "Newsletter")
        saved = exports.spec(session, row)
        kept = drafts.find(session, account(installed, "Ada"), Form("export", row.id))
    assert kept
    assert drafts.typed(kept) == {"mode": "update"}
    assert kept.base == saved.model_dump(mode="json")
    assert saved.mode == "add"
    with installed.begin() as session:
        drafts.keep(session, account(installed, "Ada"), Form("export", row.id), {"limit": 7}, {})
    again = refused(call, "draft_export_change", export="Newsletter", mode="mirror")
    assert "a draft of “Newsletter” that isn't saved" in again


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"export": "Nowhere", "mode": "add"}, "There is no export “Nowhere”"),
        ({"export": "Newsletter"}, "Nothing differs"),
        ({"export": "Newsletter", "segments": ["Nobody"]}, "There is no segment “Nobody”"),
        ({"export": "Newsletter", "match": {"email": "mail"}}, "mail"),
        ({"export": "Newsletter", "exclude": ["Everybody"]}, "Everybody"),
    ],
)
def test_a_change_that_could_not_be_saved_is_not_drafted(installed: Store, change, says):
    assert says in refused(of(installed, "Ada"), "draft_export_change", **change)
    with installed.begin() as session:
        assert drafts.proposed(session, account(installed, "Ada")) == []


def test_the_export_of_a_connection_that_is_not_theirs_is_nothing_to_change(installed: Store):
    with installed.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.shared_with, row.people = "people", []
        session.add(row)
    says = refused(of(installed, "Kaspars"), "draft_export_change", export="Newsletter", mode="add")
    assert "Klaviyo" in says
