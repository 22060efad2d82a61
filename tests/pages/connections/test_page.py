"""The Connections page: adding step by step, testing, changing, removing."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from core.access import Role, operator
from core.connections import checks
from core.destinations.klaviyo import SCOPES
from core.destinations.register import kind_of
from core.store import Store, accounts, audit, connections, exports, passwords
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.exports import ExportRow
from core.store.tables.people import DraftRow
from core.store.tables.runs import Run, RunStatus
from pages.ui.words import day, now, plain

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Leads = Callable[[AppTest], dict[str, str]]
VERSION = kind_of("klaviyo").capabilities.agreement.version
GOOD = "a long walk by the sea"


@pytest.fixture
def form(page: Page, klaviyo: str, request: pytest.FixtureRequest) -> AppTest:
    """The steps of a new connection to the sandbox, filled in up to Connect."""
    app = page("connections", view="add")
    app.text_input(key="connection-klaviyo-base_url").set_value(klaviyo)
    app.text_input(key="connection-name").set_value("Newsletter, Baltics")
    app.radio(key="connection-who").set_value("contributors")
    # a key of its own, so that no test waits for another one's share of requests
    app.text_input(key="connection-key").set_value(f"pk_{request.node.name}_4f2a")
    app.checkbox(key="connection-agree").check()
    return app.run()


def test_without_connections_the_page_says_what_is_needed_and_offers_the_first_step(
    page: Page, words: Words
):
    app = page("connections")
    assert "No connection yet" in words(app)
    app.button(key="empty-cable-button").click().run()
    assert app.title[0].value == "Add connection"


def test_the_scopes_are_listed_before_the_key_is_asked_for(page: Page):
    app = page("connections", view="add")
    drawn = [getattr(e, "value", "") or getattr(e, "label", "") for e in app.main]
    scopes = next(i for i, text in enumerate(drawn) if "lists\\::gray[]write" in str(text))
    asked = next(i for i, e in enumerate(app.main) if e.type == "text_input" and "key" in e.key)
    assert scopes < asked


@pytest.mark.parametrize(
    ("field", "empty", "sentence"),
    [
        ("connection-name", "", "Give it a name"),
        ("connection-key", "", "Paste the private API key"),
        ("connection-klaviyo-base_url", "http://example.com", "https"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_sent(
    form: AppTest, words: Words, klaviyo: str, field: str, empty: str, sentence: str
):
    httpx.delete(f"{klaviyo}/sandbox/requests")
    form.text_input(key=field).set_value(empty)
    form.button(key="connection-connect").click().run()
    assert sentence in words(form)
    assert form.button(key="save").disabled
    assert "/api/" not in httpx.get(f"{klaviyo}/sandbox/requests").text


def test_without_agreeing_nothing_is_sent(form: AppTest, words: Words, klaviyo: str):
    httpx.delete(f"{klaviyo}/sandbox/requests")
    form.checkbox(key="connection-agree").uncheck()
    form.button(key="connection-connect").click().run()
    assert "Without your agreement nothing may be sent" in words(form)
    assert "/api/" not in httpx.get(f"{klaviyo}/sandbox/requests").text


def test_a_connection_is_added_with_its_consent_and_its_account(
    form: AppTest, words: Words, store: Store
):
    form.button(key="connection-connect").click().run()
    assert "Account **Baltic Outfitters** (XK4p9T)" in words(form)
    form.button(key="save").click().run()
    assert form.title[0].value == "Connections"
    with store.begin() as s:
        row = connections.find(s, "Newsletter, Baltics")
    assert (row.shared_with, row.account_id) == ("contributors", "XK4p9T")
    assert (row.agreed_version, row.agreed_by) == (VERSION, row.created_by)
    assert store.vault.unlock(row.secret).endswith("_4f2a")
    assert "Newsletter, Baltics" in words(form)


def test_a_key_that_is_changed_after_connecting_has_to_connect_again(form: AppTest, words: Words):
    form.button(key="connection-connect").click().run()
    assert not form.button(key="save").disabled
    form.text_input(key="connection-key").set_value("pk_another_key_0001").run()
    assert form.button(key="save").disabled
    assert "Account **" not in words(form)


def test_a_key_that_klaviyo_refuses_is_told_in_one_sentence(form: AppTest, words: Words):
    form.text_input(key="connection-key").set_value("not_a_key")
    form.button(key="connection-connect").click().run()
    assert not form.error
    assert len([line for line in drawn(form, "step-3") if "doesn't accept" in line]) == 1
    assert "not_a_key" not in words(form)


def test_a_step_that_failed_is_not_done_and_the_problem_comes_into_view(form: AppTest):
    assert badge(form, "step-3") == "Done"
    form.text_input(key="connection-key").set_value("not_a_key")
    form.button(key="connection-connect").click().run()
    assert badge(form, "step-3") == "Failed"
    assert badge(form, "step-5") == "To do"
    assert any("scrollIntoView" in html.proto.body for html in form.get("html"))
    form.text_input(key="connection-klaviyo-base_url").set_value("http://127.0.0.1:1")
    form.text_input(key="connection-key").set_value("pk_another_key_0001")
    form.button(key="connection-connect").click().run()
    assert (badge(form, "step-3"), badge(form, "step-5")) == ("Done", "Failed")
    assert any(line.startswith(":small[:red[") for line in drawn(form, "step-5"))


def test_what_was_typed_of_a_connection_is_kept_but_for_its_key_and_the_agreement(
    form: AppTest, page: Page, store: Store, klaviyo: str, words: Words
):
    with store.begin() as session:
        (row,) = session.exec(select(DraftRow))
    assert row.data == {
        "name": "Newsletter, Baltics",
        "type": "klaviyo",
        "base_url": klaviyo,
        "shared_with": "contributors",
    }
    app = page("connections", view="add")
    assert "You began this" in words(app)
    app.button(key="draft-continue").click().run()
    assert app.text_input(key="connection-name").value == "Newsletter, Baltics"
    assert app.text_input(key="connection-klaviyo-base_url").value == klaviyo
    assert app.radio(key="connection-who").value == "contributors"
    assert not app.text_input(key="connection-key").value
    assert not app.checkbox(key="connection-agree").value
    app.button(key="cancel").click().run()
    assert "You began this" not in words(page("connections", view="add"))


def test_a_changed_connection_is_not_undone_by_an_older_form(
    page: Page, connection: ConnectionRow, store: Store, words: Words
):
    first, second = (page("connections", view="edit", connection=connection.id) for _n in range(2))
    first.radio(key=f"connection-who-{connection.id}").set_value("contributors").run()
    first.button(key="save").click().run()
    second.text_input(key=f"connection-name-{connection.id}").set_value("Letters").run()
    second.button(key="save").click().run()
    assert "You changed this connection in another window" in second.warning[0].value
    assert second.table[-1].value.to_numpy().tolist()[1] == [
        "Who may use it",
        "Administrators",
        "Administrators and all contributors",
        "Administrators",
    ]
    second.button(key="save-anyway").click().run()
    with store.begin() as session:
        row = connections.find(session, connection.id)
    assert (row.name, row.shared_with) == ("Letters", "administrators")


def drawn(app: AppTest, key: str) -> list[str]:
    """The texts in the step with this key."""
    step = next(block for block in _blocks(app.main) if _id(block).endswith(f"-{key}"))
    return [str(one.value) for one in step.markdown]


def badge(app: AppTest, key: str) -> str:
    """The word of the step's badge."""
    text = next(text for text in drawn(app, key) if "-badge[" in text)
    return text.partition(": ")[2].rstrip("]")


def _id(block: Block) -> str:
    return str(getattr(block.proto, "id", ""))


def _blocks(block: Block) -> Iterator[Block]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield child
            yield from _blocks(child)


def test_a_taken_name_is_told_at_its_field(form: AppTest, connection: ConnectionRow, words: Words):
    form.text_input(key="connection-name").set_value(connection.name).run()
    form.button(key="connection-connect").click().run()
    form.button(key="save").click().run()
    assert "The name “Newsletter account” is already used by another connection" in words(form)


def test_a_test_that_fails_shows_its_sentence_and_the_way_to_another_key(
    page: Page, connection: ConnectionRow, words: Words, store: Store, cells: Words
):
    with store.begin() as s:
        connections.find(s, connection.id or 0).secret = store.vault.lock("revoked")
    app = page("connections")
    assert "Sandbox" in cells(app)
    app.button(key=f"test-{connection.id}").click().run()
    assert "Broken" in cells(app)
    app = page("connections", connection=connection.id)
    assert "Broken" in words(app)
    with store.begin() as s:
        problem = connections.find(s, connection.id).problem
    assert app.error[0].value == plain(problem)
    assert app.button(key=f"edit-{connection.id}").label == "Replace key"
    app.button(key=f"edit-{connection.id}").click().run()
    assert app.text_input(key="connection-key").label


def test_only_the_end_of_a_key_is_ever_shown_again(page: Page, form: AppTest, words: Words):
    form.button(key="connection-connect").click().run()
    form.button(key="save").click().run()
    app = page("connections", view="edit", connection="1")
    assert "ends in …4f2a" in words(app)
    assert not app.text_input(key="connection-key").value
    assert "pk_" not in words(app)


def test_a_connection_is_renamed_and_shared_without_its_key(
    page: Page, connection: ConnectionRow, store: Store
):
    app = page("connections", view="edit", connection=connection.id)
    app.text_input(key=f"connection-name-{connection.id}").set_value("Baltics")
    app.radio(key=f"connection-who-{connection.id}").set_value("contributors")
    app.button(key="save").click().run()
    with store.begin() as s:
        row = connections.find(s, "Baltics")
    assert row.shared_with == "contributors"
    assert store.vault.unlock(row.secret) == "pk_pages_0001"


def test_a_new_key_has_to_connect_before_it_is_saved(
    page: Page, connection: ConnectionRow, words: Words, store: Store
):
    app = page("connections", view="edit", connection=connection.id)
    app.text_input(key="connection-key").set_value("pk_new_0002").run()
    app.button(key="save").click().run()
    assert "Connect with the new key first" in words(app)
    with store.begin() as s:
        row = connections.find(s, connection.id or 0)
    assert store.vault.unlock(row.secret) == "pk_pages_0001"


def test_a_key_of_another_account_is_told_and_never_saved(
    page: Page, klaviyo: str, connection: ConnectionRow, export: ExportRow, store: Store
):
    with store.begin() as s:
        row = connections.find(s, connection.id or 0)
        row.base_url, row.account_id, row.account_name = klaviyo, "XK4p9T", "Baltic Outfitters"
        s.add(row)
    app = page("connections", view="edit", connection=connection.id)
    app.text_input(key="connection-key").set_value("pk_other_0003").run()
    app.button(key="connection-connect").click().run()
    assert "belongs to another account: Amber Coast Books" in app.error[0].value
    app.button(key="save").click().run()
    with store.begin() as s:
        kept = connections.find(s, connection.id)
    assert (kept.account_id, kept.former_ending) == ("XK4p9T", None)
    assert store.vault.unlock(kept.secret) == "pk_pages_0001"


@pytest.mark.parametrize("fate", ["detach", "remove"])
def test_removing_asks_once_for_all_exports_and_says_what_happens_to_them(
    page: Page, export: ExportRow, words: Words, store: Store, fate: str
):
    app = page("connections")
    app.menu_button[0].click("Remove").run()
    assert "**1 export uses it.**" in words(app)
    assert app.radio(key="fate-all").options == ["Detach it", "Remove it, too"]
    app.radio(key="fate-all").set_value(fate)
    app.menu_button[0].click("Remove").run()
    told = app.info[0].value
    assert f"1 export is {'detached' if fate == 'detach' else 'removed'}." in told
    assert "The list Newsletter EU stays in Klaviyo with everyone on it." in told
    label = "Remove connection" + (" and 1 export" if fate == "remove" else "")
    assert app.button(key="remove").label == label
    app.button(key="remove").click().run()
    with store.begin() as s:
        assert not connections.everything(s)
        kept = exports.everything(s)
    assert [row.connection_id for row in kept] == ([None] if fate == "detach" else [])


@pytest.fixture
def second(store: Store, connection: ConnectionRow, export: ExportRow) -> ConnectionRow:
    """Another key to the same account; and the first one has two exports."""
    with store.begin() as s:
        spec = connections.spec(s, connection, "pk_2").model_copy(update={"name": "Second key"})
        other = connections.add(s, store.vault, operator(), spec, key="pk_second_0002")
        connections.find(s, connection.id).account_id = other.account_id = "XK4p9T"
        copy = exports.spec(s, export).model_copy(update={"name": "Zebra", "list_id": "LiSt02"})
        exports.add(s, operator(), copy)
        return other


def test_all_exports_are_moved_at_once_to_another_connection_to_their_account(
    page: Page, second: ConnectionRow, store: Store
):
    app = page("connections")
    app.menu_button[0].click("Remove").run()
    assert not [radio for radio in app.radio if radio.key.startswith("fate-1")]  # folded away
    app.radio(key="fate-all").set_value("move")
    app.menu_button[0].click("Remove").run()
    assert "2 exports are moved to Second key." in app.info[0].value
    assert "The lists Newsletter EU, LiSt02 stay in Klaviyo" in app.info[0].value
    app.button(key="remove").click().run()
    with store.begin() as s:
        assert [row.name for row in connections.everything(s)] == ["Second key"]
        assert {row.connection_id for row in exports.everything(s)} == {second.id}


def test_what_becomes_of_each_export_can_be_decided_one_by_one(
    page: Page, second: ConnectionRow, store: Store
):
    app = page("connections")
    app.session_state["fate-each"] = True
    app.menu_button[0].click("Remove").run()
    app.radio(key="fate-2-detach").set_value("remove")
    app.menu_button[0].click("Remove").run()
    assert "1 export is removed. 1 export is detached." in app.info[0].value
    app.button(key="remove").click().run()
    with store.begin() as s:
        assert [(row.name, row.connection_id) for row in exports.everything(s)] == [
            ("Weekly letter", None)
        ]


def test_a_connection_leads_to_its_page_and_to_its_exports(
    page: Page, second: ConnectionRow, leads: Leads
):
    app = page("connections")
    assert leads(app) == {
        "Newsletter account": "connections?connection=1",
        "Second key": f"connections?connection={second.id}",
        "2 exports": "exports?by-connection=Newsletter+account",
    }
    found = leads(page("connections", connection=1))
    assert found == {"Weekly letter": "export?export=1", "Zebra": "export?export=2"}


def test_an_address_of_a_connection_that_is_gone_says_so(page: Page):
    app = page("connections", view="edit", connection="77")
    assert "There is no connection “77”" in app.error[0].value


def test_what_the_key_opens_is_told_with_the_lists_and_the_scopes(
    form: AppTest, klaviyo: str, words: Words
):
    lists = httpx.get(f"{klaviyo}/sandbox/state").raise_for_status().json()["lists"]
    account = next(found["account"] for found in lists if found["id"] == "Y6nRLr")
    own = [found for found in lists if found["account"] == account]
    form.button(key="connection-connect").click().run()
    assert f"time zone Europe/Riga, {len(own)} lists" in words(form)
    assert "It has every scope for reading" in words(form)


def test_a_key_without_a_scope_is_told_before_it_is_saved(
    form: AppTest, klaviyo: str, request: pytest.FixtureRequest, words: Words
):
    key = f"pk_{request.node.name}_4f2a"
    order = {"keys": {key: ["accounts:read", "lists:read"]}}
    httpx.post(f"{klaviyo}/sandbox/keys", json=order).raise_for_status()
    form.button(key="connection-connect").click().run()
    httpx.post(f"{klaviyo}/sandbox/keys", json={"keys": None}).raise_for_status()
    assert "The key lacks profiles:read" in form.warning[0].value


def test_exports_run_in_the_name_of_whoever_confirms_their_password(
    form: AppTest, store: Store, words: Words
):
    with store.begin() as s:
        accounts.find(s, "administrator").password = passwords.locked(GOOD)
    form.text_input(key="connection-own-password").set_value("not it")
    form.button(key="connection-add-user").click().run()
    assert "Wrong password" in words(form)
    assert form.text_input(key="connection-name").value == "Newsletter, Baltics"
    form.text_input(key="connection-own-password").set_value(GOOD)
    form.button(key="connection-add-user").click().run()
    assert "run in your name, **administrator**" in words(form)
    form.button(key="connection-connect").click().run()
    form.button(key="save").click().run()
    with store.begin() as s:
        row = connections.find(s, "Newsletter, Baltics")
        user = connections.export_user(s, row)
    assert user is not None
    assert user.name == "administrator"


def test_a_connection_is_shared_with_chosen_people(form: AppTest, store: Store):
    with store.begin() as s:
        conny = accounts.add(s, operator(), "Conny", Role.contributor)
    form.radio(key="connection-who").set_value("people").run()
    form.multiselect(key="connection-who-people").select("Conny")
    form.button(key="connection-connect").click().run()
    form.button(key="save").click().run()
    with store.begin() as s:
        row = connections.find(s, "Newsletter, Baltics")
    assert (row.shared_with, row.people) == ("people", [conny.id])


def test_changed_words_are_shown_and_asked_about_again(
    page: Page, connection: ConnectionRow, store: Store, cells: Words
):
    with store.begin() as s:
        row = connections.find(s, connection.id)
        row.agreed_version, row.base_url = "2020-01-01", "https://a.klaviyo.com"
    assert "Terms changed" in cells(page("connections"))
    assert (
        "The data privacy terms have changed" in page("connections", connection=1).warning[0].value
    )
    app = page("connections", view="edit", connection=connection.id)
    app.checkbox(key="connection-agree").check()
    app.button(key="save").click().run()
    with store.begin() as s:
        row = connections.find(s, connection.id)
    assert (row.agreed_version, row.agreed_by) == (VERSION, "administrator")


def test_the_former_key_is_kept_until_somebody_forgets_it(
    page: Page, connection: ConnectionRow, store: Store, words: Words
):
    app = page("connections", view="edit", connection=connection.id)
    app.text_input(key="connection-key").set_value("pk_the_new_0002").run()
    app.button(key="connection-connect").click().run()
    app.button(key="save").click().run()
    app = page("connections", view="edit", connection=connection.id)
    assert "ends in …0002" in words(app)
    assert "The previous key, which ends in …0001" in words(app)
    app.button(key="forget-former").click().run()
    with store.begin() as s:
        assert connections.find(s, connection.id).former_secret is None


def test_the_numbers_of_billing_are_entered_and_told_with_what_exports_created_since(
    page: Page, connection: ConnectionRow, ran: Callable[..., Run], words: Words, store: Store
):
    app = page("connections", view="edit", connection=connection.id)
    app.number_input(key=f"connection-plan-{connection.id}").set_value(50_000)
    app.number_input(key=f"connection-active-{connection.id}").set_value(41_200)
    app.button(key="save").click().run()
    entered = f"41,200 of 50,000 active profiles, typed in on {day(now().date())}"
    told = words(page("connections", connection=connection.id))
    assert entered in told
    assert " new since" not in told
    ran(RunStatus.succeeded, new_profiles=900, accepted=1_000, sent=1_000)
    ran(RunStatus.failed, new_profiles=500, accepted=800, sent=1_000)  # broke off
    ran(RunStatus.cancelled, new_profiles=700, accepted=0, sent=1_000)  # was held, and discarded
    ran(RunStatus.succeeded, new_profiles=600, accepted=9, sent=9, account="klaviyo:another")
    assert f"{entered}; about 1,300 new since" in words(
        page("connections", connection=connection.id)
    )
    with store.begin() as s:
        assert audit.entries(s, operator(), deed=audit.Deed.changed)[0].what == connection.name


def test_connecting_says_which_optional_scopes_a_key_lacks_and_what_each_shows(
    page: Page, connection: ConnectionRow, allow: Callable[..., None]
):
    allow("pk_the_new_0002", *SCOPES, "flows:read", "usage:read")
    app = page("connections", view="edit", connection=connection.id)
    app.text_input(key="connection-key").set_value("pk_the_new_0002").run()
    app.button(key="connection-connect").click().run()
    text = next(one.value for one in app.info if "optional scopes" in one.value)
    text = text.replace("\\", "").replace(":gray[]", "")  # without what makes it plain
    assert "**campaigns:read**: to show scheduled campaigns on a list" in text
    assert "**segments:read**" in text
    assert "flows:read" not in text


def test_numbers_that_are_read_are_shown_with_their_day_and_what_keeps_them_from_it(
    page: Page, connection: ConnectionRow, words: Words, store: Store, allow: Callable[..., None]
):
    checks.check(store, operator(), connection)
    read = f" of 1,000,000 active profiles, read from Klaviyo on {day(now().date())}"
    assert read in words(page("connections", connection=connection.id))
    allow("pk_pages_0001", *SCOPES)
    checks.check(store, operator(), connection)
    text = words(page("connections", connection=connection.id))
    text = text.replace("\\", "").replace(":gray[]", "")
    assert read not in text
    assert "The plan can't be read from Klaviyo: the key has no usage:read." in text


def test_one_number_of_billing_without_the_other_is_told_at_its_field(
    page: Page, connection: ConnectionRow, words: Words, store: Store
):
    app = page("connections", view="edit", connection=connection.id)
    app.number_input(key=f"connection-plan-{connection.id}").set_value(50_000)
    app.button(key="save").click().run()
    assert "Enter both numbers, or leave both empty." in words(app)
    with store.begin() as s:
        assert connections.find(s, connection.id).plan_profiles is None


def test_the_numbers_of_billing_are_removed_by_emptying_both(
    page: Page, connection: ConnectionRow, store: Store
):
    with store.begin() as s:
        row = connections.find(s, connection.id)
        row.plan_profiles, row.active_profiles, row.active_at = 500, 412, now()
    app = page("connections", view="edit", connection=connection.id)
    for name in ("plan", "active"):
        app.number_input(key=f"connection-{name}-{connection.id}").set_value(None)
    app.button(key="save").click().run()
    with store.begin() as s:
        row = connections.find(s, connection.id)
    assert (row.plan_profiles, row.active_profiles, row.active_at) == (None, None, None)


def test_connections_are_sorted_as_chosen(page: Page, connection: ConnectionRow, store: Store):
    with store.begin() as s:
        spec = connections.spec(s, connection, "pk_2").model_copy(update={"name": "Account, old"})
        other = connections.add(s, store.vault, operator(), spec, key="pk_second_0002")
        connections.note(s, connections.find(s, connection.id), ConnectionState.broken)
    app = page("connections")

    def shown() -> list[str]:
        return [menu.key.removeprefix("more-") for menu in app.menu_button]

    assert shown() == [str(other.id), str(connection.id)]
    app.button(key="sort-status").click().run()
    assert shown() == [str(connection.id), str(other.id)]


def test_the_near_end_of_the_revision_is_told(
    page: Page, connection: ConnectionRow, monkeypatch: pytest.MonkeyPatch
):
    today = now().date()
    released = (today + timedelta(days=30)).replace(year=today.year - 2, day=1)
    monkeypatch.setenv("SEGFERRY_KLAVIYO_REVISION", released.isoformat())
    assert f"the revision {released} of its API in " in page("connections").warning[0].value


def test_each_type_asks_for_its_own_settings_key_and_words(form: AppTest, words: Words):
    form.selectbox(key="connection-type").set_value("listmonk").run()
    assert form.text_input(key="connection-listmonk-base_url").value == ""
    assert "subscribers\\::gray[]manage" in words(form)
    assert "to this listmonk" in words(form)
    assert "Authenticate with" not in words(form)


def test_the_type_that_was_chosen_is_asked_and_no_other(form: AppTest, words: Words, klaviyo: str):
    form.selectbox(key="connection-type").set_value("listmonk").run()
    form.text_input(key="connection-listmonk-base_url").set_value(klaviyo)
    form.text_input(key="connection-key").set_value("segferry:token")
    form.checkbox(key="connection-agree").check()
    form.button(key="connection-connect").click().run()
    asked = httpx.get(f"{klaviyo}/sandbox/requests").text
    assert "/api/config" in asked  # what a listmonk is asked first, and a Klaviyo never


def test_an_account_that_is_known_by_its_address_is_told_once_and_is_no_link(
    page: Page, store: Store, letters: ConnectionRow, words: Words
):
    with store.begin() as session:
        row = connections.find(session, letters.id)
        row.account_id, row.account_name = "https://mail.example", "mail.example"
        row.base_url = "https://mail.example"
        session.add(row)
    told = words(page("connections", connection=letters.id))
    assert "https:gray[]\\://mail.example" in told
    assert told.count("mail.example") == 2  # in the mark of where exports go, too
