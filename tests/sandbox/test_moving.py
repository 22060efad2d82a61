"""What another sandbox holds is taken over; whoever is there already stays as they are."""

from pathlib import Path

from core.sandbox import moving, start
from core.sandbox.keys import DEMO_ACCOUNT
from core.sandbox.state import State, lists, profiles
from core.sandbox.state.profiles import Profile

LIST, OTHER_LIST = "Y6nRLr", "VpX3qT"
NOW = 1_795_000_000.0


def filled(folder: Path, people: dict[str, str], list_id: str) -> None:
    """A sandbox with these people, first names by email, on the list."""
    state = State(folder / moving.FILE)
    with state.writing() as db:
        start.fill(db, NOW)
        first = profiles.last_number(db) + 1
        made = [
            Profile(first + n, DEMO_ACCOUNT, email, None, None, NOW, NOW, {"first_name": name})
            for n, (email, name) in enumerate(people.items())
        ]
        profiles.write(db, made)
        lists.join(db, list_id, [one.n for one in made], NOW)
    state.close()


def found(folder: Path) -> tuple[dict[str, str], dict[str, int]]:
    """First names by email, and how many are on each of the two lists."""
    state = State(folder / moving.FILE)
    with state.reading() as db:
        rows = db.execute("SELECT email, body ->> 'first_name' FROM profile WHERE email LIKE 'p%'")
        names = {row["email"]: row[1] for row in rows}
        counts = {one.id: n for one, n in lists.all_with_counts(db)}
    state.close()
    return names, {id: counts[id] for id in (LIST, OTHER_LIST)}


def test_people_of_another_sandbox_are_taken_over_and_nobody_is_changed(tmp_path: Path):
    filled(tmp_path / "here", {"p1@example.com": "Anna"}, OTHER_LIST)
    filled(tmp_path / "there", {"p1@example.com": "Other", "p2@example.com": "Jānis"}, LIST)
    moving.take_over(tmp_path / "here", tmp_path / "there")
    names, counts = found(tmp_path / "here")
    assert names == {"p1@example.com": "Anna", "p2@example.com": "Jānis"}
    assert counts == {LIST: 2, OTHER_LIST: 1}


def test_a_sandbox_that_is_cleared_begins_again(tmp_path: Path):
    filled(tmp_path, {"p1@example.com": "Anna"}, LIST)
    moving.clear(tmp_path, NOW)
    assert found(tmp_path) == ({}, {LIST: 0, OTHER_LIST: 0})
