"""Signing in, setting up, one-time links and tickets, with whatever strangers send."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import bcrypt
from hypothesis import strategies as st
from sqlmodel import func, select

from core.access import Person, Role
from core.errors import Denied, SegferryError
from core.server import sign_in
from core.settings import Settings
from core.store import accounts, open_store, passwords
from core.store.tables.people import AccountRow, SessionRow
from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.mutations import mutated

ADA = Person("Ada", Role.administrator)
HERE = "10.0.0.1"  # servers take no other addresses than such
PASSWORD = "a long walk by the sea"
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Anna", PASSWORD, "anna ", "", "\0", "\ud800", "x" * 73, "ā" * 40, "x" * 100_000]
    ),
)
CALLS = ["enter", "start", "who", "set_up", "join", "confirm", "invited", "leave", "mark"]
CASES = st.fixed_dictionaries(
    {"do": st.sampled_from(CALLS), "with": st.lists(TEXTS, min_size=4, max_size=4)}
)
RIGHT = [
    json.dumps({"do": one, "with": ["Anna", PASSWORD, "10.0.0.1", "b"]}).encode() for one in CALLS
]


@contextmanager
def _opened(folder: Path) -> Iterator[Trial]:
    quick = partial(bcrypt.gensalt, rounds=4)
    nobody = bcrypt.hashpw(b"nobody", quick()).decode()
    with patch.object(bcrypt, "gensalt", quick), patch.object(passwords, "NOBODYS", nobody):
        store = open_store(Settings(home=folder / "data"))
        with store.begin() as session:
            anna = accounts.add(session, ADA, "Anna", Role.administrator, password=PASSWORD)
        who = Person("Anna", Role.administrator, anna.id, HERE)
        calls = {
            "enter": lambda a, b, c, _: sign_in.enter(store, a, b, HERE, c),
            "start": lambda a, b, *_: sign_in.start(store, a, HERE, b),
            "who": lambda a, *_: sign_in.who(store, a, HERE),
            "set_up": lambda a, b, c, d: sign_in.set_up(store, a, b, c, d, HERE),
            "join": lambda a, b, *_: sign_in.join(store, a, b, HERE),
            "confirm": lambda a, *_: sign_in.confirm(store, who, a),
            "invited": lambda a, *_: sign_in.person_invited(store, a),
            "leave": lambda a, *_: sign_in.leave(store, a, HERE),
            "mark": lambda a, *_: sign_in.browser_mark(store, a),
        }

        def count() -> tuple[int, int]:
            with store.begin() as session:
                rows = [
                    session.exec(select(func.count()).select_from(t)).one()
                    for t in (AccountRow, SessionRow)
                ]
            return rows[0], rows[1]

        def tried(case: bytes) -> None:
            try:
                data = json.loads(case)
                do, given = calls[data["do"]], [str(text) for text in data["with"]][:4]
            except (ValueError, KeyError, TypeError, RecursionError):
                raise Denied("No such form.") from None
            before = count()
            try:
                do(*given, *[""] * (4 - len(given)))
            except SegferryError:
                assert count() == before, "what was refused has left an account or a session"
                raise

        yield tried
        store.close()


KIND = Kind("sign-in", 8, CASES.map(json.dumps).map(str.encode) | mutated(RIGHT, 3), _opened)
