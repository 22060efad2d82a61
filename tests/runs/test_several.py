"""One export that refuses stops no other."""

from core.errors import Conflict
from core.runs.several import Done, each
from core.store import Store, exports
from tests.conftest import applied, second_export, written


def test_who_refuses_is_named_and_the_others_are_done(store: Store, tmp_path, profiles, klaviyo):
    applied(store, written(tmp_path, profiles, klaviyo, second_export()))
    with store.begin() as session:
        ids = [row.id for row in exports.everything(session)]

    def rename(_session, row):
        if row.name == "Second":
            raise Conflict("It is being run.")
        row.list_name = "New"

    missing = "There is no export “99”. There are: Newsletter, Second."
    refused = {"Second": "It is being run.", "99": missing}
    assert each(store, [*ids, 99], rename) == Done(1, refused)
    with store.begin() as session:
        assert [row.list_name == "New" for row in exports.everything(session)] == [True, False]
