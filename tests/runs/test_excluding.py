"""Segments that an export leaves out: counted, told as rejects, never sent."""

from pathlib import Path

import polars as pl
import pytest

from core.configuration.file import read
from core.errors import Conflict, Invalid
from core.preview.plan import preview
from core.runs import downloads
from core.store import Store, apply, dump, exports, segments
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, ENVIRONMENT, applied, people, with_segments, written
from tests.runs.carried import ran
from tests.runs.conftest import members, sums_hold

VIPS = """
  - name: Vips
    source: Profiles
    rules: {all: [{field: spent, op: more_than, value: 4000}]}
"""


def brought(store: Store, klaviyo: str, folder: Path, frame: pl.DataFrame) -> Path:
    """The file of an export of these people that leaves out those who spent more than 4,000."""
    frame.write_parquet(folder / "many.parquet")
    made = written(folder, folder / "many.parquet", klaviyo, "    exclude: [Vips]")
    applied(store, with_segments(made, VIPS))
    return made


@pytest.fixture
def file(store: Store, klaviyo: str, tmp_path):
    """Fifty people; ten spent more than 4,000 and are left out, one of them without an email."""
    frame = people(50)
    nobody = pl.when(pl.col("customer_id") == "50").then(None).otherwise("email")
    return brought(store, klaviyo, tmp_path, frame.with_columns(email=nobody))


@pytest.mark.usefixtures("file")
def test_who_is_left_out_is_counted_and_not_sent(store: Store, klaviyo: str):
    found = preview(store, ADA, "Newsletter")
    assert (found.members, found.valid, found.rejected) == (50, 40, {"excluded": 10})
    run = ran(store)
    assert (run.status, run.sent, run.rejected) == (RunStatus.partial, 40, {"excluded": 10})
    assert sums_hold(run)
    assert not members(klaviyo) & {f"p{n}@example.com" for n in range(41, 51)}
    reasons = downloads.rejected(store, ADA, run)["reason"].unique().to_list()
    assert reasons == ["excluded"]


@pytest.mark.usefixtures("file")
def test_the_configuration_is_printed_as_it_was_applied(store: Store, file):
    assert "exclude:" in dump.text(store, ADA)
    found, keys = read(file, ENVIRONMENT)
    plan = apply.prepare(store, found, keys)
    assert {change.what for change in apply.apply(store, ADA, plan)} == {"unchanged"}


@pytest.mark.usefixtures("file")
def test_a_segment_that_is_left_out_is_in_use(store: Store):
    with store.begin() as session, pytest.raises(Conflict, match="Newsletter"):
        segments.remove(session, ADA, segments.find(session, "Vips"))


@pytest.mark.usefixtures("file")
def test_a_segment_is_taken_or_left_out_not_both(store: Store):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row).model_copy(update={"exclude": ("Everybody",)})
        with pytest.raises(Invalid, match="named twice"):
            exports.change(session, ADA, row, spec)


def test_a_person_is_left_out_whichever_of_their_rows_is_excluded(
    store: Store, klaviyo: str, tmp_path
):
    frame = people(6)
    twice = frame.head(2).with_columns(  # once more, and this row is in no segment but Vips
        spent=pl.lit(5_000, pl.Int64),
        country=pl.lit("EE"),
        email=pl.col("email").str.to_uppercase(),
    )
    brought(store, klaviyo, tmp_path, pl.concat([frame, twice]))
    found = preview(store, ADA, "Newsletter")
    assert (found.members, found.valid, found.rejected) == (6, 4, {"excluded": 2})
    run = ran(store)
    assert (run.sent, run.rejected) == (4, {"excluded": 2})
    assert members(klaviyo) & {f"p{n}@example.com" for n in range(1, 7)} == {
        f"p{n}@example.com" for n in range(3, 7)
    }
