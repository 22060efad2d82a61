"""Signing in, being signed in, being signed out; set-up and links; tries without end."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core.access import Person, Role
from core.audience import kept
from core.errors import Conflict, Denied, Invalid, SegferryError
from core.server import sign_in
from core.store import Store, accounts, attempts, audit, passwords
from core.store.tables.people import AccountRow, Attempt, SessionRow, TicketRow
from tests.conftest import ADA

PASSWORD = "a long walk by the sea"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def anna(store: Store, quick_passwords: None) -> AccountRow:
    """An administrator who signs in with PASSWORD."""
    return added(store)


@pytest.fixture
def vita(store: Store, anna: AccountRow) -> AccountRow:
    """A viewer beside her."""
    with store.begin() as session:
        return accounts.add(session, ADA, "Vita", Role.viewer, password=PASSWORD)


def added(store: Store) -> AccountRow:
    with store.begin() as session:
        return accounts.add(session, ADA, "Anna", Role.administrator, password=PASSWORD)


def signed_in(store: Store, name: str = "Anna") -> str:
    ticket = sign_in.enter(store, name, PASSWORD, HERE)
    return sign_in.start(store, ticket, HERE, "a browser")


def wrong(store: Store, name: str = "Anna", address: str = HERE) -> str:
    with pytest.raises(Denied) as refused:
        sign_in.enter(store, name, "not the password", address)
    return str(refused.value)


def test_the_right_password_opens_a_session_in_the_persons_role(store: Store, vita: AccountRow):
    who = sign_in.who(store, signed_in(store, "  vITA "), HERE)
    assert who == Person("Vita", Role.viewer, vita.id, HERE)


def test_uploads_that_nobody_looked_at_go_with_the_last_session(store: Store, vita: AccountRow):
    first, second = signed_in(store, "Vita"), signed_in(store, "Vita")
    mine, others = (kept.arrivals(store.settings, id) for id in (vita.id or 0, 99))
    for folder in (mine, others):
        folder.mkdir(parents=True)
        (folder / "x").write_bytes(b"email")
    sign_in.leave(store, first, HERE)
    assert (mine / "x").exists()
    sign_in.leave(store, second, HERE)
    assert not mine.exists()
    sign_in.leave(store, second, HERE)
    assert (others / "x").exists()


def test_the_token_is_kept_nowhere(store: Store, anna: AccountRow):
    token = signed_in(store)
    for file in store.settings.home.glob("segferry.sqlite*"):
        assert token.encode() not in file.read_bytes()


def test_a_wrong_name_and_a_wrong_password_look_the_same(store: Store, anna: AccountRow):
    assert wrong(store) == wrong(store, "Nobody")


def test_a_wrong_name_and_a_wrong_password_last_the_same(store: Store):
    added(store)

    def took(name: str) -> float:
        began = time.process_time()
        wrong(store, name)
        return time.process_time() - began

    times = {name: statistics.median(took(name) for _n in range(3)) for name in ("Anna", "Nobody")}
    assert 0.5 < times["Anna"] / times["Nobody"] < 2  # the hash takes a thousand times the rest


def test_a_ticket_opens_once(store: Store, anna: AccountRow):
    ticket = sign_in.enter(store, "Anna", PASSWORD, HERE)
    sign_in.start(store, ticket, HERE, "")
    with pytest.raises(Denied):
        sign_in.start(store, ticket, HERE, "")


def test_a_forged_or_expired_ticket_opens_nothing(store: Store, anna: AccountRow):
    ticket = sign_in.enter(store, "Anna", PASSWORD, HERE)
    with store.begin() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(sa.update(TicketRow).values(expires_at=past))
    for one in (ticket, "forged", ""):
        with pytest.raises(Denied):
            sign_in.start(store, one, HERE, "")


def test_a_session_ends_after_twelve_hours(store: Store, anna: AccountRow):
    token = signed_in(store)
    with store.begin() as session:
        session.execute(sa.update(SessionRow).values(expires_at=datetime.now(UTC)))
    assert sign_in.who(store, token) is None


def test_a_cookie_is_worth_nothing_after_sign_out(store: Store, anna: AccountRow):
    token, other = signed_in(store), signed_in(store)
    sign_in.leave(store, token, HERE)
    assert sign_in.who(store, token) is None
    assert sign_in.who(store, other)


def test_a_new_password_ends_every_other_session(store: Store, anna: AccountRow):
    mine, other = signed_in(store), signed_in(store)
    who = sign_in.who(store, mine)
    assert who
    sign_in.change_password(store, who, mine, PASSWORD, "another walk by the sea")
    assert sign_in.who(store, mine)
    assert sign_in.who(store, other) is None
    wrong(store)


def test_the_present_password_is_asked_for(store: Store, anna: AccountRow):
    token = signed_in(store)
    who = sign_in.who(store, token)
    assert who
    with pytest.raises(Invalid, match="current password"):
        sign_in.change_password(store, who, token, "wrong", "another walk by the sea")


def test_who_is_disabled_is_out_at_once_and_stays_out(store: Store, vita: AccountRow):
    token = signed_in(store, "Vita")
    ticket = sign_in.enter(store, "Vita", PASSWORD, HERE)
    with store.begin() as session:
        accounts.disable(session, ADA, accounts.find(session, "Vita"))
    assert sign_in.who(store, token) is None
    with pytest.raises(Denied):
        sign_in.start(store, ticket, HERE, "")
    with pytest.raises(Denied):
        sign_in.enter(store, "Vita", PASSWORD, HERE)


def test_another_role_holds_at_the_next_click(store: Store, vita: AccountRow):
    token = signed_in(store, "Vita")
    with store.begin() as session:
        accounts.set_role(session, ADA, accounts.find(session, "Vita"), Role.contributor)
    who = sign_in.who(store, token)
    assert who
    assert who.role is Role.contributor


def test_the_last_administrator_stays(store: Store, anna: AccountRow, vita: AccountRow):
    with pytest.raises(Conflict, match="last administrator"), store.begin() as session:
        accounts.disable(session, ADA, anna)
    with pytest.raises(Conflict, match="last administrator"), store.begin() as session:
        accounts.set_role(session, ADA, anna, Role.viewer)
    who = sign_in.who(store, signed_in(store))
    assert who
    assert who.role is Role.administrator


def test_one_signs_out_oneself_everywhere_and_an_administrator_everybody(
    store: Store, anna: AccountRow, vita: AccountRow
):
    mine, hers = [signed_in(store) for _n in range(2)], signed_in(store, "Vita")
    viewer = sign_in.person(vita, HERE)
    with pytest.raises(Denied), store.begin() as session:
        accounts.sign_out(session, viewer, anna)
    assert sign_in.who(store, mine[0])
    with store.begin() as session:
        accounts.sign_out(session, viewer, vita)
        accounts.sign_out(session, ADA, anna, keep=mine[0])
    assert [bool(sign_in.who(store, token)) for token in (*mine, hers)] == [True, False, False]


def test_five_wrong_tries_make_a_pause_for_the_name_from_there_only(store: Store, anna: AccountRow):
    for _n in range(5):
        wrong(store)
    with pytest.raises(Denied):
        sign_in.enter(store, "Anna", PASSWORD, HERE)
    assert sign_in.enter(store, "Anna", PASSWORD, ELSEWHERE)


def test_a_name_that_is_tried_from_everywhere_waits_longer_and_longer_but_minutes_at_most(
    store: Store, anna: AccountRow
):
    waits = []
    for n in range(16):
        wrong(store, address=f"10.0.1.{n}")
        with store.begin() as session:
            row = session.get_one(Attempt, "name anna")
            if row.paused_until:
                waits.append(round((row.paused_until - row.last_at).total_seconds()))
            row.paused_until = None
    assert waits == [30, 60, 120, 240, 300, 300, 300]
    wrong(store, address="10.0.2.1")
    with pytest.raises(Denied):
        sign_in.enter(store, "Anna", PASSWORD, ELSEWHERE)


def test_who_has_signed_in_from_this_browser_is_kept_out_by_nobody_elses_tries(
    store: Store, anna: AccountRow, vita: AccountRow
):
    mark = sign_in.browser_mark(store, signed_in(store))
    hers = sign_in.browser_mark(store, signed_in(store, "Vita"))
    for n in range(25):
        wrong(store, address=HERE)
        wrong(store, address=f"10.0.1.{n}")
    for other in (None, "forged", hers):
        with pytest.raises(Denied):
            sign_in.enter(store, "Anna", PASSWORD, HERE, other)
    assert sign_in.enter(store, "Anna", PASSWORD, HERE, mark)
    for _n in range(5):
        with pytest.raises(Denied):
            sign_in.enter(store, "Anna", "not the password", HERE, mark)
    with pytest.raises(Denied):
        sign_in.enter(store, "Anna", PASSWORD, HERE, mark)
    with store.begin() as session:
        accounts.set_password(session, ADA, accounts.find(session, "Anna"), "another walk by sea")
        attempts.unlock(session, ADA, anna)
    with pytest.raises(Denied):
        sign_in.enter(store, "Anna", "not the password", ELSEWHERE, mark)
    with store.begin() as session:  # the mark ended with the password: it counts as of any browser
        assert session.get(Attempt, f"name anna from {ELSEWHERE}")


def test_twenty_tries_make_a_pause_for_the_address_whatever_the_name(
    store: Store, anna: AccountRow
):
    with store.begin() as session:
        subjects = attempts.of_sign_in(None, HERE)
        assert all(attempts.begin(session, subjects) for _n in range(20))
    wrong(store, "Nobody", HERE)
    with pytest.raises(Denied):
        sign_in.enter(store, "Anna", PASSWORD, HERE)
    assert sign_in.enter(store, "Anna", PASSWORD, ELSEWHERE)


def test_of_tries_at_once_five_are_made_and_no_more(store: Store, anna: AccountRow):
    subjects = attempts.of_sign_in("anna", HERE)

    def may_try(_n: int) -> bool:
        with store.begin() as session:
            return attempts.begin(session, subjects)

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(may_try, range(24))) == attempts.MOST


def test_few_wait_for_their_password_to_be_checked():
    hashing = passwords.Hashing()
    with ExitStack() as stack, ThreadPoolExecutor(passwords.WAITING) as pool:

        def wait(n: int) -> None:
            with hashing.turn(f"10.0.0.{n % 2}"):
                pass

        with hashing.turn("10.0.0.0"):
            waiting = [pool.submit(wait, n) for n in range(1, passwords.WAITING)]
            while hashing.waiting() < passwords.WAITING:
                time.sleep(0.001)
            for address in ("10.0.0.0", "10.0.0.9"):
                with pytest.raises(Denied, match="Too many people are signing in"):
                    stack.enter_context(hashing.turn(address))
        assert [found.result() for found in waiting] == [None] * len(waiting)
    assert hashing.waiting() == 0


def test_what_is_typed_for_a_name_is_not_kept_unless_somebody_has_it(
    store: Store, anna: AccountRow
):
    wrong(store, "my secret password")
    for file in store.settings.home.glob("segferry.sqlite*"):
        assert b"my secret password" not in file.read_bytes()


def test_a_pause_ends_by_itself(store: Store, anna: AccountRow):
    for _n in range(5):
        wrong(store)
    with store.begin() as session:
        session.execute(sa.update(Attempt).values(paused_until=datetime.now(UTC)))
    assert sign_in.enter(store, "Anna", PASSWORD, HERE)


def test_an_administrator_can_lift_a_pause(store: Store, anna: AccountRow):
    for _n in range(5):
        wrong(store)
    with store.begin() as session:
        (pause,) = attempts.pauses(session)
        attempts.lift(session, ADA, pause.subject)
    assert sign_in.enter(store, "Anna", PASSWORD, HERE)


def test_a_name_can_be_unlocked_wherever_it_was_tried(store: Store, anna: AccountRow):
    for n in range(15):
        wrong(store, address=f"10.0.1.{n % 2}")
    with store.begin() as session:
        attempts.unlock(session, ADA, anna)
    assert sign_in.enter(store, "Anna", PASSWORD, "10.0.1.1")


def test_wrong_codes_of_set_up_pause_and_are_written_down(store: Store):
    code = sign_in.set_up_code(store)
    assert code
    for _n in range(5):
        with pytest.raises(Invalid, match="one-time code"):
            sign_in.set_up(store, "AAAA-AAAA-AAAA", "Eve", PASSWORD, "", HERE)
    with pytest.raises(Denied, match="is locked for 15 minutes"):
        sign_in.set_up(store, code, "Anna", PASSWORD, "", HERE)
    with store.begin() as session:
        found = audit.entries(session, ADA, by="set-up")
    assert [(row.action, row.kind, row.origin) for row in found] == [
        ("refused", "set-up", HERE)
    ] * 6
    assert sign_in.set_up(store, code, "Anna", PASSWORD, "", ELSEWHERE)


def test_the_code_makes_the_first_administrator_and_signs_in(store: Store):
    code = sign_in.set_up_code(store)
    assert code
    typed = code.lower().replace("-", " ")
    ticket = sign_in.set_up(store, typed, "Anna", PASSWORD, "anna@example.lv", HERE)
    who = sign_in.who(store, sign_in.start(store, ticket, HERE, ""))
    assert who
    assert (who.name, who.role) == ("Anna", Role.administrator)
    assert sign_in.set_up_code(store) is None
    with pytest.raises(Denied, match="already set up"):
        sign_in.set_up(store, code, "Eve", PASSWORD, "", HERE)


def test_each_start_makes_a_new_code_and_the_old_one_holds_no_longer(store: Store):
    old = sign_in.set_up_code(store)
    assert old
    sign_in.set_up_code(store)
    with pytest.raises(Invalid, match="one-time code"):
        sign_in.set_up(store, old, "Anna", PASSWORD, "", HERE)


def test_a_wrong_password_at_set_up_leaves_the_code_as_it_is(store: Store):
    code = sign_in.set_up_code(store)
    assert code
    with pytest.raises(Invalid):
        sign_in.set_up(store, code, "Anna", "short", "", HERE)
    assert sign_in.set_up(store, code, "Anna", PASSWORD, "", HERE)


def test_a_link_lets_somebody_choose_a_password_once(store: Store, anna: AccountRow):
    with store.begin() as session:
        row = accounts.add(session, ADA, "Jānis", Role.contributor)
    old = sign_in.invite(store, ADA, row.id)
    link = sign_in.invite(store, ADA, row.id)
    assert sign_in.person_invited(store, old) is None  # the newer one holds
    assert sign_in.person_invited(store, link) == "Jānis"
    assert sign_in.start(store, sign_in.join(store, link, PASSWORD, HERE), HERE, "")
    with pytest.raises(Denied, match="already used"):
        sign_in.join(store, link, PASSWORD, HERE)


@pytest.mark.parametrize(
    "change",
    [
        lambda s, row: accounts.set_password(s, ADA, row, "another walk by the sea"),
        lambda s, row: accounts.set_role(s, ADA, row, Role.contributor),
        lambda s, row: accounts.sign_out(s, ADA, row),
        lambda s, row: (accounts.disable(s, ADA, row), accounts.enable(s, ADA, row)),
    ],
    ids=["password", "role", "signed out", "disabled and enabled"],
)
def test_links_and_begun_sign_ins_end_with_what_they_were_made_for(
    store: Store, vita: AccountRow, change: Callable[[Session, AccountRow], object]
):
    link = sign_in.invite(store, ADA, vita.id)
    begun = sign_in.enter(store, "Vita", PASSWORD, HERE)
    with store.begin() as session:
        change(session, accounts.find(session, "Vita"))
    assert sign_in.person_invited(store, link) is None
    with pytest.raises(Denied, match="already used"):
        sign_in.join(store, link, PASSWORD, HERE)
    with pytest.raises(Denied, match="too long"):
        sign_in.start(store, begun, HERE, "")


@pytest.mark.parametrize(
    "name",
    ["", "   ", "a" * 10_000, "An\u200bna", "\u202eannA", "an\x00na", "ANNA", "ａｎｎａ"],
)
def test_names_that_mislead_are_refused(store: Store, anna: AccountRow, name: str):
    with pytest.raises(SegferryError), store.begin() as session:
        accounts.add(session, ADA, name, Role.viewer)


def test_everything_is_written_down_with_who_and_where(store: Store, vita: AccountRow):
    wrong(store, "Vita")
    sign_in.leave(store, signed_in(store, "Vita"), HERE)
    who = Person("Vita", Role.viewer, vita.id, HERE)
    with pytest.raises(Denied), store.begin() as session:
        accounts.add(session, who, "Eve", Role.administrator)
    with store.begin() as session:
        found = audit.entries(session, ADA, by="Vita")
    assert [(row.action, row.origin) for row in found] == [
        ("refused", HERE),
        ("signed out", HERE),
        ("signed in", HERE),
        ("refused", HERE),
    ]
    assert all(PASSWORD not in row.what for row in found)
