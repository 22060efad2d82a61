"""Freezing: limits always hold, every row is accounted for once, and it is all or nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plan
from core.destinations.klaviyo.capabilities import LAYOUT
from core.errors import SourceFailed, Stopped, StorageFailed
from core.layout import Layout
from core.person.purging import Addresses, from_parquet
from core.plan.freeze import OverLimit
from core.plan.freeze import freeze as freeze_matched
from core.plan.frozen import Frozen, batch_path, read_batch, read_plan, read_rejects
from core.plan.refreeze import refreeze
from core.profiles.matching.fields import Match, PhoneRegion
from core.profiles.matching.matching import Matching
from core.profiles.sources import ROW

MATCH = Match(email="email", properties={"note": "note"})


def freeze(
    rows: pl.LazyFrame,
    match: Match,
    region: PhoneRegion | None,
    layout: Layout,
    folder: Path,
    **options: Any,
) -> Frozen:
    """Freezes rows as an export with this matching does."""
    matching = Matching.of(rows, match, region, layout)
    return freeze_matched(rows, matching, folder, **options)


def people(emails: list[str | None], notes: list[str] | None = None) -> pl.LazyFrame:
    frame = pl.DataFrame({"email": pl.Series(emails, dtype=pl.String)})
    frame = frame.with_columns(note=pl.Series(notes or ["hi"] * len(emails), dtype=pl.String))
    return frame.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).lazy()


def crowd(size: int) -> pl.LazyFrame:
    numbers = pl.int_range(1, size + 1, eager=True).alias(ROW).to_frame().lazy()
    return numbers.with_columns(email=pl.format("p{}@example.com", ROW), note=pl.lit("hi"))


def sent(folder: Path, part: int = 1) -> pl.DataFrame:
    """All profiles of a part, in the order of its batches."""
    numbers = [batch.number for batch in read_plan(folder).parts[part - 1].batches]
    return pl.concat([read_batch(folder, part, number) for number in numbers])


def test_a_frozen_run_is_read_back_as_it_was_written(tmp_path):
    rows = people(["B@x.lv", "no", "a@x.lv", "b@x.lv", None])
    frozen = freeze(rows, MATCH, None, LAYOUT, tmp_path / "run", limit=10, over="stop")
    assert read_plan(tmp_path / "run") == frozen
    batch = read_batch(tmp_path / "run", 1, 1)
    assert batch.columns == [ROW, "email", "body", "bytes", "hash", "clear", "person", "segments"]
    assert batch[ROW].to_list() == [1, 3]
    assert batch["email"].to_list() == ["b@x.lv", "a@x.lv"]
    assert [json.loads(body)["attributes"]["email"] for body in batch["body"]] == [
        *("b@x.lv", "a@x.lv")
    ]
    assert read_rejects(tmp_path / "run", 1).rows() == [
        (2, "no", "invalid_email", None),
        (4, "b@x.lv", "duplicate_email", None),
        (5, None, "missing_email", None),
    ]


def test_batches_are_cut_by_count(tmp_path):
    part = freeze(
        crowd(25_001), MATCH, None, LAYOUT, tmp_path / "run", limit=30_000, over="stop"
    ).parts[0]
    assert [batch.profiles for batch in part.batches] == [10_000, 10_000, 5_001]
    assert sent(tmp_path / "run")[ROW].to_list() == list(range(1, 25_002))


def test_batches_are_cut_by_bytes(tmp_path):
    size = 120
    rows = people([f"p{n}@x.lv" for n in range(size)], ["x" * 99_000] * size)
    part = freeze(rows, MATCH, None, LAYOUT, tmp_path / "run", limit=size, over="stop").parts[0]
    assert [batch.profiles for batch in part.batches] == [46, 46, 28]
    for batch in part.batches:
        bodies = read_batch(tmp_path / "run", 1, batch.number)["body"]
        assert batch.bytes == len(",".join(bodies).encode()) <= LAYOUT.most_bytes


def test_a_slice_of_the_work_is_not_the_end_of_a_batch(tmp_path):
    part = freeze(
        crowd(104_000), MATCH, None, LAYOUT, tmp_path / "run", limit=10**6, over="stop"
    ).parts[0]
    assert [batch.profiles for batch in part.batches] == [LAYOUT.most_profiles] * 10 + [4_000]
    assert sent(tmp_path / "run")[ROW].is_sorted()


def test_more_than_the_limit_is_refused_with_the_number_and_no_profile_is_kept(tmp_path):
    with pytest.raises(OverLimit, match="1,201 profiles are more than the limit of 1,200") as e:
        freeze(crowd(1_201), MATCH, None, LAYOUT, tmp_path / "run", limit=1_200, over="stop")
    assert (e.value.valid, e.value.limit) == (1_201, 1_200)
    assert not list(tmp_path.rglob("batch-*"))


def test_split_makes_parts_of_at_most_the_limit_with_the_rejects_that_follow(tmp_path):
    emails = [None, "a@x.lv", "no", "b@x.lv", "A@x.lv", "c@x.lv", "d@x.lv", "e@x.lv", None]
    frozen = freeze(people(emails), MATCH, None, LAYOUT, tmp_path / "run", limit=2, over="split")
    told = [(part.number, part.members, part.valid, part.rejected) for part in frozen.parts]
    assert told == [
        (1, 5, 2, {"missing_email": 1, "invalid_email": 1, "duplicate_email": 1}),
        (2, 2, 2, {}),
        (3, 2, 1, {"missing_email": 1}),
    ]
    rows = [sent(tmp_path / "run", part)[ROW].to_list() for part in (1, 2, 3)]
    assert rows == [[2, 4], [6, 7], [8]]
    assert read_rejects(tmp_path / "run", 3)["row"].to_list() == [9]


def test_rows_out_of_order_are_put_in_order_first(tmp_path):
    rows = people(["b@x.lv", "a@x.lv", "B@x.lv"]).reverse()
    freeze(rows, MATCH, None, LAYOUT, tmp_path / "run", limit=9, over="stop")
    assert sent(tmp_path / "run")[ROW].to_list() == [1, 2]


def test_a_sample_run_takes_one_person_only(tmp_path):
    rows = people(["b@x.lv", "A@x.lv", "a@x.lv ", None])
    part = freeze(
        rows, MATCH, None, LAYOUT, tmp_path / "run", limit=9, over="stop", only_email=" A@X.lv"
    ).parts[0]
    assert (part.members, part.valid, part.rejected) == (2, 1, {"duplicate_email": 1})
    assert sent(tmp_path / "run")[ROW].to_list() == [2]


def test_nobody_to_send_is_a_run_without_batches(tmp_path):
    part = freeze(people([]), MATCH, None, LAYOUT, tmp_path / "run", limit=9, over="split").parts[0]
    assert (part.members, part.valid, part.batches) == (0, 0, ())
    assert read_rejects(tmp_path / "run", 1).is_empty()


def test_freezing_again_starts_over(tmp_path):
    freeze(crowd(20_000), MATCH, None, LAYOUT, tmp_path / "run", limit=10**6, over="stop")
    (tmp_path / "run.part").mkdir()
    (tmp_path / "run.part" / "rubbish").write_text("of a crash")
    freeze(crowd(5), MATCH, None, LAYOUT, tmp_path / "run", limit=9, over="stop")
    assert sent(tmp_path / "run")[ROW].to_list() == [1, 2, 3, 4, 5]
    files = {path.name for path in (tmp_path / "run").rglob("*") if path.is_file()}
    kept = {"batch-00001.parquet", "members-00001.parquet", "rejects.parquet"}
    assert files == {"plan.json", *kept}


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_stop_leaves_nothing(tmp_path, after):
    asked = iter([False] * after + [True] * 9)

    def stopping(_share: float, _doing: str) -> None:
        if next(asked):
            raise Stopped("Enough.")

    with pytest.raises(Stopped):
        freeze(
            crowd(60_000),
            MATCH,
            None,
            LAYOUT,
            tmp_path / "run",
            limit=10**6,
            over="stop",
            progress=stopping,
        )
    assert list(tmp_path.iterdir()) == []


def progress_of(folder: Path) -> list[tuple[float, str]]:
    """What is said of the progress while a crowd is frozen: share and doing."""
    seen = []
    freeze(
        crowd(120_000),
        MATCH,
        None,
        LAYOUT,
        folder / "run",
        limit=10**6,
        over="stop",
        progress=lambda share, doing: seen.append((share, doing)),
    )
    return seen


def test_whether_to_stop_is_looked_up_while_profiles_are_checked(tmp_path):
    doing = [doing for _, doing in progress_of(tmp_path)]
    assert doing.count("Checking the profiles") > 2


def test_progress_goes_from_nothing_to_all(tmp_path):
    seen = progress_of(tmp_path)
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert len({doing for _, doing in seen}) == 3


def test_a_kill_in_the_middle_leaves_nothing_half_done(tmp_path):
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from tests.plan.test_freeze import crowd, freeze, LAYOUT, MATCH\n"
        "def progress(share, doing):\n"
        "    if share > 0.6: os.kill(os.getpid(), signal.SIGKILL)\n"
        "freeze(crowd(120_000), MATCH, None, LAYOUT, Path(sys.argv[1]), limit=10**6, over='stop',\n"
        "       progress=progress)\n"
    )
    root = Path(plan.__file__).parents[2]
    command = [sys.executable, "-c", program, str(tmp_path / "run")]
    killed = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "run").exists()
    freeze(crowd(7), MATCH, None, LAYOUT, tmp_path / "run", limit=9, over="stop")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_full_disk_is_told_and_nothing_is_kept(tmp_path):
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from core.errors import StorageFailed\n"
        "from tests.plan.test_freeze import crowd, freeze, LAYOUT, MATCH\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: freeze(crowd(60_000), MATCH, None, LAYOUT, Path(sys.argv[1]), limit=10**6,\n"
        "            over='stop')\n"
        "except StorageFailed as error: print(error)\n"
    )
    root = Path(plan.__file__).parents[2]
    command = [sys.executable, "-c", program, str(tmp_path / "run")]
    env = {**os.environ, "PYTHONPATH": str(root)}
    told = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    assert f"The run's files in {tmp_path / 'run'} can't be written" in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="can't be written"):
        freeze(crowd(5), MATCH, None, LAYOUT, tmp_path / "file" / "run", limit=9, over="stop")
    with pytest.raises(StorageFailed):
        read_plan(tmp_path / "nowhere")
    with pytest.raises(StorageFailed):
        read_batch(tmp_path / "nowhere", 1, 1)


def test_a_source_that_goes_away_is_told(tmp_path):
    crowd(5).collect().write_parquet(tmp_path / "people.parquet")
    rows = pl.scan_parquet(tmp_path / "people.parquet")
    rows.collect_schema()
    (tmp_path / "people.parquet").unlink()
    with pytest.raises(SourceFailed, match="The source is missing"):
        freeze(rows, MATCH, None, LAYOUT, tmp_path / "run", limit=9, over="stop")
    assert list(tmp_path.iterdir()) == []


def test_a_retry_freezes_only_what_did_not_arrive(tmp_path):
    freeze(crowd(25_000), MATCH, None, LAYOUT, tmp_path / "old", limit=10**6, over="stop")
    old, new = tmp_path / "old", tmp_path / "new"
    part = refreeze(old, 1, [1, 3], new, LAYOUT, without=[2, 25_000]).parts[0]
    assert (part.members, part.valid, part.rejected) == (14_998, 14_998, {})
    expected = [1, *range(3, 10_001), *range(20_001, 25_000)]
    assert sent(new)[ROW].to_list() == expected
    assert read_batch(new, 1, 1)["body"][0] == read_batch(old, 1, 1)["body"][0]
    assert read_rejects(new, 1).is_empty()


def test_a_retry_sends_nobody_who_was_erased_since(tmp_path):
    freeze(crowd(3), MATCH, None, LAYOUT, tmp_path / "old", limit=10**6, over="stop")
    kept = read_batch(tmp_path / "old", 1, 1)
    second = kept["email"][1]
    assert from_parquet(batch_path(tmp_path / "old", 1, 1), Addresses((second,))) == 1
    blank = read_batch(tmp_path / "old", 1, 1)
    assert (blank["email"][1], blank["body"][1], blank.height) == ("erased", "{}", 3)
    part = refreeze(tmp_path / "old", 1, [1], tmp_path / "new", LAYOUT).parts[0]
    assert part.members == 2
    assert read_batch(tmp_path / "new", 1, 1)["email"].to_list() == [
        kept["email"][0],
        kept["email"][2],
    ]


EMAILS = st.sampled_from([f"p{n}@x.lv" for n in range(30)] + ["P1@x.lv", "no", "", None])
NOTES = st.integers(0, 99_000)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(EMAILS, NOTES), max_size=60), st.integers(1, 40))
def test_limits_hold_and_every_row_is_found_once_in_order(tmp_path_factory, rows, limit):
    folder = tmp_path_factory.mktemp("frozen") / "run"
    frame = people([email for email, _ in rows], ["x" * size for _, size in rows])
    frozen = freeze(frame, MATCH, None, LAYOUT, folder, limit=limit, over="split")
    found, order = [], []
    for part in frozen.parts:
        rejects = read_rejects(folder, part.number)
        assert part.valid <= limit
        assert part.members == part.valid + sum(part.rejected.values())
        assert sum(part.rejected.values()) == len(rejects)
        assert part.valid == sum(batch.profiles for batch in part.batches)
        for batch in part.batches:
            profiles = read_batch(folder, part.number, batch.number)
            assert 1 <= len(profiles) == batch.profiles <= LAYOUT.most_profiles
            assert profiles["bytes"].sum() + len(profiles) <= LAYOUT.most_bytes
            order += profiles[ROW].to_list()
        found += rejects["row"].to_list()
    assert order == sorted(order)
    assert sorted(order + found) == list(range(1, len(rows) + 1))


def test_a_batch_that_was_frozen_under_the_former_name_of_its_rows_is_read(tmp_path: Path):
    freeze(people(["a@b.lv"]), MATCH, None, LAYOUT, tmp_path / "run", limit=10, over="stop")
    path = batch_path(tmp_path / "run", 1, 1)
    pl.read_parquet(path).rename({ROW: "__row__"}).write_parquet(path)
    assert read_batch(tmp_path / "run", 1, 1)[ROW].to_list() == [1]
