"""What Klaviyo is, as data: limits, fields, costs and words.

From its documentation, revision 2026-07-15; the official client 25.0.0 (2026-10-15) agrees.
"""

from core.destinations.capabilities import (
    Agreement,
    BillingWords,
    Capabilities,
    ConsentWord,
    Cost,
    Key,
    Standing,
)
from core.destinations.klaviyo.settings import (
    BASE_URL,
    ERASING_SCOPES,
    OPTIONAL_SCOPES,
    SCOPES,
)
from core.layout import Layout
from core.texts import _, many

PLACE = ("address1", "address2", "city", "country", "region", "zip", "timezone", "ip")
FIELDS = frozenset(
    {
        *("email", "phone_number", "external_id", "first_name", "last_name"),
        *("organization", "title", "image", "locale"),
        *(f"location.{name}" for name in (*PLACE, "latitude", "longitude")),
    }
)
LAYOUT = Layout(
    start='{"type":"profile","attributes":{',
    end="}}",
    fields=FIELDS,
    groups={"location": "location", "properties": "properties"},
    most_profiles=10_000,
    # Of one whole request, whose 5 MB may be 10^6 or 2^20, less what stands around the profiles.
    most_bytes=4_600_000 - 1_000,
    largest=100_000,
    longest={"external_id": 255},
    # $email, $consent and others are fields of its own (documentation of its Identify endpoint,
    # https://developers.klaviyo.com/en/v1-2/reference/identify-post, and its help's glossary of
    # properties): as custom properties they would change more than they say, consent among it.
    reserved="$",
    # Its specification recommends BCP 47 and IANA's names, and gives numbers of degrees; what it
    # does with others isn't said, and its checks are all or nothing.
    checked=frozenset(
        {
            "locale",
            *(f"location.{name}" for name in ("timezone", "ip", "latitude", "longitude")),
        }
    ),
    # Custom properties are emptied by their import.
    unset=('},"meta":{"patch_properties":{"unset":[', "]}}}"),
)
COST = Cost(
    requests_a_run=2,  # the account and the list
    requests_a_batch=3,  # a job is sent, looked at, and its errors are read
    seconds_a_batch=60 / 150,  # 150 import jobs may be begun in a minute
    seconds_to_finish=3,
)
KEY = Key(
    label=_("Private API key"),
    help=_("Klaviyo: Settings, API keys, Create private API key. Kept encrypted."),
    missing=_("Paste the private API key that Klaviyo showed you."),
    lacking=_(
        "The key lacks {scopes}. A key's scopes can't be changed: make a new key in Klaviyo with "
        "them, and replace this one."
    ),
    another=_("New private API key"),
    untried=_("The key lacks {scopes}. Its scopes can't be changed: create another key."),
    proven=_("It has every scope for reading; those for writing are checked when a run begins."),
    scopes=SCOPES,
    optional=OPTIONAL_SCOPES,
    erasing=ERASING_SCOPES,
    # Without these nobody gets onto a list, or nobody learns who did.
    needed=frozenset({"lists:read", "lists:write", "profiles:read", "profiles:write"}),
)
AGREEMENT = Agreement(
    version="2026-09-01",
    words=_(
        "By agreeing you allow Segferry to send personal data of your customers to Klaviyo, outside"
        " your team’s boundary. Your team answers for the people’s consent and for Klaviyo’s"
        " compliance with your duties. An administrator can remove the connection at any time; that"
        " stops the transfer."
    ),
)
BILLING = BillingWords(
    why=_(
        "Klaviyo bills active profiles and upgrades the plan on its own once it is too "
        "small. A key with the scope usage:read reads these numbers; without it, enter both "
        "here. A run that would create more profiles than the plan has room for is held."
    ),
    plan=_("Profiles in your Klaviyo plan"),
    active=_("Active profiles now (Klaviyo: Settings > Billing)"),
    beyond=_("Beyond that Klaviyo upgrades the plan on its own."),
    scope="usage:read",
)


def _mailings(n: int, names: str) -> str:
    return many(
        "Joining the list triggers live flows, which would email {n} person: {names}.",
        "Joining the list triggers live flows, which would email {n} people: {names}.",
        n,
        names=names,
    )


def _list_page(base_url: str, list_id: str) -> str | None:
    """In Klaviyo's own dashboard; the API of anybody else has none that is known."""
    return f"https://www.klaviyo.com/list/{list_id}" if base_url == BASE_URL else None


CAPABILITIES = Capabilities(
    title="Klaviyo",
    layout=LAYOUT,
    cost=COST,
    key=KEY,
    agreement=AGREEMENT,
    consents={
        "SUBSCRIBED": ConsentWord(Standing.subscribed, _("subscribed to email")),
        "UNSUBSCRIBED": ConsentWord(Standing.unsubscribed, _("unsubscribed from email")),
        "NEVER_SUBSCRIBED": ConsentWord(Standing.never, _("never subscribed to email")),
    },
    # Why a profile gets no marketing (specification).
    suppressions={
        "HARD_BOUNCE": _("their address bounced"),
        "INVALID_EMAIL": _("their address is not valid"),
        "SPAM_COMPLAINT": _("they reported spam"),
        "UNSUBSCRIBE": _("they unsubscribed"),
        "USER_SUPPRESSED": _("suppressed by hand"),
    },
    mailings=_mailings,
    campaigns=True,
    billing=BILLING,
    list_page=_list_page,
)
