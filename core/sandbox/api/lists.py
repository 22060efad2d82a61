"""Lists: read, made, their members who come and go, and the flows that joining sets off."""

from core.sandbox.api.call import Call
from core.sandbox.api.profiles import profile_resource, subscriptions_wanted
from core.sandbox.jsonapi import (
    Json,
    Reply,
    bad_request,
    moment,
    not_found,
    one,
    relation,
)
from core.sandbox.paging import choice_of, collection, filter_of, page_of, sparse
from core.sandbox.state import lists, profiles
from core.sandbox.state.lists import Flow, List

MOST_MOVED = 1_000
OPT_INS = ("single_opt_in", "double_opt_in")
INCLUDES = ("flow-triggers", "tags")


def get_lists(call: Call) -> Reply:
    """GET /api/lists: ten at most on a page."""
    page = page_of(call.query, default=10, most=10)
    wanted = filter_of(call.query, ("id", "name"))
    included = choice_of(call.query, "include", INCLUDES)
    sort = call.query.get("sort", "created")
    _check_sort(sort, lists.SORTS)
    with call.world.state.reading() as db:
        found, key = lists.some(db, call.account, wanted, sort, page)
        flows = lists.flows_of(db, [x.id for x in found]) if included else None
    data = [sparse(list_resource(x, call.base, flows), call.query) for x in found]
    document = collection(call.url, call.query, data, key)
    return Reply(200, _with(document, flows, call))


def get_list(call: Call) -> Reply:
    """GET /api/lists/{id}: with profile_count and flow-triggers on demand."""
    extra = choice_of(call.query, "additional-fields[list]", ("profile_count",))
    included = choice_of(call.query, "include", INCLUDES)
    found = list_of(call)
    with call.world.state.reading() as db:
        flows = lists.flows_of(db, [found.id]) if included else None
        count = lists.count(db, found.id) if extra else None
    resource = list_resource(found, call.base, flows)
    if extra:
        resource["attributes"]["profile_count"] = count
    return Reply(200, _with(one(sparse(resource, call.query)), flows, call))


def create_list(call: Call) -> Reply:
    """POST /api/lists."""
    data = call.document.get("data")
    data = data if isinstance(data, dict) else {}
    attributes = data.get("attributes")
    if not isinstance(attributes, dict) or data.get("type") != "list":
        raise bad_request("The resource type must be 'list'.", pointer="/data")
    name, opt_in = attributes.get("name"), attributes.get("opt_in_process") or OPT_INS[1]
    if not isinstance(name, str) or not name.strip():
        raise bad_request("A name is required.", pointer="/data/attributes/name")
    if opt_in not in OPT_INS:
        raise bad_request("Not a valid choice.", pointer="/data/attributes/opt_in_process")
    made = List(lists.fresh_id(), call.account, name, opt_in, call.now, call.now)
    with call.world.state.writing() as db:
        lists.add(db, [made])
    return Reply(201, one(sparse(list_resource(made, call.base), call.query)))


def delete_list(call: Call) -> Reply:
    """DELETE /api/lists/{id}: its profiles stay."""
    found = list_of(call)
    with call.world.state.writing() as db:
        lists.delete(db, found.id)
    return Reply(204)


def get_flow_triggers(call: Call) -> Reply:
    """GET /api/lists/{id}/flow-triggers."""
    found = list_of(call)
    with call.world.state.reading() as db:
        flows = lists.flows_of(db, [found.id])
    data = [sparse(flow_resource(flow, call.base), call.query) for flow in flows]
    return Reply(200, collection(call.url, call.query, data, None))


def get_members(call: Call) -> Reply:
    """GET /api/lists/{id}/profiles, in the order of joining."""
    page = page_of(call.query, default=20, most=100)
    wanted = filter_of(call.query, ("email", "phone_number"))
    subscriptions = subscriptions_wanted(call)
    _check_sort(call.query.get("sort", "joined_group_at"), ("joined_group_at",))
    found = list_of(call)
    with call.world.state.reading() as db:
        members, key = profiles.members(db, found.id, wanted, page)
    data = []
    for profile, joined in members:
        resource = profile_resource(profile, call.base, subscriptions=subscriptions)
        resource["attributes"]["joined_group_at"] = moment(joined)
        data.append(sparse(resource, call.query))
    return Reply(200, collection(call.url, call.query, data, key))


def add_members(call: Call) -> Reply:
    """POST /api/lists/{id}/relationships/profiles: consent stays as it is."""
    found = list_of(call)
    numbers = _numbers(call)
    with call.world.state.writing() as db:
        known = profiles.identified(db, call.account, field="id", values=numbers)
        if unknown := set(numbers) - {profile.n for profile in known}:
            place = numbers.index(min(unknown))
            raise bad_request("The profile does not exist.", pointer=f"/data/{place}/id")
        if found.opt_in == "single_opt_in":
            lists.join(db, found.id, numbers, call.now)
    return Reply(204)


def remove_members(call: Call) -> Reply:
    """DELETE /api/lists/{id}/relationships/profiles: consent stays as it is."""
    found = list_of(call)
    numbers = _numbers(call)
    with call.world.state.writing() as db:
        lists.leave(db, found.id, numbers)
    return Reply(204)


def list_of(call: Call) -> List:
    """The list in the address; Refused (404) if the account has none such."""
    with call.world.state.reading() as db:
        found = lists.get(db, call.account, call.path["id"])
    if found is None:
        raise not_found(f"A list with id {call.path['id']} does not exist.")
    return found


def list_resource(found: List, base: str, flows: list[Flow] | None = None) -> Json:
    """A list as the API shows it."""
    self = f"{base}/lists/{found.id}"
    relationships = {name: relation(self, name) for name in ("profiles", "tags", "flow-triggers")}
    if flows is not None:
        own = [{"type": "flow", "id": flow.id} for flow in flows if flow.list == found.id]
        relationships["flow-triggers"]["data"] = own
    attributes = {
        "name": found.name,
        "created": moment(found.created),
        "updated": moment(found.updated),
        "opt_in_process": found.opt_in,
    }
    return {
        "type": "list",
        "id": found.id,
        "attributes": attributes,
        "relationships": relationships,
        "links": {"self": f"{self}/"},
    }


def flow_resource(flow: Flow, base: str) -> Json:
    """A flow as the API shows it."""
    self = f"{base}/flows/{flow.id}"
    attributes = {
        "name": flow.name,
        "status": flow.status,
        "archived": False,
        "created": moment(flow.created),
        "updated": moment(flow.created),
        "trigger_type": "Added to List",
    }
    return {
        "type": "flow",
        "id": flow.id,
        "attributes": attributes,
        "relationships": {name: relation(self, name) for name in ("flow-actions", "tags")},
        "links": {"self": f"{self}/"},
    }


def _with(document: Json, flows: list[Flow] | None, call: Call) -> Json:
    if flows is None:
        return document
    wanted = "flow-triggers" in call.query["include"].split(",")
    return document | {"included": [flow_resource(f, call.base) for f in flows if wanted]}


def _check_sort(sort: str, allowed: tuple[str, ...]) -> None:
    if sort.removeprefix("-") not in allowed:
        raise bad_request(f"'{sort}' is not a valid sort.", parameter="sort")


def _numbers(call: Call) -> list[int]:
    """The profiles that a request names; Refused (400) for none, or for too many."""
    data = call.document.get("data")
    if not isinstance(data, list) or not data:
        raise bad_request("A list of profiles is required.", pointer="/data")
    if len(data) > MOST_MOVED:
        raise bad_request(f"At most {MOST_MOVED} profiles may be given.", pointer="/data")
    return [_number(entry, place) for place, entry in enumerate(data)]


def _number(entry: object, place: int) -> int:
    number = None
    if isinstance(entry, dict) and entry.get("type") == "profile":
        number = profiles.number_of(entry.get("id"))
    if number is None:
        raise bad_request("Invalid profile id.", pointer=f"/data/{place}/id")
    return number
