"""What the fields of a source hold, read once for each reading of it, for those who write rules."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from core.access import Person
from core.audience import contents, dbt_models
from core.errors import SegferryError
from core.profiles.segments.contents import Contents, Counted
from core.store import sources
from core.store.tables.data import SourceRow
from pages.segments import readings
from pages.ui import frame

KEY = "column-contents"  # in the session: by source what is known of this reading of it


def of(person: Person, row: SourceRow, fields: Iterable[str]) -> dict[str, Contents]:
    """What the fields hold; nothing while the source can't be read, which the counts say."""
    known = _known(row)["fields"]
    missing = [field for field in dict.fromkeys(fields) if field not in known]
    if missing:
        try:
            found = contents.contents(frame.store(), person, row, missing)
        except SegferryError:
            return {}
        known |= {field: found.get(field) for field in missing}
    return {field: one for field, one in known.items() if one is not None}


def near(person: Person, row: SourceRow, field: str, value: str) -> Counted:
    """Values that one may have meant by one that nobody has."""
    known = _known(row)["near"]
    if (field, value) not in known:
        try:
            known[field, value] = contents.near(frame.store(), person, row, field, value)
        except SegferryError:
            return ()
    found: Counted = known[field, value]
    return found


def described(person: Person, row: SourceRow) -> dict[str, str]:
    """What a dbt project says of the fields; nothing of another source, or if it can't be read."""
    found: dict[str, str] = _known(row)["about"]
    if sources.spec(row).dbt and not found:
        with suppress(SegferryError):
            if model := dbt_models.described(frame.store(), person, row):
                found |= {name: model.model.about(name) for name in sources.schema(row)}
    return found


def _known(row: SourceRow) -> dict[str, dict[Any, Any]]:
    found: dict[str, dict[Any, Any]] = readings.kept(KEY, row)
    for part in ("fields", "near", "about"):
        found.setdefault(part, {})
    return found
