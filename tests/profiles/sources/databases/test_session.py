"""Sessions: whatever happens while they are made, no connection is left behind."""

import psycopg
import pytest

from core.errors import Stopped
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.session import Session
from tests.profiles.sources.databases.conftest import Database

SLOW = "application_name=late&options=-c%20post_auth_delay%3D1"  # a second until it is connected
OPEN = "select count(*) from pg_stat_activity where application_name = 'late' and state is not null"


def test_a_connection_that_is_made_too_late_is_closed(postgres: Database):
    def report(_share: float, _doing: str) -> None:
        raise Stopped("Stopped.")

    with pytest.raises(Stopped) as error:
        Session(Address.parse(f"{postgres.url}&{SLOW}"), "The source", 20, report)
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        assert error.value.__traceback__  # what was made there still is, with all that it holds
        for _ in range(2000):
            (left,) = connection.execute(OPEN).fetchone() or (None,)
            if left == 0:
                return
    pytest.fail("The connection is still open.")
