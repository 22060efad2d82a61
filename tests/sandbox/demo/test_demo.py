"""The demo: people whose faults are known, and a configuration that is brought once."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from core import settings
from core.access import Person, Role, operator
from core.audience import gather
from core.configuration.order import Order
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.errors import Conflict, Denied, StorageFailed
from core.profiles.matching import emails, phones
from core.profiles.matching import summary as matching
from core.profiles.sources import Kind
from core.sandbox import demo, start
from core.sandbox.demo import content, faults, people
from core.store import (
    Store,
    apply,
    connections,
    dump,
    exports,
    open_store,
    orders,
    segments,
    sources,
)

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "http://127.0.0.1:9"
N = 120_000
FULL = """create trigger full before insert on export
          begin select raise(abort, 'no room'); end"""
MEMBERS = {
    "Opted in, active 90 days": 48_205,
    "Latvian spenders": 6_310,
    "No order for 180 days": 17_067,
    "High spenders": 6_105,
    "Any consent": 115_300,
}
VALID = {"Newsletter": 47_114, "Loyalty, Latvia": 6_184, "All contactable people": 112_414}


@pytest.fixture(scope="module")
def crowd() -> pl.DataFrame:
    return people.profiles(N, today=TODAY, seed=4821)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation with the demo."""
    folder = tmp_path_factory.mktemp("demo")
    store = opened(folder)
    demo.seed(store, operator(), URL, TODAY)
    store.close()
    return folder


@pytest.fixture(scope="module")
def seeded(home: Path) -> Iterator[Store]:
    """An installation with the demo; tests only read it."""
    store = opened(home)
    yield store
    store.close()


@pytest.fixture
def had(home: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it that may be changed."""
    shutil.copytree(home, tmp_path / "copy")
    store = opened(tmp_path / "copy")
    yield store
    store.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Store]:
    """An installation without anything."""
    store = opened(tmp_path / "home")
    yield store
    store.close()


def opened(home: Path) -> Store:
    return open_store(settings.read({"SEGFERRY_HOME": str(home)}))


def profiles_of(store: Store) -> Path:
    return store.settings.home / "demo" / "profiles.parquet"


def gathered(store: Store, export: str) -> tuple[Order, gather.Audience]:
    with store.begin() as session:
        order = orders.order_of(session, exports.find(session, export))
    return order, gather.gather(order, store.settings, NOON)


def good(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with an address that can be sent, as `sent`."""
    found = frame.with_columns(sent=emails.trimmed(pl.col("email")))
    return found.filter(emails.valid(pl.col("sent"))).with_columns(emails.lowered(pl.col("sent")))


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return frame.select(condition.fill_null(False).mean()).item()


@pytest.mark.parametrize("export", VALID)
def test_an_export_of_the_demo_has_as_many_valid_profiles_as_promised(seeded, export):
    _order, found = gathered(seeded, export)
    summary = matching.summary(found.frame, found.matching)
    assert summary.valid == VALID[export]
    assert summary.members == summary.valid + sum(summary.rejected.values())
    assert set(summary.rejected) >= {"missing_email", "invalid_email", "duplicate_email"}
    assert summary.warnings["invalid_phone"] > 0


def test_the_segments_have_as_many_members_as_promised(seeded):
    order, _ = gathered(seeded, "Newsletter")
    with seeded.begin() as session:
        rows = segments.everything(session)
        rules = {row.name: segments.spec(session, row).rules for row in rows}
    every = Order(order.export, order.source, rules, order.time_zone, confined=False)
    assert gather.gather(every, seeded.settings, NOON).counts.segments == MEMBERS


def test_one_segment_is_over_the_limit_of_its_export(seeded):
    order, _ = gathered(seeded, "All contactable people")
    assert VALID["All contactable people"] > order.export.limit
    assert order.export.over_limit == "stop"


def test_a_run_of_the_newsletter_shows_rows_that_klaviyo_refuses(seeded):
    _, found = gathered(seeded, "Newsletter")
    refused = found.frame.filter(pl.col("email").str.starts_with("refused")).collect()
    assert len(good(refused)) == 12


def test_no_address_makes_a_whole_request_fail(crowd):
    assert not crowd["email"].str.contains("(?i)malformed").any()


def test_only_domains_of_examples_are_used(crowd):
    domains = good(crowd)["sent"].str.split("@").list.last().unique()
    assert domains.str.contains(r"^example\.(lv|ee|lt|de|co\.uk|ie|at|com|org|net)$").all()


def test_two_in_a_hundred_emails_are_missing_or_bad(crowd):
    assert 1 - len(good(crowd)) / N == pytest.approx(0.02, abs=0.001)


@pytest.mark.parametrize(
    "fault",
    [
        pl.col("email").is_null(),
        pl.col("email").str.strip_chars() == "",
        pl.col("email").str.contains(r"^[^@]+\.\w+$"),
        pl.col("email").str.contains("@@"),
        pl.col("email").str.contains(r"@.*\.$"),
        pl.col("email").str.starts_with("mailto:"),
        pl.col("email").str.contains("ü"),
        pl.col("email").str.contains(r"\S \S"),
    ],
)
def test_each_fault_of_an_email_occurs(crowd, fault):
    assert share(crowd, fault) == pytest.approx(faults.BAD_EMAILS / 10, abs=0.003)
    assert crowd.filter(fault).height > 100
    assert len(good(crowd.filter(fault))) == 0


def test_one_in_two_hundred_is_a_duplicate_in_other_case_or_white_space(crowd):
    found = good(crowd)
    doubles = len(found) - found["sent"].n_unique()
    assert doubles / N == pytest.approx(0.005, abs=0.0005)
    assert found["email"].n_unique() == len(found)


def test_a_duplicate_is_the_same_person_again(crowd):
    twice = good(crowd).filter(pl.len().over("sent") == 2)
    assert twice.group_by("sent").agg(pl.col("city").n_unique())["city"].max() == 1


def test_three_in_two_hundred_phones_are_broken_and_the_others_valid(crowd):
    typed = crowd.filter(pl.col("phone").is_not_null())
    number = typed.select(phones.e164(pl.col("phone"), pl.col("country"))).to_series()
    assert number.null_count() / N == pytest.approx(0.015, abs=0.002)
    assert len(typed) / N > 0.7


@pytest.mark.parametrize(
    "way",
    [r"^\+371 2\d{3} \d{4}$", r"^2\d{7}$", r"^0049", r"^\(020\) \d+$", r"^\+44 "],
)
def test_phones_are_typed_in_the_ways_of_people(crowd, way):
    assert crowd["phone"].str.contains(way).sum() > 20


@pytest.mark.parametrize("odd", ["=", '"', "🌸", "O'Connor", "Weiß", "Bērziņ", "Siobhán", "D'Arcy"])
def test_names_are_those_of_real_data(crowd, odd):
    names = pl.concat([crowd["first_name"], crowd["last_name"]])
    assert names.str.contains(odd, literal=True).sum() > 20


def test_ids_and_post_codes_keep_their_leading_zeros(crowd):
    assert crowd["customer_id"].n_unique() == N
    assert crowd["customer_id"].str.contains(r"^0\d{6}$").all()
    german = crowd.filter(pl.col("country") == "DE")["postcode"]
    assert german.str.contains(r"^\d{5}$").all()
    assert german.str.starts_with("0").sum() > 1_000


def test_numbers_are_heavy_tailed_with_gaps_and_a_few_that_are_none(crowd):
    value = crowd["lifetime_value"]
    assert 10 < value.is_nan().sum() < 100
    assert 0.03 < value.null_count() / N < 0.05
    spent = value.fill_nan(None).drop_nulls()
    assert spent.max() > 100 * spent.median()


def test_orders_lie_in_the_last_three_years_and_not_in_the_future(crowd):
    last = crowd["last_order_at"].drop_nulls()
    assert last.max() < datetime(2026, 11, 24, tzinfo=UTC)
    assert last.min() >= datetime(2023, 11, 24, tzinfo=UTC)
    assert crowd.filter(pl.col("last_order_at").is_null())["orders"].max() == 0


def test_the_columns_hold_what_their_names_say(crowd):
    assert tuple(crowd.columns) == people.COLUMNS
    assert crowd.schema["birthday"] == pl.Date
    assert crowd.schema["newsletter"] == pl.Boolean
    assert crowd.schema["favourite_categories"] == pl.List(pl.String)
    assert set(crowd["consent"]) == {"yes", "no", "unknown"}
    assert set(crowd["loyalty_tier"]) == {"bronze", "silver", "gold", None}
    assert set(crowd["country"]) == {"LV", "EE", "LT", "DE", "GB", "IE", "AT"}


def test_the_same_seed_makes_the_same_people_and_another_one_others():
    first = people.profiles(3_000, today=TODAY, seed=1)
    assert first.equals(people.profiles(3_000, today=TODAY, seed=1))
    assert not first.equals(people.profiles(3_000, today=TODAY, seed=2))


def test_the_people_are_the_same_on_every_machine(crowd):
    first = crowd.row(0, named=True)
    assert (first["email"], first["phone"]) == ("g.ozols@example.lv", "2000 7919")
    assert crowd["orders"].sum() == 368_430


def test_profiles_are_written_whole_and_nothing_else_stays(tmp_path):
    path = tmp_path / "demo" / "profiles.parquet"
    people.write(path, 50, today=TODAY)
    assert pl.read_parquet(path).height == 50
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "demo").write_text("a file, not a folder")
    with pytest.raises(StorageFailed, match=r"profiles\.parquet can't be written"):
        people.write(tmp_path / "demo" / "profiles.parquet", 50, today=TODAY)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
def test_a_full_disk_is_told_in_a_sentence_and_nothing_half_done_stays(tmp_path):
    with largest_file(1_000), pytest.raises(StorageFailed, match="File too large"):
        people.write(tmp_path / "profiles.parquet", 50, today=TODAY)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Lets this process write no file beyond so many bytes, as a disk that is full."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_lists_of_the_exports_are_those_of_the_local_klaviyo():
    assert {list_id for _, _, list_id in content.EXPORTS} <= {row[0] for row in start.LISTS}


def test_the_first_time_says_what_was_brought(fresh):
    brought = demo.seed(fresh, operator(), URL, TODAY)
    assert brought.new
    assert brought.segments == tuple(MEMBERS)
    assert brought.exports == tuple(VALID)
    with fresh.begin() as session:
        connection = connections.find(session, brought.connection)
        counted = segments.find(session, "Any consent")
    assert (connection.shared_with, connection.agreed_by) == ("contributors", "demo")
    assert counted.total == N


def test_a_second_time_only_follows_the_address_of_the_local_klaviyo(had):
    written = profiles_of(had).stat().st_mtime_ns
    before = dump.text(had, operator())
    moved = "http://127.0.0.1:4711"
    assert not demo.seed(had, operator(), moved, date(2027, 1, 1)).new
    assert dump.text(had, operator()) == before.replace(URL, moved)
    assert profiles_of(had).stat().st_mtime_ns == written


def test_its_configuration_applied_again_changes_nothing(seeded):
    found = content.configuration(URL, demo.KEY, profiles_of(seeded))
    plan = apply.prepare(seeded, found, {content.CONNECTION: demo.KEY})
    changes = apply.apply(seeded, operator(), plan, dry_run=True)
    assert {change.what for change in changes} == {"unchanged"}


def test_a_connection_made_one_to_the_real_klaviyo_stays_so(had):
    real = "https://a.klaviyo.com"
    demo.seed(had, operator(), real, TODAY)
    demo.seed(had, operator(), URL, TODAY)
    with had.begin() as session:
        assert connections.find(session, content.CONNECTION).base_url == real


def test_what_someone_removed_of_the_demo_does_not_come_back(had):
    with had.begin() as session:
        exports.remove(session, operator(), exports.find(session, "Newsletter"))
        row = connections.find(session, content.CONNECTION)
        connections.remove(session, operator(), row)
    demo.seed(had, operator(), URL, TODAY)
    with had.begin() as session:
        assert connections.everything(session) == []
        assert len(exports.everything(session)) == 2


def test_things_of_ones_own_with_the_same_name_are_never_changed(fresh):
    source = Source(name="Mine", path="/nowhere.parquet")
    rules = {"all": [{"field": "spent", "op": "more_than", "value": 1}]}
    own = Segment(name="High spenders", source="Mine", rules=rules)
    with fresh.begin() as session:
        sources.add(session, operator(), source, {"spent": Kind.number})
        segments.add(session, operator(), own)
    with pytest.raises(Conflict, match="would change your “High spenders”"):
        demo.seed(fresh, operator(), URL, TODAY)
    assert not profiles_of(fresh).exists()
    with fresh.begin() as session:
        assert segments.spec(session, segments.find(session, "High spenders")) == own
        assert connections.everything(session) == []


def test_nothing_is_left_when_the_demo_cannot_be_brought_whole(fresh):
    with fresh.begin() as session:
        session.execute(sa.text(FULL))
    with pytest.raises(Conflict, match="at the same time"):
        demo.seed(fresh, operator(), URL, TODAY)
    assert not profiles_of(fresh).exists()
    with fresh.begin() as session:
        assert connections.everything(session) == []
        assert sources.everything(session) == []


def test_only_an_administrator_brings_the_demo(fresh):
    with pytest.raises(Denied):
        demo.seed(fresh, Person("Liene", Role.contributor), URL, TODAY)
    assert not profiles_of(fresh).exists()
