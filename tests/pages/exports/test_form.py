"""The form of an export: new, edited, duplicated."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time

import httpx
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.configuration.connection import Connection, Consent
from core.configuration.export import Guards
from core.plan import ledger, record
from core.plan.record import Delivered
from core.store import Store, accounts, audit, connections, exports, orders, runs, slots, sources
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow
from pages.exports import lists

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
FORM = "export-new-"


def test_without_a_connection_the_form_says_where_to_get_one(page: Page, words: Words) -> None:
    app = page("exports", view="new")
    assert not app.exception
    assert "There is no connection yet." in words(app)
    assert "There is no segment yet." in words(app)


def test_who_may_use_no_connection_is_told_whom_to_ask(
    page: Page, store: Store, connection: ConnectionRow, signed_in, words: Words
) -> None:
    signed_in(Role.administrator)
    with store.begin() as session:
        accounts.add(session, operator(), "Zane_Z", Role.administrator)  # only invited so far
    signed_in(Role.contributor)
    app = page("exports", view="new")
    assert app.selectbox(key=f"{FORM}-connection").options == []
    text = "No connection is shared with you. Ask an administrator of your team: administrator."
    assert text in words(app)


def test_connections_are_told_with_their_type_and_where_they_go(
    page: Page, store: Store, connection: ConnectionRow
) -> None:
    for name, test in (("Zeta", False), ("alpha", True)):
        spec = Connection(name=name, api_key="${KEY}", consent=Consent(agreed_by="Ada"))
        with store.begin() as session:
            row = connections.add(session, store.vault, operator(), spec, key="pk_pages_0002")
            row.test_account = test
            session.add(row)
    app = page("exports", view="new")
    assert app.selectbox(key=f"{FORM}-connection").options == [
        "Klaviyo · alpha · Test account",
        "Klaviyo · Newsletter account · Sandbox",
        "Klaviyo · Zeta",
    ]


def test_the_form_proposes_a_matching_by_the_names_of_columns(
    page: Page, connection: ConnectionRow, segment: SegmentRow
) -> None:
    app = page("exports", view="new")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    chosen = {s.key.split("-")[-1]: s.value for s in app.selectbox if "-match-1-" in s.key}
    assert {name: column for name, column in chosen.items() if column} == {
        "email": "email",
        "phone_number": "phone",
        "external_id": "customer_id",
        "first_name": "first_name",
        "country": "country",
    }


def test_a_new_export_goes_to_a_list_chosen_by_its_name(
    page: Page, store: Store, connection: ConnectionRow, segment: SegmentRow
) -> None:
    app = page("exports", view="new")
    assert "VIP (VpX3qT)" in app.selectbox(key=f"{FORM}-list").options
    app.text_input(key=f"{FORM}-name").set_value("Sunday letter")
    app.selectbox(key=f"{FORM}-list").set_value("VpX3qT")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    app.button(key="form-save").click().run()
    assert app.title[0].value == "Sunday letter"
    with store.begin() as session:
        row = exports.find(session, "Sunday letter")
        assert (row.list_id, row.list_name) == ("VpX3qT", "VIP")
        assert runs.how_many(session) == 0


def test_when_the_lists_can_not_be_read_their_ids_can_be_typed(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.secret = store.vault.lock("nonsense")
        session.add(row)
    app = page("exports", view="edit", export=1)
    assert "The lists can’t be read, so type the ID." in words(app)
    assert app.selectbox(key="export-edit-1-list").value == "Y6nRLr"


def test_lists_of_every_page_can_be_searched_by_name_and_id(
    page: Page, connection: ConnectionRow, words: Words
) -> None:
    app = page("exports", view="new")  # Klaviyo gives ten lists a page
    options = app.selectbox(key=f"{FORM}-list").options
    assert {"Newsletter (Y6nRLr)", "Product preview (Pr3sVw)", "Win back (Wb4cKn)"} <= {*options}
    assert f"{len(options)} lists in this account" in words(app)


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("Pr3sVw", "Pr3sVw"),
        (" Pr3sVw ", "Pr3sVw"),
        ("product preview", "Pr3sVw"),
        ("Twice", "Twice"),  # the name of two lists names neither
        ("Product previews (Pr3sVw)", "Pr3sVw"),  # as it was shown before it was renamed
        ("Gone (G0ne99)", "G0ne99"),
        ("Half (price)", "Cccccc"),  # a name that only looks so
        ("N0pe00", "N0pe00"),
        ("  ", None),
        (None, None),
    ],
)
def test_what_is_typed_may_be_an_id_or_a_name(typed: str | None, id: str | None) -> None:
    known = {"Pr3sVw": "Product preview", "Aaaaaa": "Twice", "Bbbbbb": "twice"}
    assert lists.named(typed, {**known, "Cccccc": "Half (price)"}) == id


def test_the_chosen_list_stays_while_the_lists_are_read_again(
    page: Page, store: Store, klaviyo: str, connection: ConnectionRow, segment: SegmentRow, words
) -> None:
    app = page("exports", view="new")
    app.text_input(key=f"{FORM}-name").set_value("Sunday letter")
    app.selectbox(key=f"{FORM}-list").set_value("VpX3qT").run()
    slow = {"kind": "slow", "endpoint": "GET /api/lists", "seconds": 8.0}
    httpx.post(f"{klaviyo}/sandbox/faults", json=slow).raise_for_status()
    lists.forget()  # as time does
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    assert "Reading the lists from Klaviyo" in words(app)
    assert "VIP (VpX3qT)" in app.selectbox(key=f"{FORM}-list").options
    app.button(key="form-save").click().run()
    with store.begin() as session:
        row = exports.find(session, "Sunday letter")
        assert (row.list_id, row.list_name) == ("VpX3qT", "VIP")


def test_a_list_that_the_account_does_not_have_is_said(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    with store.begin() as session:
        row = exports.find(session, 1)
        row.list_id = "N0pe00"
        session.add(row)
    app = page("exports", view="edit", export=1)
    assert re.search(r"None of the account’s \d+ lists has this ID", words(app))


def creating(app: AppTest, name: str, double: bool | None = None) -> AppTest:
    """Asks for a new list; the confirmation is open then."""
    app.text_input(key=f"{FORM}-new-list-name").set_value(name)
    if double is not None:
        app.radio(key=f"{FORM}-new-list-double").set_value(double)
    return app.button(key=f"{FORM}-new-list-create").click().run()


@pytest.mark.parametrize("double", [True, False])
def test_a_new_list_is_made_after_a_confirmation_and_chosen(
    page: Page,
    store: Store,
    klaviyo: str,
    connection: ConnectionRow,
    segment: SegmentRow,
    words: Words,
    double: bool,
) -> None:
    name = f"Līgo {'double' if double else 'single'}"
    app = creating(page("exports", view="new"), name, double)
    told = words(app)
    assert f"A list **{name}** is created in the Klaviyo account **Newsletter account**" in told
    assert ("once they have confirmed by email." in told) is double
    assert name not in lists_of(klaviyo)
    app.button(key="confirm-yes").click().run()
    assert not app.exception
    id = lists_of(klaviyo)[name]["id"]
    assert lists_of(klaviyo)[name]["opt_in"] == ("double_opt_in" if double else "single_opt_in")
    app.run()  # by then the lists are read anew
    assert app.selectbox(key=f"{FORM}-list").value == id
    assert f"{name} ({id})" in app.selectbox(key=f"{FORM}-list").options
    app.text_input(key=f"{FORM}-name").set_value("Sunday letter")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    app.button(key="form-save").click().run()
    with store.begin() as session:
        row = exports.find(session, "Sunday letter")
        assert (row.list_id, row.list_name) == (id, name)
        deeds = [(row.action, row.kind, row.what) for row in audit.entries(session, operator())]
    assert ("added", "list", f"{name} ({id}, Newsletter account)") in deeds


def test_a_list_may_be_made_while_an_export_is_edited(
    page: Page, klaviyo: str, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.selectbox(key="export-edit-1-list").set_value("Wb4cKn").run()
    app.text_input(key="export-edit-1-new-list-name").set_value("Edited")
    app.radio(key="export-edit-1-new-list-double").set_value(False)
    app.button(key="export-edit-1-new-list-create").click().run()
    app.button(key="confirm-yes").click().run()
    assert not app.warning
    assert app.selectbox(key="export-edit-1-list").value == lists_of(klaviyo)["Edited"]["id"]


def test_nothing_is_made_without_a_name_a_kind_and_a_yes(
    page: Page, klaviyo: str, connection: ConnectionRow, words: Words
) -> None:
    before = lists_of(klaviyo)
    app = creating(page("exports", view="new"), "Never")
    assert "Give the new list a name, and choose how people join it." in words(app)
    app = creating(app, "  ", double=True)
    assert "Give the new list a name, and choose how people join it." in words(app)
    app = creating(app, "VIP", double=True)
    assert "There is a list of that name already: VpX3qT." in words(app)
    app.button(key="confirm-no").click().run()
    assert lists_of(klaviyo) == before


def test_who_lost_the_connection_meanwhile_makes_no_list(
    page: Page, store: Store, klaviyo: str, connection: ConnectionRow, signed_in, words: Words
) -> None:
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.shared_with = "contributors"
        session.add(row)
    signed_in(Role.contributor)
    app = creating(page("exports", view="new"), "Denied", double=False)
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.shared_with = "administrators"
        session.add(row)
    app.button(key="confirm-yes").click().run()
    assert "isn't shared with" in words(app)
    assert "Denied" not in lists_of(klaviyo)


def lists_of(klaviyo: str) -> dict[str, dict]:
    """The lists of the local Klaviyo by name."""
    found = httpx.get(f"{klaviyo}/sandbox/state").raise_for_status().json()["lists"]
    return {one["name"]: one for one in found}


def test_what_is_missing_is_said_at_its_field_and_nothing_is_saved(
    page: Page, store: Store, connection: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    app = page("exports", view="new")
    app.text_input(key=f"{FORM}-name").set_value("")  # the only segment is proposed, by its name
    app.multiselect(key=f"{FORM}-segments").set_value([]).run()
    app.button(key="form-save").click().run()
    told = words(app)
    assert "Give the export a name." in told
    assert "Choose a list, or type its ID." in told
    assert "Choose at least one segment." in told
    app.selectbox(key=f"{FORM}-list").set_value("VpX3qT")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    assert "Choose at least one segment." not in words(app)
    with store.begin() as session:
        assert exports.everything(session) == []


def test_a_source_whose_email_can_not_be_guessed_asks_for_its_column(
    page: Page, store: Store, connection: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    with store.begin() as session:
        source = sources.find(session, "Profiles")
        source.fields = {"contact": "text", "country": "text"}
        session.add(source)
    app = page("exports", view="new")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    app.button(key="form-save").click().run()
    assert "Choose the column with the email address." in words(app)


def test_saving_an_edit_shows_the_preview_and_runs_nothing(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports", view="edit", export=1)
    app.text_input(key="export-edit-1-name").set_value("Friday letter")
    app.number_input(key="export-edit-1-limit").set_value(2)
    app.radio(key="export-edit-1-over").set_value("split")
    app.button(key="form-save").click().run()
    assert app.title[0].value == "Friday letter"
    with store.begin() as session:
        saved = exports.spec(session, exports.find(session, 1))
        assert (saved.limit, saved.over_limit) == (2, "split")
        assert saved.list_id == "Y6nRLr"
        assert saved.match.properties == {"spent": "spent"}
        assert runs.how_many(session) == 0


def test_a_name_that_is_taken_is_said_at_the_name(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="duplicate", export=1)
    assert app.text_input(key="export-duplicate-1-name").value == "Weekly letter, copy"
    app.text_input(key="export-duplicate-1-name").set_value("Weekly letter")
    app.button(key="form-save").click().run()
    assert "The name “Weekly letter” is already used by another export" in words(app)
    app.text_input(key="export-duplicate-1-name").set_value("Another")
    app.button(key="form-save").click().run()
    with store.begin() as session:
        assert [row.name for row in exports.everything(session)] == ["Another", "Weekly letter"]


def test_properties_are_added_and_taken_away(page: Page, store: Store, export: ExportRow) -> None:
    app = page("exports", view="edit", export=1)
    key = "export-edit-1-match-1"
    app.button(key=f"{key}-add").click().run()
    app.selectbox(key=f"{key}-column-1").set_value("country")
    app.text_input(key=f"{key}-property-1").set_value("home").run()
    app.button(key=f"{key}-x-0").click().run()
    app.button(key="form-save").click().run()
    with store.begin() as session:
        saved = exports.spec(session, exports.find(session, 1))
        assert saved.match.properties == {"home": "country"}


def test_one_country_begins_with_the_one_that_mends_most(
    page: Page, export: ExportRow, store: Store, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.selectbox(key="export-edit-1-match-1-phone_number").set_value("phone").run()
    assert "3 numbers without a country are left out" in words(app)
    assert "With “One country: Latvia” 3 more would be valid." in words(app)
    app.radio(key="export-edit-1-region").set_value("One country").run()
    country = app.selectbox(key="export-edit-1-country")
    assert country.value == "LV"
    assert country.options[0] == "Latvia (LV) · 3 more valid"
    app.button(key="form-save").click().run()
    with store.begin() as session:
        assert exports.spec(session, exports.find(session, 1)).phone_region == "LV"


def test_a_saved_country_stays_whatever_the_data_speak_for(
    page: Page, export: ExportRow, store: Store
) -> None:
    with store.begin() as session:
        row = exports.find(session, 1)
        match = {**row.spec["match"], "phone_number": "phone"}
        row.spec = {**row.spec, "phone_region": "EE", "match": match}
    app = page("exports", view="edit", export=1)
    assert app.selectbox(key="export-edit-1-country").value == "EE"


def test_any_mode_may_be_chosen_and_suppressed_people_left_out(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports", view="edit", export=1)
    app.radio(key="export-edit-1-mode").set_value("mirror")
    box = app.checkbox(key="export-edit-1-suppressed")
    assert not box.value
    assert "one request for every hundred people" in box.help
    box.check()
    app.button(key="form-save").click().run()
    with store.begin() as session:
        saved = exports.spec(session, exports.find(session, 1))
    assert (saved.mode, saved.leave_out_suppressed) == ("mirror", True)


def test_an_export_is_given_a_schedule_where_it_is_made(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    assert app.radio(key="export-edit-1-schedule-kind").value == "off"
    app.radio(key="export-edit-1-schedule-kind").set_value("own").run()
    app.text_input(key="export-edit-1-name").set_value("Daily letter").run()
    app.button(key="form-save").click().run()
    assert "Must not be empty." in words(app)
    app.time_input(key="export-edit-1-schedule-time-0").set_value(time(6, 30)).run()
    assert "Daily at 06\\:30, " in words(app)
    app.button(key="form-save").click().run()
    with store.begin() as session:
        row = exports.find(session, 1)
        assert exports.schedule(row).times == ("06:30",)
        assert slots.of_export(1) in slots.beginnings(session)
    app = page("exports", view="edit", export=1)
    app.radio(key="export-edit-1-schedule-kind").set_value("refresh").run()
    app.button(key="form-save").click().run()
    with store.begin() as session:
        assert exports.schedule(exports.find(session, 1)) == "refresh"


def test_cron_text_that_is_missing_is_said_at_its_field(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.radio(key="export-edit-1-schedule-kind").set_value("own").run()
    app.radio(key="export-edit-1-schedule-way").set_value("Cron text").run()
    app.button(key="form-save").click().run()
    assert "is not cron text of five fields" in words(app)
    with store.begin() as session:
        assert exports.schedule(exports.find(session, 1)) == "off"


def test_what_a_change_does_to_the_list_is_said_before_it_is_saved(
    page: Page, store: Store, export: ExportRow
) -> None:
    bring(store, export, 48)
    app = page("exports", view="edit", export=1)
    assert not app.info
    app.radio(key="export-edit-1-mode").set_value("mirror").run()
    assert "48 people are on the list by this export" in app.info[0].value
    app.selectbox(key="export-edit-1-list").set_value("VpX3qT").run()
    assert "48 people that this export put on the list Y6nRLr stay on it" in app.info[0].value
    app.selectbox(key="export-edit-1-list").set_value("Y6nRLr")
    app.radio(key="export-edit-1-mode").set_value("add")
    app.checkbox(key="export-edit-1-match-1-clear-first_name").check().run()
    (told,) = app.info[0].value.splitlines()
    assert told.startswith("- Up to 48 people are sent once more at the next run")
    assert not page("exports", view="duplicate", export=1).info


def bring(store: Store, export: ExportRow, n: int) -> None:
    """The ledger of its list, as if its last run had brought n people."""
    sent = pl.DataFrame({"email": [f"p{i}@x.lv" for i in range(n)]}).with_columns(
        hash=pl.lit(1, pl.UInt64)
    )
    run = Delivered(export.id, 1, datetime.now(UTC), sent, sent.clear(), sent, whole=True)
    with store.begin() as session:
        account = orders.account_key(exports.connection_of(session, export))
    path = ledger.ledger_path(store.settings.ledgers, account, export.list_id)
    ledger.write(path, record.recorded(ledger.read(path), run))


@pytest.mark.parametrize("export_id", ["77", "nothing"])
def test_an_export_that_does_not_exist_is_one_sentence(
    page: Page, export: ExportRow, export_id: str
) -> None:
    app = page("exports", view="edit", export=export_id)
    assert not app.exception
    assert f"There is no export “{export_id}”." in app.error[0].value


def test_how_people_join_is_asked_where_the_destination_gives_a_choice(
    page: Page, connection: ConnectionRow, letters: ConnectionRow
) -> None:
    app = page("exports", view="new")
    app.selectbox(key=f"{FORM}-connection").set_value(connection.name).run()
    assert not [radio for radio in app.radio if "-join-" in radio.key]
    app.selectbox(key=f"{FORM}-connection").set_value("Letters").run()
    assert app.radio(key=f"{FORM}-join-listmonk").value == "unconfirmed"


def test_the_form_speaks_of_the_destination_of_the_chosen_connection(
    page: Page, export: ExportRow, letters: ConnectionRow
) -> None:
    app = page("exports", view="edit", export=export.id)
    app.checkbox(key="export-edit-1-suppressed").check()
    app.checkbox(key="export-edit-1-match-1-clear-property-0").check()
    app.text_input(key="export-edit-1-match-1-property-0").set_value("worth").run()
    app.selectbox(key="export-edit-1-connection").set_value("Letters").run()
    labels = [box.label for box in app.checkbox]
    assert "Skip suppressed profiles" in labels
    assert "Clear in listmonk when empty" in labels
    assert app.checkbox(key="export-edit-1-suppressed").value  # what was filled in stays
    assert app.checkbox(key="export-edit-1-match-1-clear-property-0").value
    assert app.text_input(key="export-edit-1-match-1-property-0").value == "worth"
    keys = [box.key for box in app.checkbox]
    assert "export-edit-1-match-1-clear-first_name" not in keys  # it can't be emptied there


UNSEEN = {"campaigns", "age", "dbt"}  # off by default, hours without a number; of dbt's models


def guards_of(app: AppTest, form: str = "export-edit-1") -> dict[str, object]:
    """The guards that are drawn, by name."""
    every = [*app.number_input, *app.checkbox]
    found = {box.key: box.value for box in every if f"{form}-guard-" in box.key}
    return {key.removeprefix(f"{form}-guard-"): value for key, value in found.items()}


def saved_guards(store: Store) -> Guards:
    with store.begin() as session:
        return exports.spec(session, exports.find(session, 1)).guards


def test_the_guards_are_shown_with_what_they_do_and_their_defaults_and_saved(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.radio(key="export-edit-1-mode").set_value("mirror").run()
    assert guards_of(app) == Guards().model_dump(exclude=UNSEEN)  # off, without a number
    assert "the list. 10 people may always leave. Default: 10 %." in words(app)
    assert words(app).count("Default: on.") == 3
    app.number_input(key="export-edit-1-guard-remove").set_value(2.5)
    app.number_input(key="export-edit-1-guard-add").set_value(250)
    app.checkbox(key="export-edit-1-guard-columns").uncheck()
    app.text_input(key="export-edit-1-name").set_value("").run()
    app.button(key="form-save").click().run()
    assert "Give the export a name." in words(app)
    app.text_input(key="export-edit-1-name").set_value("Weekly letter")
    app.button(key="form-save").click().run()
    wanted = Guards(remove=2.5, add=250, columns=False)
    assert saved_guards(store) == wanted
    app = page("exports", view="edit", export=1)
    assert guards_of(app) == wanted.model_dump(exclude=UNSEEN)
    assert guards_of(page("exports", view="duplicate", export=1), "export-duplicate-1") == (
        wanted.model_dump(exclude=UNSEEN)
    )


def test_a_guard_is_a_sentence_with_its_number_and_says_when_it_is_switched_off(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1, at="guards")
    assert [one.proto.expanded for one in app.expander if one.label == "Guards"] == [True]
    app.number_input(key="export-edit-1-guard-reject").set_value(30).run()
    switch = app.checkbox(key="export-edit-1-guards-on-reject")
    assert switch.label == "Hold the run when more than 30 % of the profiles are rejected."
    app.checkbox(key="export-edit-1-guards-on-shrink").uncheck().run()
    assert "No run is held for segments that shrink, or are empty. Default: 50 %." in words(app)
    assert "shrink" not in guards_of(app)
    app.button(key="form-save").click().run()
    assert saved_guards(store) == Guards(reject=30, shrink=100)
    again = page("exports", view="edit", export=1)
    assert not again.checkbox(key="export-edit-1-guards-on-shrink").value
    again.checkbox(key="export-edit-1-guards-on-shrink").check().run()
    assert guards_of(again)["shrink"] == 50
    line = words(page("preview", export=1))
    assert "Guards: 50 % join · 30 % rejected · 4 more guards · 1 off" in line


def test_the_hours_before_a_campaign_are_switched_on_with_two_and_saved(
    page: Page, store: Store, export: ExportRow, words: Words
):
    app = page("exports", view="edit", export=1, at="guards")
    label = next(one.label for one in app.expander if one.label.startswith("Guards"))
    assert label == "Guards"  # one that is off by default is no warning
    app.checkbox(key="export-edit-1-guards-on-campaigns").check().run()
    assert guards_of(app)["campaigns"] == 2
    assert "Hold the run from 2 h before a scheduled campaign" in words(app) or any(
        "from 2 h before" in box.label for box in app.checkbox
    )
    app.number_input(key="export-edit-1-guard-campaigns").set_value(6).run()
    app.button(key="form-save").click().run()
    assert saved_guards(store) == Guards(campaigns=6)


def test_guards_that_can_not_hold_a_run_of_its_mode_are_not_shown_and_stay(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports", view="edit", export=1)
    assert "remove" not in guards_of(app)
    mode = app.radio(key="export-edit-1-mode")
    mode.set_value("mirror").run()
    app.number_input(key="export-edit-1-guard-remove").set_value(5).run()
    mode.set_value("update").run()
    assert set(guards_of(app)) == {"identifiers", "columns", "billing"}
    app.checkbox(key="export-edit-1-guard-billing").uncheck().run()
    mode.set_value("mirror").run()
    assert guards_of(app)["remove"] == 5
    assert not app.warning
    mode.set_value("add").run()
    app.button(key="form-save").click().run()
    assert saved_guards(store) == Guards(remove=5, billing=False)


def test_guards_of_what_a_destination_does_not_have_are_not_shown(
    page: Page, export: ExportRow, letters: ConnectionRow
) -> None:
    app = page("exports", view="edit", export=1)
    app.selectbox(key="export-edit-1-connection").set_value("Letters").run()
    assert "billing" not in guards_of(app)


def test_a_saved_export_shows_its_plan_where_it_is_to_run(
    page: Page, connection: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    app = page("exports", view="new")
    app.selectbox(key=f"{FORM}-list").set_value("VpX3qT").run()
    app.button(key="form-run").click().run()
    assert app.title[0].value == segment.name
    assert app.get("dialog")
    assert "ask" not in app.query_params
