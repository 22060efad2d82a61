"""Segments with their definitions, and the flows that joining one sets off.

Shapes, limits and scopes as in the official specification of 2026-07-15.
"""

from typing import Any

from core.sandbox.api.call import Call
from core.sandbox.api.lists import flow_resource
from core.sandbox.filtering import conditions_of
from core.sandbox.jsonapi import Json, Reply, moment, not_found, one, relation
from core.sandbox.keys import missing_scopes
from core.sandbox.paging import choice_of, collection, ordered, page_of, portion, sparse
from core.sandbox.state import lists, segments
from core.sandbox.state.lists import Flow
from core.sandbox.state.segments import Segment

FILTERS = {
    "id": ("any", "equals"),
    "name": ("any", "equals"),
    "created": ("greater-than",),
    "updated": ("greater-than",),
    "is_active": ("equals",),
    "is_starred": ("equals",),
}
INCLUDES = ("flow-triggers", "tags")
SORTS = ("created", "id", "name", "updated")


def get_segments(call: Call) -> Reply:
    """GET /api/segments: ten at most on a page."""
    page, wanted = page_of(call.query, default=10, most=10), conditions_of(call.query, FILTERS)
    included = _included(call)
    with call.world.state.reading() as db:
        everything = segments.everything(db, call.account)
    found = [s for s in everything if all(c.holds(_value(s, c.field)) for c in wanted)]
    found, key = portion(ordered(found, call.query, SORTS, _value), page)
    flows = _flows(call, found) if included else None
    data = [sparse(segment_resource(s, call.base, flows), call.query) for s in found]
    document = collection(call.url, call.query, data, key)
    return Reply(200, _with(document, flows, call))


def get_segment(call: Call) -> Reply:
    """GET /api/segments/{id}."""
    included, found = _included(call), _segment_of(call)
    flows = _flows(call, [found]) if included else None
    document = one(sparse(segment_resource(found, call.base, flows), call.query))
    return Reply(200, _with(document, flows, call))


def get_flow_triggers(call: Call) -> Reply:
    """GET /api/segments/{id}/flow-triggers."""
    flows = _flows(call, [_segment_of(call)])
    data = [sparse(flow_resource(flow, call.base), call.query) for flow in flows]
    return Reply(200, collection(call.url, call.query, data, None))


def segment_resource(found: Segment, base: str, flows: list[Flow] | None = None) -> Json:
    """A segment as the API shows it."""
    self = f"{base}/segments/{found.id}"
    relationships = {name: relation(self, name) for name in ("profiles", "tags", "flow-triggers")}
    if flows is not None:
        own = [{"type": "flow", "id": flow.id} for flow in flows if flow.list == found.id]
        relationships["flow-triggers"]["data"] = own
    attributes = {
        "name": found.name,
        "definition": found.definition,
        "created": moment(found.created),
        "updated": moment(found.created),
        "is_active": found.active,
        "is_processing": False,
        "is_starred": False,
    }
    return {
        "type": "segment",
        "id": found.id,
        "attributes": attributes,
        "relationships": relationships,
        "links": {"self": f"{self}/"},
    }


def _included(call: Call) -> bool:
    """Whether flows are to be in the answer. They are a flow's data: Refused (403) without."""
    flows = "flow-triggers" in choice_of(call.query, "include", INCLUDES)
    if flows and call.scopes is not None and "flows:read" not in call.scopes:
        raise missing_scopes(["flows:read"])
    return flows


def _segment_of(call: Call) -> Segment:
    with call.world.state.reading() as db:
        found = segments.get(db, call.account, call.path["id"])
    if found is None:
        raise not_found(f"A segment with id {call.path['id']} does not exist.")
    return found


def _flows(call: Call, found: list[Segment]) -> list[Flow]:
    with call.world.state.reading() as db:
        return lists.flows_of(db, [segment.id for segment in found])


def _value(found: Segment, field: str) -> Any:
    known = {"updated": found.created, "is_active": found.active, "is_starred": False}
    return known[field] if field in known else getattr(found, field)


def _with(document: Json, flows: list[Flow] | None, call: Call) -> Json:
    if flows is None:
        return document
    return document | {"included": [flow_resource(flow, call.base) for flow in flows]}
