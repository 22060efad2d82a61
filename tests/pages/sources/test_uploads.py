"""Uploaded files: they are taken over from where they arrived on the disk."""

import io
from uuid import uuid4

import pytest

from core.errors import Invalid
from core.server.uploads import NOTE
from core.settings import Settings
from pages.sources import uploads


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)


def test_a_file_that_arrived_on_the_disk_is_taken_over_without_reading_it(settings):
    id = str(uuid4())
    settings.arrivals.mkdir()
    (settings.arrivals / id).write_bytes(b"email\n")
    kept = uploads.keep(settings, id, "people.csv", io.BytesIO(NOTE))
    assert kept.read_bytes() == b"email\n"
    assert uploads.original(kept) == "people.csv"
    assert not list(settings.arrivals.iterdir())


def test_a_file_that_was_cleared_away_is_chosen_again(settings):
    with pytest.raises(Invalid, match=r"cleared away meanwhile\. Choose it again"):
        uploads.keep(settings, str(uuid4()), "people.csv", io.BytesIO(NOTE))
    assert not list(settings.uploads.iterdir())
