"""What an export says, checked against its connection, its segments and their source."""

from typing import Any

from sqlmodel import Session

from core.configuration.export import Export
from core.destinations.capabilities import Capabilities
from core.destinations.register import DEFAULT, kind_of
from core.errors import Invalid, Unknown
from core.profiles.matching import fields
from core.store import named, sources
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _


def checked(
    session: Session, spec: Export
) -> tuple[dict[str, Any], list[SegmentRow], list[SegmentRow]]:
    """What the row holds, the segments that it takes, and those that it leaves out.

    Raises Unknown, Invalid.
    """
    connection = spec.connection and named(session, ConnectionRow, _("connection"), spec.connection)
    names = _once((*spec.segments, *spec.exclude))
    every = [named(session, SegmentRow, _("segment"), name) for name in names]
    segments, excluded = every[: len(spec.segments)], every[len(spec.segments) :]
    if len({segment.source_id for segment in every}) > 1:
        raise Invalid(
            _("The segments of one export have to use the same source; these use several."),
            "segments",
        )
    source = session.get_one(SourceRow, segments[0].source_id)
    kind = kind_of(connection.type if connection else DEFAULT)
    layout = kind.capabilities.layout
    fields.check(spec.match, spec.phone_region, layout, sources.schema(source))
    _check_clearing(spec, kind.capabilities)
    if spec.join is not None and spec.join not in kind.capabilities.joinings:
        raise Unknown(_("way of joining"), spec.join, kind.capabilities.joinings, "join")
    values = {
        "name": spec.name,
        "connection_id": connection.id if connection else None,
        "list_id": spec.list_id,
        "spec": spec.model_dump(
            mode="json",
            exclude={"name", "connection", "list_id", "segments", "exclude"},
            exclude_none=True,
        ),
    }
    return values, segments, excluded


def _check_clearing(spec: Export, destination: Capabilities) -> None:
    """Raises Invalid for a field that can't be emptied: nobody is to believe that it was."""
    for name in spec.clear:
        if name in destination.never_emptied:
            text = _("{destination} can't clear “{field}”. Remove it from the fields to clear.")
            raise Invalid(text.format(destination=destination.title, field=name), "clear")


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if twice := {n for n in names if names.count(n) > 1}:
        raise Invalid(_("The segment “{name}” is named twice.").format(name=min(twice)), "segments")
    return names
