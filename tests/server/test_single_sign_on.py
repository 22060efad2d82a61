"""Single sign-on without a browser: whom a provider's words let in, and what is written down."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.access import Person, Role
from core.errors import Denied
from core.server import sign_in, single_sign_on
from core.settings import Settings
from core.store import Store, accounts, audit, open_store
from tests.conftest import ADA

HERE = "192.0.2.7"
CHRIS = "chris@example.com"


@pytest.fixture
def store(settings: Settings, used: None) -> Iterator[Store]:
    """Chris is invited, somebody is named like an address, and example.lv needs no invitation."""
    opened = open_store(replace(settings, sso_viewers="example.lv"))
    with opened.begin() as session:
        accounts.add(session, ADA, "Chris", Role.contributor, email=CHRIS)
        accounts.add(session, ADA, "anna@example.lv", Role.administrator)
    yield opened
    opened.close()


def test_a_verified_address_opens_a_session_of_its_person(store: Store):
    who = entered(store, said(CHRIS))
    assert who
    assert (who.name, who.role, who.origin) == ("Chris", Role.contributor, HERE)
    assert deeds(store) == [("Chris", audit.Deed.signed_in, "single sign-on")]


@pytest.mark.parametrize("email", ["CHRIS@example.com", " Chris@Example.COM "])
def test_case_and_spaces_make_no_other_address(store: Store, email: str):
    who = entered(store, said(email))
    assert who
    assert who.name == "Chris"


def test_a_provider_may_say_verified_as_text(store: Store):
    assert entered(store, {**said(CHRIS), "email_verified": "true"})


@pytest.mark.parametrize("verified", [False, None, "false", "", 0, 1, "yes", ["true"]])
def test_an_address_that_is_not_verified_opens_nothing(store: Store, verified: object):
    refused(store, {**said(CHRIS), "email_verified": verified}, "doesn't confirm your email")


@pytest.mark.parametrize("email", [None, "", 7, ["chris@example.com"], "c\u212aris@example.com"])
def test_what_is_no_plain_address_opens_nothing(store: Store, email: object):
    refused(store, {**said(CHRIS), "email": email}, "doesn't confirm your email")


def test_letters_that_only_look_like_those_of_an_address_are_others(store: Store):
    with store.begin() as session:
        accounts.add(session, ADA, "Mark", Role.administrator, email="mark@example.com")
    refused(store, said("mar\u212a@example.com"), "doesn't confirm")  # its lower case is a k


@pytest.mark.parametrize("age", [600, 86_400])
def test_what_the_provider_said_long_ago_opens_nothing(store: Store, age: int):
    old = {**said(CHRIS), "iat": int(time.time()) - age}
    assert not single_sign_on.is_fresh(old)
    refused(store, old, "took too long")


def test_without_the_time_it_was_said_it_opens_nothing(store: Store):
    claims = said(CHRIS)
    del claims["iat"]
    refused(store, claims, "took too long")


def test_unknown_people_of_other_domains_are_refused_and_written_down(store: Store):
    refused(store, said("eve@example.com"), "Nobody with the address eve@example.com is invited")
    refused(store, said("eve@sub.example.lv"), "is invited")
    refused(store, said("eve@example.lv@example.com"), "is invited")
    assert {deed for _by, deed, _kind in deeds(store)} == {audit.Deed.refused}


def test_people_of_an_allowed_domain_become_viewers_named_by_their_address(store: Store):
    who = entered(store, {**said("eve@example.lv"), "name": "Chris"})
    assert who
    assert (who.name, who.role) == ("eve@example.lv", Role.viewer)
    again = entered(store, said("Eve@example.lv"))
    assert again
    assert again.id == who.id
    assert ("single sign-on", audit.Deed.added, "person") in deeds(store)


def test_nobody_comes_into_the_account_of_somebody_with_such_a_name(store: Store):
    refused(store, said("anna@example.lv"), "Nobody with the address anna@example.lv is invited")


def test_disabled_people_stay_out(store: Store):
    with store.begin() as session:
        accounts.disable(session, ADA, accounts.find(session, "Chris"))
    refused(store, said(CHRIS), "Chris may no longer sign in")


def said(email: str) -> dict[str, object]:
    """What a provider says of somebody now."""
    return {"email": email, "email_verified": True, "iat": int(time.time()), "sub": "1"}


def entered(store: Store, claims: dict[str, object]) -> Person | None:
    """Who is signed in then."""
    ticket = single_sign_on.enter(store, claims, HERE)
    return sign_in.who(store, sign_in.start(store, ticket, HERE, "a browser"), HERE)


def refused(store: Store, claims: dict[str, object], why: str) -> None:
    """Nobody gets in, for this reason."""
    with pytest.raises(Denied, match=why):
        single_sign_on.enter(store, claims, HERE)


def deeds(store: Store) -> list[tuple[str, str, str]]:
    """What was written down since the fixture, the newest first."""
    with store.begin() as session:
        return [(row.by, row.action, row.kind) for row in audit.entries(session, ADA)][:-2]
