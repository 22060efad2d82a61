"""A small read-only page: the lists, who is on them, and a profile as it is stored."""

import json
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.sandbox.api.profiles import profile_resource
from core.sandbox.jsonapi import Refused, moment
from core.sandbox.paging import Page, collection, page_of
from core.sandbox.start import ORGANIZATIONS
from core.sandbox.state import campaigns, lists, profiles, segments
from core.sandbox.state.campaigns import Campaign
from core.sandbox.state.lists import List
from core.sandbox.state.profiles import Profile
from core.sandbox.state.segments import Segment
from core.sandbox.world import World
from core.texts import _, many

PAGE_SIZE = 50
STYLE = """
:root{color-scheme:light dark;--accent:#0f766e;--text:#1c2524;--soft:#5b6866;--ground:#f6f8f7;
--card:#fff;--line:#dfe6e4}
@media (prefers-color-scheme:dark){:root{--accent:#2dd4bf;--text:#e6eceb;--soft:#9aa9a6;
--ground:#111716;--card:#182120;--line:#2b3735}}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
header{border-top:4px solid var(--accent)}
h1{font-size:1.5rem;margin:0 0 .25rem} h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{color:var(--soft);margin:.25rem 0 1rem} a{color:var(--accent)}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:.5rem .75rem;text-align:left;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0} th{color:var(--soft);font-weight:500;font-size:.875rem}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
pre{margin:0;padding:1rem;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap}
nav{display:flex;gap:1rem;margin-top:1rem}
"""


def show_lists(world: World, _request: Request) -> Response:
    """Every account with its lists and how many are on each, its campaigns and segments."""
    world.importer.catch_up()
    with world.state.reading() as db:
        counted = lists.all_with_counts(db)
        sent, groups = campaigns.everything(db, None, world.clock()), segments.everything(db, None)
    title = _("Local Klaviyo")
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(_('A sandbox on this machine: nothing here reaches anybody.'))}</p>",
    ]
    for account, organization in ORGANIZATIONS.items():
        own = [(found, count) for found, count in counted if found.account == account]
        parts.append(f"<h2>{escape(organization)} · {escape(account)}</h2>{_lists_table(own)}")
        parts.append(_campaigns_table([one for one in sent if one.account == account]))
        parts.append(_segments_table([one for one in groups if one.account == account]))
    return document(title, "".join(parts))


def show_members(world: World, request: Request) -> Response:
    """One page of a list's members."""
    world.importer.catch_up()
    id = request.path_params["id"]
    try:
        page = page_of({**request.query_params, "page[size]": str(PAGE_SIZE)}, default=1, most=50)
    except Refused:
        page = Page(PAGE_SIZE)
    with world.state.reading() as db:
        found, count = lists.get_any(db, id), lists.count(db, id)
        people, key = profiles.members(db, id, None, page)
    if found is None:
        return _missing(_("There is no list {id} here.").format(id=id))
    following = collection(f"/lists/{id}", {}, [], key)["links"]["next"]
    head = f"<h1>{escape(found.name)}</h1><p>{escape(_described(found, count))}</p>"
    links = [_anchor("/", _("All lists"))]
    links += [_anchor(following, _("Next page"))] if following else []
    return document(found.name, f"{head}{_members_table(people)}<nav>{''.join(links)}</nav>")


def show_profile(world: World, request: Request) -> Response:
    """A profile's JSON as the API would give it."""
    world.importer.catch_up()
    id = request.path_params["id"]
    with world.state.reading() as db:
        found = profiles.get_any(db, profiles.number_of(id))
    if found is None:
        return _missing(_("There is no profile {id} here.").format(id=id))
    base = str(request.base_url).rstrip("/") + "/api"
    resource = profile_resource(found, base, subscriptions=True)
    title = found.email or found.phone or found.external_id or found.id
    text = escape(json.dumps(resource, ensure_ascii=False, indent=2))
    back = f"<nav>{_anchor('/', _('All lists'))}</nav>"
    return document(title, f"<h1>{escape(title)}</h1><div class=card><pre>{text}</pre></div>{back}")


def _lists_table(counted: list[tuple[List, int]]) -> str:
    rows = [
        f"<tr><td>{_anchor(f'/lists/{found.id}', found.name)}</td><td>{escape(found.id)}</td>"
        f"<td>{escape(found.opt_in.replace('_', ' '))}</td><td class=number>{count:,}</td></tr>"
        for found, count in counted
    ]
    return _table((_("List"), _("Id"), _("Opt-in"), _("Profiles")), rows)


def _campaigns_table(found: list[Campaign]) -> str:
    rows = [
        f"<tr><td>{escape(one.name)}</td><td>{escape(', '.join(one.included))}</td>"
        f"<td>{escape(one.status)}</td><td class=number>{escape(_short(one.send_at))}</td></tr>"
        for one in found
    ]
    heads = (_("Campaign"), _("Lists and segments"), _("Status"), _("Sent at"))
    return f"<p></p>{_table(heads, rows)}" if rows else ""


def _segments_table(found: list[Segment]) -> str:
    rows = [
        f"<tr><td>{escape(one.name)}</td><td>{escape(one.id)}</td>"
        f"<td class=number>{escape(_short(one.created))}</td></tr>"
        for one in found
    ]
    return f"<p></p>{_table((_('Segment'), _('Id'), _('Created')), rows)}" if rows else ""


def _members_table(people: list[tuple[Profile, float]]) -> str:
    if not people:
        return f"<p>{escape(_('Nobody is on this list yet.'))}</p>"
    rows = []
    for person, joined in people:
        name = " ".join(str(person.body.get(x) or "") for x in ("first_name", "last_name"))
        shown = person.email or person.phone or person.external_id or person.id
        rows.append(
            f"<tr><td>{_anchor(f'/profiles/{person.id}', shown)}</td><td>{escape(name)}</td>"
            f"<td class=number>{escape(_short(joined))}</td></tr>"
        )
    return _table((_("Profile"), _("Name"), _("Joined")), rows)


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    last = f"<th class=number>{escape(heads[-1])}</th>"
    first = "".join(f"<th>{escape(head)}</th>" for head in heads[:-1])
    body = "".join(rows)
    return (
        f"<div class=card><table><thead><tr>{first}{last}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _described(found: List, count: int) -> str:
    people = many("{n} profile", "{n} profiles", count)
    return f"{found.id} · {found.opt_in.replace('_', ' ')} · {people}"


def _short(seconds: float | None) -> str:
    return (moment(seconds) or "")[:16].replace("T", " ")


def _anchor(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def _missing(text: str) -> Response:
    body = f"<h1>{escape(text)}</h1><nav>{_anchor('/', _('All lists'))}</nav>"
    return document(text, body, status=404)


def document(title: str, body: str, *, status: int = 200) -> Response:
    """The whole document; nothing comes from elsewhere and no script can run."""
    content = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<body><header></header><main>{body}</main></body></html>"
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return HTMLResponse(content, status, {"content-security-policy": policy})


PAGES = (
    ("/", show_lists),
    ("/lists/{id}", show_members),
    ("/profiles/{id}", show_profile),
)
