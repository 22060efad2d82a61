"""A file in a store as a source from the command line: apply, config, doctor, preview, run."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from core.audience import kept
from core.person import erasing
from core.profiles.sources import open_source
from core.store import Store
from tests.buckets import Bucket
from tests.buckets import authority as authority
from tests.buckets import bucket as bucket
from tests.buckets import environment as environment
from tests.buckets import new_bucket as new_bucket
from tests.buckets import s3 as s3
from tests.buckets import trusting as trusting
from tests.cli.conftest import Command, one_sentence
from tests.conftest import ADA

pytestmark = pytest.mark.usefixtures("used")


@pytest.fixture
def over_bucket(configuration: Path, profiles: Path, bucket: Bucket) -> Path:
    """The configuration file, its source a folder of the bucket."""
    bucket.put("team exports/p+1.csv", profiles.read_bytes())
    text = configuration.read_text()
    assert str(profiles) in text
    configuration.write_text(text.replace(str(profiles), f"'s3://{bucket.name}/team exports/'"))
    return configuration


def test_a_file_in_a_store_goes_the_whole_way(
    segferry: Command, over_bucket: Path, bucket: Bucket, store: Store
):
    applied = segferry("apply", over_bucket)
    assert applied.status == 0, applied.err
    again = segferry("apply", over_bucket)
    assert {line.split()[0] for line in again.out.splitlines()} == {"unchanged"}
    printed = YAML(typ="safe").load(segferry("config").out)["sources"][0]
    assert printed["path"] == f"s3://{bucket.name}/team exports/"
    assert segferry("preview", "Newsletter", "--json").data["segments"] == {"Everybody": 12}
    ran = segferry("run", "Newsletter", "--json").data
    assert (ran["accepted"], ran["members"]) == (8, 12)
    assert len(list(store.settings.cache.glob("*.fetched/*/*"))) == 1
    assert segferry("run", "Newsletter", "--json").data["unchanged"] == 8
    files = [file for file in store.settings.home.rglob("*") if file.is_file()]
    assert not [file for file in files if b"wJalrSecretExample" in file.read_bytes()]


def test_what_is_missing_is_said_and_a_secret_is_not(
    segferry: Command, over_bucket: Path, bucket: Bucket
):
    segferry("apply", over_bucket)
    bucket.remove("team exports/p+1.csv")
    assert f"s3://{bucket.name}/team exports/" in segferry("doctor").out
    ran = segferry("run", "Newsletter")
    assert ran.status != 0
    assert f"s3://{bucket.name}/team exports/" in ran.err
    place = f"'s3://{bucket.name}/team exports/'"
    over_bucket.write_text(
        over_bucket.read_text().replace(place, "'https://example.com/p.csv?sig=t0psecret'")
    )
    refused = segferry("apply", over_bucket)
    assert one_sentence(refused)
    assert "password, a key or a signature" in refused.err
    assert "t0psecret" not in refused.err + refused.out


def test_what_was_fetched_goes_with_the_source(
    segferry: Command, over_bucket: Path, bucket: Bucket, store: Store
):
    segferry("apply", over_bucket)
    (kept_one,) = store.settings.cache.glob("*.fetched")
    never_saved = bucket.reading("team exports/", name="Never saved")
    open_source(never_saved, store.settings.cache)
    assert len(list(store.settings.cache.glob("*.fetched"))) == 2
    kept.drop(store, Path(f"s3://{bucket.name}/team exports/"), "Never saved", "Profiles")
    assert list(store.settings.cache.glob("*.fetched")) == [kept_one]


def test_who_is_erased_is_taken_out_of_what_was_fetched(
    segferry: Command, over_bucket: Path, store: Store
):
    segferry("apply", over_bucket)
    (fetched,) = store.settings.cache.glob("*.fetched/*/*")
    assert b"p3@example.com" in fetched.read_bytes()
    erasing.carry(store, erasing.begin(store, ADA, ["p3@example.com"]).id)
    assert b"p3@example.com" not in fetched.read_bytes()
    assert segferry("preview", "Newsletter", "--json").data["segments"] == {"Everybody": 11}
