"""An order keeps its keys in the database, whichever version wrote them."""

from typing import Any

from core.configuration.order import Order

# As the first version wrote it: without what was added later.
FIRST: dict[str, Any] = {
    "export": {
        "name": "Newsletter",
        "connection": "Klaviyo",
        "list_id": "Y6nRLr",
        "segments": ["Everybody"],
        "match": {"email": "email"},
    },
    "connection_id": 1,
    "source": {"name": "Profiles", "path": "profiles.csv"},
    "segments": {"Everybody": {"all": [{"field": "country", "op": "equals", "value": "LV"}]}},
    "time_zone": "Europe/Riga",
}


def test_an_order_is_read_as_it_was_written():
    order = Order.read(FIRST | {"confined": True, "only_email": "a@example.com", "anew": True})
    assert Order.read(order.as_data()) == order
    assert (order.connection_id, order.only_email, order.starts_over) == (1, "a@example.com", True)


def test_an_order_of_the_first_version_can_be_read():
    order = Order.read(FIRST)
    assert (order.exclude, order.only_email, order.source_id) == ({}, None, None)
    assert (order.confined, order.send_all, order.starts_over) == (False, False, False)
    assert order.list_id == "Y6nRLr"


def test_the_keys_in_the_database_stay():
    data = Order.read(FIRST).as_data()
    assert data.keys() >= FIRST.keys()
    assert data.keys() - FIRST.keys() == {
        *(
            "source_id",
            "destination",
            "confined",
            "exclude",
            "only_email",
            "send_all",
            "refused_again",
            "anew",
        )
    }
    assert data["segments"] == FIRST["segments"]
