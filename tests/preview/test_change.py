"""Changes that move an export between connections: what they do, by whose account it is."""

import pytest

from core.access import Person, Role
from core.configuration.connection import Connection, Consent
from core.configuration.export import Export, Mode
from core.errors import Denied
from core.plan import ledger, record
from core.plan.record import Delivered
from core.preview import change
from core.store import Store, connections, exports, orders
from core.store.tables.exports import ExportRow
from tests.conftest import ADA, applied
from tests.plan.test_changes import NOW, people

VIEWER = Person("Vita", Role.viewer)


@pytest.fixture
def row(store: Store, configuration) -> ExportRow:
    """An export whose connection has an account, and two more: the same account, and another."""
    applied(store, configuration)
    for name in ("Same account", "Other account"):
        spec = Connection(name=name, api_key="${KEY}", consent=Consent(agreed_by="Ada"))
        with store.begin() as session:
            connections.add(session, store.vault, ADA, spec, key="pk_0123456789abcdef")
    accounts = {"Klaviyo": "XK4p9T", "Same account": "XK4p9T", "Other account": "Zz9z9z"}
    with store.begin() as session:
        for name, account in accounts.items():
            connection = connections.find(session, name)
            connection.account_id = account
            session.add(connection)
        return exports.find(session, "Newsletter")


def brought(store: Store, row: ExportRow, mode: Mode = Mode.add) -> None:
    """Three people whom a run of the export brought, in this mode."""
    with store.begin() as session:
        spec = exports.spec(session, row).model_copy(update={"mode": mode})
        exports.change(session, ADA, exports.find(session, row.id), spec)
        account = orders.account_key(connections.find(session, "Klaviyo"))
    three = people(a=1, b=2, c=3)
    run = Delivered(row.id, 1, NOW, three, people(), three, whole=True)
    path = ledger.ledger_path(store.settings.ledgers, account, spec.joins)
    ledger.write(path, record.recorded(ledger.read(path), run))


def told(store: Store, row: ExportRow, person: Person = ADA, **values: object) -> list[str]:
    with store.begin() as session:
        spec = exports.spec(session, exports.find(session, row.id))
    new = Export.model_validate({**spec.model_dump(mode="json"), **values})
    return change.consequences(store, person, row.id, new)


def test_another_connection_to_the_same_account_changes_nothing(store: Store, row: ExportRow):
    brought(store, row)
    assert told(store, row, connection="Same account") == []


def test_another_account_is_another_list(store: Store, row: ExportRow):
    brought(store, row)
    assert told(store, row, connection="Other account") == [
        "3 people that this export put on the list Y6nRLr stay on it: from now on this export "
        "takes nobody off it.",
        "The next run puts everyone in the segments on the list Y6nRLr.",
    ]


def test_profiles_alone_in_another_account(store: Store, row: ExportRow):
    brought(store, row, Mode.update)
    assert told(store, row, connection="Other account") == [
        "Profiles that were sent to the previous account stay there as they are.",
        "The next run sends the profiles of everyone in the segments once more.",
    ]


def test_an_export_that_was_detached_and_comes_back_finds_its_people(store: Store, row: ExportRow):
    brought(store, row)
    with store.begin() as session:
        exports.detach(session, ADA, exports.find(session, row.id))
    with store.begin() as session:
        row = exports.find(session, row.id)
    assert told(store, row, connection="Klaviyo") == [
        "The next run puts everyone in the segments on the list Y6nRLr.",
        "3 people that this export put there before count as being on it.",
    ]
    assert told(store, row) == []


def test_before_its_first_run_only_what_runs_will_do_is_said(store: Store, row: ExportRow):
    assert told(store, row, match={"email": "email"}) == []
    assert told(store, row, mode="mirror") == [
        "Whoever leaves the segments is taken off the list from the next run on."
    ]


def test_who_may_not_change_the_export_is_told_nothing(store: Store, row: ExportRow):
    with pytest.raises(Denied):
        told(store, row, VIEWER, mode="mirror")


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("add", "skipped from now on; they stay on the list."),
        ("mirror", "put on the list off it."),
    ],
)
def test_leaving_out_who_is_suppressed_says_what_becomes_of_them(
    store: Store, row: ExportRow, mode, sentence
):
    brought(store, row, Mode(mode))
    (said,) = told(store, row, leave_out_suppressed=True)
    assert said.endswith(sentence)
