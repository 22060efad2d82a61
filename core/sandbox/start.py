"""The start state: two accounts with lists, segments, flows, campaigns and a few people."""

from core.sandbox.jsonapi import Json
from core.sandbox.keys import DEMO_ACCOUNT, OTHER_ACCOUNT
from core.sandbox.state import Db, campaigns, lists, profiles, segments
from core.sandbox.state.campaigns import Campaign
from core.sandbox.state.lists import Flow, List
from core.sandbox.state.profiles import Profile
from core.sandbox.state.segments import Segment

DAY = 86_400.0
ORGANIZATIONS = {DEMO_ACCOUNT: "Baltic Outfitters", OTHER_ACCOUNT: "Amber Coast Books"}
VISITORS = "Vs7kQ2"
LISTS = (
    ("Y6nRLr", "Newsletter", "single_opt_in"),
    ("VpX3qT", "VIP", "single_opt_in"),
    ("Rk2mWz", "Riga store", "single_opt_in"),
    ("Tn8bHc", "Tallinn store", "single_opt_in"),
    ("Vn5dJf", "Vilnius store", "single_opt_in"),
    ("DbL0pt", "Newsletter, double opt-in", "double_opt_in"),
    ("Sk1Boo", "Winter sports", "single_opt_in"),
    ("Hk9Run", "Hiking and running", "single_opt_in"),
    (VISITORS, "Store visitors", "single_opt_in"),
    ("Wb4cKn", "Win back", "single_opt_in"),
    ("Lx6ySa", "Loyalty members", "single_opt_in"),
    ("Pr3sVw", "Product preview", "single_opt_in"),
    ("Su7rEy", "Survey 2026", "single_opt_in"),
    ("Te5tQa", "Test list", "single_opt_in"),
)
OTHER_LISTS = (("Bk1Clb", "Book club", "single_opt_in"), ("Nw2Let", "Letters", "single_opt_in"))
FLOWS = (
    ("FwLc0m", "Y6nRLr", "Welcome series", "live"),
    ("FvIp01", "VpX3qT", "VIP thank you", "live"),
    ("FwBck1", "Wb4cKn", "We miss you", "draft"),
    ("FvRg03", "SgVipR", "Invitation to the Riga store", "live"),
)
SEGMENTS = (
    ("SgEngR", "Engaged readers", ("Y6nRLr",)),
    ("SgVipR", "VIPs of Riga", ("VpX3qT", "Rk2mWz")),
)
CAMPAIGNS = (
    ("CpWntr", "Winter sale", "Scheduled", ("Y6nRLr",), 2),
    ("CpVipE", "VIP evening", "Scheduled", ("SgVipR",), 5),
    ("CpSprg", "Spring preview", "Draft", ("Y6nRLr",), 120),
)
HOUR_OF_CAMPAIGNS = 8 * 3600.0  # seconds after midnight, UTC
SUPPRESSIONS = ("HARD_BOUNCE", "INVALID_EMAIL", "SPAM_COMPLAINT", "UNSUBSCRIBE", "USER_SUPPRESSED")
FIRST_NAMES = ("Anna", "Jānis", "Liene", "Mārtiņš", "Kadri", "Tomas", "Ilze", "Peeter")
VISITOR_COUNT = 24


def fill(db: Db, now: float) -> None:
    """Writes the start state into an empty database."""
    made = now - 400 * DAY
    for account, rows in ((DEMO_ACCOUNT, LISTS), (OTHER_ACCOUNT, OTHER_LISTS)):
        opened = [
            List(id, account, name, opt_in, made + place * DAY, made + place * DAY)
            for place, (id, name, opt_in) in enumerate(rows)
        ]
        lists.add(db, opened)
    lists.add(db, [], [Flow(*row, created=made) for row in FLOWS])
    for id, name, groups in SEGMENTS:
        definition = segments.members_of(groups)
        segments.add(db, Segment(id, DEMO_ACCOUNT, name, definition, True, made))
    for campaign in _campaigns(now):
        campaigns.add(db, campaign)
    first = profiles.last_number(db) + 1
    people = [_visitor(place, first + place, made) for place in range(VISITOR_COUNT)]
    profiles.write(db, people)
    lists.join(db, VISITORS, [person.n for person in people], made)


def account_resource(account: str, base: str) -> Json:
    """The account as GET /api/accounts shows it."""
    organization = ORGANIZATIONS[account]
    domain = organization.lower().replace(" ", "-") + ".example"
    street = {"address1": "Brīvības iela 1", "address2": None, "city": "Riga", "region": None}
    contact = {
        "default_sender_name": organization,
        "default_sender_email": f"hello@{domain}",
        "website_url": f"https://{domain}",
        "organization_name": organization,
        "street_address": street | {"country": "LV", "zip": "LV-1010"},
    }
    attributes = {
        "test_account": True,
        "contact_information": contact,
        "industry": "Apparel",
        "timezone": "Europe/Riga",
        "preferred_currency": "EUR",
        "public_api_key": account,
        "locale": "en-US",
    }
    links = {"self": f"{base}/accounts/{account}/"}
    return {"type": "account", "id": account, "attributes": attributes, "links": links}


def _campaigns(now: float) -> list[Campaign]:
    """The campaigns, some days after today."""
    midnight = now // DAY * DAY
    return [
        Campaign(id, DEMO_ACCOUNT, name, status, "email", groups, (),
                 midnight + days * DAY + HOUR_OF_CAMPAIGNS, now - DAY)
        for id, name, status, groups, days in CAMPAIGNS
    ]  # fmt: skip


def _visitor(place: int, n: int, made: float) -> Profile:
    """One visitor: a third subscribed, some suppressed, the others never asked."""
    name = FIRST_NAMES[place % len(FIRST_NAMES)]
    consent: Json | None = {"consent": "SUBSCRIBED", "at": made} if place % 3 == 0 else None
    if place % 4 == 3:
        reason = SUPPRESSIONS[place // 4 % len(SUPPRESSIONS)]
        consent = {"consent": "UNSUBSCRIBED" if reason == "UNSUBSCRIBE" else "NEVER_SUBSCRIBED"}
        consent |= {"at": made, "suppression": reason}
    body = {"first_name": name, "properties": {"visits": place + 1}}
    email = f"visitor{place + 1}@store.baltic-outfitters.example"
    return Profile(n, DEMO_ACCOUNT, email, None, None, made, made, body, consent)
