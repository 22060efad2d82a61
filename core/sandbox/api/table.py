"""The table of endpoints with their limits and scopes.

Klaviyo's OpenAPI of 2026-07-15; usage and campaign messages as the official client 25.0.0 has them.
"""

import re
from collections.abc import Mapping

from core.sandbox.api import campaigns, jobs, lists, privacy, profiles, segments, usage
from core.sandbox.api.call import Call, Endpoint
from core.sandbox.jsonapi import Reply
from core.sandbox.limits import LIST_CREATION, XS, L, M, S
from core.sandbox.paging import collection, sparse
from core.sandbox.start import account_resource

PAGES = ("page[size]", "page[cursor]")
LIST = "/api/lists/{id}"
JOBS = "/api/profile-bulk-import-jobs"
LIST_FIELDS = ("fields[list]", "fields[flow]", "fields[tag]")
JOB_FIELDS = ("fields[profile-bulk-import-job]",)
PROFILE_FIELDS = ("fields[profile]", "additional-fields[profile]")
LISTS_READ, LISTS_WRITE = "lists:read", "lists:write"
PROFILES_READ, PROFILES_WRITE = "profiles:read", "profiles:write"
SEGMENT = "/api/segments/{id}"
SEGMENT_FIELDS = ("fields[segment]", "fields[flow]", "fields[tag]")
CAMPAIGN_FIELDS = ("fields[campaign]", "fields[campaign-message]", "fields[campaign-audience]")
USAGE_FIELDS = ("fields[billing-usage]",)
COUNTED = ("additional-fields[list]", XS)


def get_accounts(call: Call) -> Reply:
    """GET /api/accounts: the one account of the key."""
    data = [sparse(account_resource(call.account, call.base), call.query)]
    return Reply(200, collection(call.url, call.query, data, None))


ENDPOINTS = (
    Endpoint("GET", "/api/accounts", get_accounts, XS, ("accounts:read",), ("fields[account]",)),
    Endpoint("GET", "/api/lists", lists.get_lists, L, (LISTS_READ,),
             (*PAGES, *LIST_FIELDS, "filter", "include", "sort")),
    Endpoint("POST", "/api/lists", lists.create_list, LIST_CREATION, (LISTS_WRITE,),
             ("fields[list]",)),
    Endpoint("GET", LIST, lists.get_list, L, (LISTS_READ,),
             (*LIST_FIELDS, "additional-fields[list]", "include"), dear=COUNTED),
    Endpoint("DELETE", LIST, lists.delete_list, M, (LISTS_WRITE,)),
    Endpoint("GET", f"{LIST}/flow-triggers", lists.get_flow_triggers, S,
             ("flows:read", LISTS_READ), ("fields[flow]",)),
    Endpoint("GET", f"{LIST}/profiles", lists.get_members, L, (LISTS_READ, PROFILES_READ),
             (*PAGES, *PROFILE_FIELDS, "filter", "sort")),
    Endpoint("POST", f"{LIST}/relationships/profiles", lists.add_members, M,
             (LISTS_WRITE, PROFILES_WRITE)),
    Endpoint("DELETE", f"{LIST}/relationships/profiles", lists.remove_members, M,
             (LISTS_WRITE, PROFILES_WRITE)),
    Endpoint("GET", JOBS, jobs.get_jobs, M, (LISTS_READ, PROFILES_READ),
             (*PAGES, *JOB_FIELDS, "filter", "sort")),
    Endpoint("POST", JOBS, jobs.create_job, M, (LISTS_WRITE, PROFILES_WRITE), JOB_FIELDS),
    Endpoint("GET", f"{JOBS}/{{id}}", jobs.get_job, M, (LISTS_READ, PROFILES_READ),
             (*JOB_FIELDS, "fields[list]", "include")),
    Endpoint("GET", f"{JOBS}/{{id}}/import-errors", jobs.get_errors, M, (PROFILES_READ,),
             (*PAGES, "fields[import-error]")),
    Endpoint("GET", "/api/profiles", profiles.get_profiles, L, (PROFILES_READ,),
             (*PAGES, *PROFILE_FIELDS, "filter", "sort")),
    Endpoint("POST", "/api/profiles", profiles.create_profile, L, (PROFILES_WRITE,),
             PROFILE_FIELDS, largest_body=100_000),
    Endpoint("GET", "/api/profiles/{id}", profiles.get_profile, L, (PROFILES_READ,),
             PROFILE_FIELDS),
    Endpoint("PATCH", "/api/profiles/{id}", profiles.update_profile, L, (PROFILES_WRITE,),
             PROFILE_FIELDS, largest_body=100_000),
    Endpoint("POST", "/api/profile-import", profiles.import_profile, L, (PROFILES_WRITE,),
             PROFILE_FIELDS, largest_body=100_000),
    Endpoint("GET", "/api/segments", segments.get_segments, L, ("segments:read",),
             (*PAGES, *SEGMENT_FIELDS, "filter", "include", "sort")),
    Endpoint("GET", SEGMENT, segments.get_segment, L, ("segments:read",),
             (*SEGMENT_FIELDS, "include")),
    Endpoint("GET", f"{SEGMENT}/flow-triggers", segments.get_flow_triggers, S,
             ("flows:read", "segments:read"), ("fields[flow]",)),
    Endpoint("GET", "/api/campaigns", campaigns.get_campaigns, M, ("campaigns:read",),
             (*PAGES, *CAMPAIGN_FIELDS, "fields[tag]", "filter", "include", "sort")),
    Endpoint("GET", "/api/campaign-messages", campaigns.get_messages, M, ("campaigns:read",),
             (*PAGES, *CAMPAIGN_FIELDS, "filter", "include", "sort")),
    Endpoint("GET", "/api/billing-usage", usage.list_usage, M, ("usage:read",),
             (*USAGE_FIELDS, "filter")),
    Endpoint("GET", "/api/billing-usage/{id}", usage.get_usage, M, ("usage:read",), USAGE_FIELDS),
    Endpoint("POST", "/api/data-privacy-deletion-jobs", privacy.ask_deletion, S,
             ("data-privacy:write",)),
)  # fmt: skip

_PATTERNS = tuple(
    (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", endpoint.template)), endpoint)
    for endpoint in ENDPOINTS
)


def matching(path: str) -> dict[str, tuple[Endpoint, Mapping[str, str]]]:
    """The endpoints at a path, by method, with the names in the path; a last slash is nothing."""
    found: dict[str, tuple[Endpoint, Mapping[str, str]]] = {}
    for pattern, endpoint in _PATTERNS:
        if match := pattern.fullmatch(path.rstrip("/")):
            found[endpoint.method] = (endpoint, match.groupdict())
    return found
