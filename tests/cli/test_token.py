"""segferry token: made once, kept as a hash, listed with their last use, revoked."""

import pytest

from core.store import Store, audit, tokens
from core.store.sessions import digest
from core.store.tables.tokens import TokenRow
from tests.cli.conftest import Command, one_sentence
from tests.conftest import ADA


def test_a_token_is_printed_once_and_kept_as_a_hash(newsletter: Command, store: Store):
    made = newsletter("token", "add", "Airflow", "--may", "Newsletter", "--may", "refresh")
    assert made.status == 0
    token = made.out.strip()
    assert made.out == f"{token}\n"
    assert token not in made.err
    with store.begin() as session:
        assert session.get_one(TokenRow, 1).digest == digest(token)
    assert token not in newsletter("token", "list", "--json").out
    for file in store.settings.home.glob("segferry.sqlite*"):
        assert token.encode() not in file.read_bytes()


def test_the_list_shows_what_a_token_may_and_when_it_was_used(newsletter: Command, store: Store):
    assert "no token yet" in newsletter("token", "list").out
    token = newsletter("token", "add", "A", "--may", "Newsletter", "--see-people").out.strip()
    newsletter("token", "add", "B", "--may", "refresh")
    with store.begin() as session:
        assert tokens.owner(session, token)
        assert tokens.owner(session, token[:-1] + "~") is None
    one, other = newsletter("token", "list", "--json").data["tokens"]
    assert (one["name"], one["may"], one["sees_people"]) == ("A", ["Newsletter"], True)
    assert one["used_at"] >= one["created_at"]
    assert (other["may"], other["sees_people"], other["used_at"]) == (["refresh"], False, None)
    assert "never used" in newsletter("token", "list").out


def test_a_token_for_measures_is_named_so(newsletter: Command, store: Store):
    token = newsletter("token", "add", "Prometheus", "--measures").out.strip()
    with store.begin() as session:
        assert tokens.may_read_measures(session, token)
    (one,) = newsletter("token", "list", "--json").data["tokens"]
    assert (one["may"], one["measures"]) == ([], True)
    assert "Prometheus: —  reads measures" in newsletter("token", "list").out


def test_a_revoked_token_opens_nothing_and_the_audit_knows_of_both(
    newsletter: Command, store: Store
):
    token = newsletter("token", "add", "A", "--may", "refresh").out.strip()
    assert newsletter("token", "revoke", "A").status == 0
    with store.begin() as session:
        assert tokens.owner(session, token) is None
        rows = audit.entries(session, ADA)[:2]
    assert [(row.action, row.kind, row.what) for row in rows] == [
        ("revoked", "token", "A"),
        ("added", "token", "A: refresh"),
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "A", "--may", "Newsleter"), "Did you mean “Newsletter”?"),
        (("add", " ", "--may", "refresh"), "1 to 80 characters"),
        (("add", "A"), "--may"),
        (("add", "A", "--measures", "--may", "refresh"), "nothing else"),
        (("revoke", "A"), "There is no token “A”"),
    ],
)
def test_what_is_wrong_is_one_sentence(newsletter: Command, arguments, says):
    refused = newsletter("token", *arguments)
    assert refused.status == 2
    assert one_sentence(refused)
    assert says in refused.err


def test_a_removed_export_is_nothing_that_its_token_may_run(newsletter: Command, store: Store):
    from core.store import exports

    token = newsletter("token", "add", "A", "--may", "Newsletter").out.strip()
    with store.begin() as session:
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
    with store.begin() as session:
        found = tokens.owner(session, token)
    assert found
    assert found.may == []
