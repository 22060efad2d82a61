"""Every button says what it does, and to what: no two on a page have one name."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access import operator
from core.configuration.connection import Connection, Consent
from core.configuration.export import Export
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.profiles.segments.rules import Group
from core.store import Store, connections, exports, segments, sources
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from pages.router import PAGES
from tests.pages.conftest import FIELDS

Page = Callable[..., AppTest]
PRESSED = ("button", "download_button", "menu_button", "link_button", "popover")
STATES = [(entry.name, {}) for entry in PAGES]
STATES += [
    ("exports", {"view": "new"}),
    ("exports", {"view": "edit", "export": 1}),
    ("preview", {"export": 1}),
    ("segment", {"segment": 1}),
    ("segments", {"view": "edit", "segment": 1}),
    ("sources", {"source": 1}),
    ("sources", {"view": "add"}),
    ("sources", {"view": "edit", "source": 1}),
    ("schedules", {"view": "refresh"}),
    ("schedules", {"view": "exports", "export": 1}),
    ("connections", {"view": "add"}),
    ("connections", {"view": "edit", "connection": 1}),
    ("history", {"run": 1}),
]


@pytest.fixture
def two_of_each(
    store: Store, export: ExportRow, ran: Callable[..., Run], klaviyo: str, tmp_path: Path
) -> None:
    """A second connection, source, segment and export beside the first, and runs of both."""
    person = operator()
    rules = {"all": [{"field": "spent", "op": "more_than", "value": n} for n in (1, 2)]}
    consent = Consent(agreed_by="ops@example.com")
    spec = Connection(name="Other", api_key="${KEY}", base_url=klaviyo, consent=consent)
    with store.begin() as session:
        connections.add(session, store.vault, person, spec, key="pk_pages_0002")
        place = str(tmp_path / "profiles.parquet")
        sources.add(session, person, Source(name="More", path=place), FIELDS)
        group = Group.model_validate(rules)
        segments.add(session, person, Segment(name="Spenders", source="Profiles", rules=group))
        match = {"email": "email", "properties": {"spent": "spent", "land": "country"}}
        second = Export(
            name="Second", connection="Other", list_id="T5qLcm", segments=("Latvia",), match=match
        )
        exports.add(session, person, second, "Other list")
    ran(RunStatus.failed, error="The source has gone.")
    ran(RunStatus.partial, members=9, valid=8, rejected={"missing_email": 1}, undelivered=2)
    ran(RunStatus.held, hold="Many would join.", asking=9)


def names(node: Any) -> Iterator[str]:
    """What screen readers say of all buttons, in the sidebar, too."""
    if getattr(node, "type", None) in PRESSED:
        proto = node.proto.popover if node.type == "popover" else node.proto
        yield proto.label.strip()
    for child in getattr(node, "children", {}).values():
        yield from names(child)


def test_every_button_has_a_name_of_its_own_on_its_page(page: Page, two_of_each: None):
    found = {}
    for name, query in STATES:
        app = page(name, **query)
        assert not app.exception, (name, query)
        counts = Counter(names(app._tree))
        if bad := {label for label, n in counts.items() if n > 1 or not label}:
            found[name, *query] = bad
    assert found == {}
