"""Who was erased is left out of runs and previews, and written down nowhere again."""

from pathlib import Path

import polars as pl
import pytest

from core.audience import erased
from core.errors import Invalid
from core.preview import one_person, plan
from core.runs import rejects
from core.store import Store, erasures
from core.store.tables.erasures import ErasedRow, ErasureRow
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import carried
from tests.runs.conftest import asked, members

KEY = bytes(range(32))


def forgotten(store: Store, *emails: str) -> None:
    """These addresses were erased."""
    key = erasures.hashing_key(store)
    with store.begin() as session:
        row = ErasureRow(by="Ada", digests=[])
        session.add(row)
        session.flush()
        for email, mark in zip(emails, erased.marks(key, emails), strict=True):
            digest = erasures.digest(key, email)
            session.add(ErasedRow(digest=digest, mark=mark, erasure_id=row.id))


def test_marks_are_spread_and_depend_on_the_key():
    emails = people(20_000)["email"].to_list()
    found = erased.marks(KEY, emails)
    assert max(found) < 2**erased.BITS
    assert len(set(found)) > 16_000  # of 65,536: 17,200 where they are spread at random
    assert len(set(erased.marks(KEY, [e.replace("p", "z") for e in emails])) & set(found)) < 6_000
    other = erased.marks(KEY[::-1], emails)
    assert sum(a == b for a, b in zip(found, other, strict=True)) < 10
    assert erased.marks(KEY, [" P1@Example.com "]) == erased.marks(KEY, ["p1@example.com"])


def test_who_was_erased_is_left_out_and_their_address_stays_unwritten(
    store: Store, klaviyo: str, tmp_path: Path
):
    place = tmp_path / "many.parquet"
    people(30).write_parquet(place)
    applied(store, written(tmp_path, place, klaviyo))
    forgotten(store, "p7@example.com", "gone@example.com")
    seen = plan.preview(store, ADA, "Newsletter")
    assert (seen.rejected, seen.add) == ({"erased": 1}, 29)
    run = carried(store, asked(store))
    assert (run.rejected, run.accepted) == ({"erased": 1}, 29)
    assert "p7@example.com" not in members(klaviyo)
    (row,) = rejects.of_run(store.settings, run).iter_rows(named=True)
    assert (row["email"], row["reason"]) == ("erased", "erased")


def test_nothing_is_sent_to_who_was_erased_by_name(store: Store, configuration: Path):
    applied(store, configuration)
    forgotten(store, "p1@example.com")
    with pytest.raises(Invalid, match="was erased"):
        one_person.send(store, ADA, "Newsletter", "P1@example.com")


def test_the_answer_about_suppressed_people_has_nobody_who_was_erased(
    store: Store, klaviyo: str, tmp_path: Path
):
    place = tmp_path / "many.parquet"
    people(3).write_parquet(place)
    applied(store, written(tmp_path, place, klaviyo, "    leave_out_suppressed: true"))
    forgotten(store, "p2@example.com")
    run = carried(store, asked(store))
    assert run.rejected == {"erased": 1}
    (kept,) = (store.settings.home / "suppressed").glob("*.parquet")
    assert pl.read_parquet(kept)["email"].to_list() == ["p1@example.com", "p3@example.com"]
