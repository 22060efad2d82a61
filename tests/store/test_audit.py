"""The audit grows by what people do, not by what they repeat."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from core.access import Person, Role
from core.errors import Denied
from core.store import Store, audit
from core.store.audit import Deed
from core.store.tables.people import AuditRow
from tests.conftest import ADA

VITA = Person("Vita", Role.viewer, 7, "10.0.0.1")


def written(store: Store, deed: Deed) -> list[AuditRow]:
    with store.begin() as session:
        return audit.entries(session, ADA, by=VITA.name, deed=deed)


def a_minute_later(store: Store) -> None:
    with store.begin() as session:
        for row in session.scalars(sa.select(AuditRow)):
            row.at -= timedelta(minutes=1)


def test_refusals_of_a_person_are_written_down_so_often_a_minute(store: Store):
    for _minute in range(2):
        for _n in range(audit.MOST + 20):
            store.note_refusal("x" * 2000, VITA)
        a_minute_later(store)
    found = written(store, Deed.refused)
    assert len(found) == 2 * audit.MOST
    assert {len(row.what) for row in found} == {audit.LONGEST}


def test_nobody_else_pays_for_them(store: Store):
    for _n in range(audit.MOST):
        store.note_refusal("no", VITA)
    elsewhere = Person("Vita", Role.viewer, 7, "10.0.0.2")
    for one in (elsewhere, Person("Anna", Role.viewer, 8, VITA.origin)):
        store.note_refusal("no", one)
    with store.begin() as session:
        assert session.scalar(sa.select(sa.func.count(col(AuditRow.id)))) == audit.MOST + 2


def test_a_download_that_would_be_unwritten_is_refused(store: Store):
    with store.begin() as session:
        for _n in range(audit.MOST):
            audit.record(session, VITA, Deed.downloaded, "runs", "")
    with pytest.raises(Denied, match="downloads a minute"), store.begin() as session:
        audit.record(session, VITA, Deed.downloaded, "runs", "")
    a_minute_later(store)
    with store.begin() as session:
        audit.record(session, VITA, Deed.downloaded, "runs", "")
    assert len(written(store, Deed.downloaded)) == audit.MOST + 1
