"""What listmonk is, as data: how profiles are written, costs and words (listmonk v6.2.0)."""

from core.destinations.addresses import is_loopback
from core.destinations.capabilities import (
    Agreement,
    Capabilities,
    ConsentWord,
    Cost,
    Key,
    Standing,
)
from core.destinations.listmonk.answers import (
    ABSENT,
    BLOCKLISTED,
    CONFIRMED,
    UNCONFIRMED,
    UNSUBSCRIBED,
    WAITING,
)
from core.destinations.listmonk.settings import SCOPES
from core.layout import Layout
from core.texts import _, many

LAYOUT = Layout(
    start="{",
    end="}",
    fields=frozenset({"email", "first_name", "last_name"}),
    groups={"properties": "attribs"},
    merged={"name": ("first_name", "last_name")},
    most_profiles=500,  # written one by one: so a stop and the progress are a few seconds away
    unset=(',"unset":[', "]}"),
)
COST = Cost(
    requests_a_run=2,  # the server and the list
    requests_a_batch=2,  # the list is looked at, and joined by all at once
    seconds_a_batch=0.05,
    seconds_to_finish=0.0,
    requests_a_person=1 + 1 / 100,  # read a hundred at a time, written one by one
    seconds_a_person=0.01,
)
KEY = Key(
    label=_("API user and token (name:token)"),
    help=_(
        "listmonk: Admin, Users, a new user of type API; its token is shown once. Enter both with"
        " a colon between, as in segferry:…. Kept encrypted."
    ),
    missing=_("Enter the name of the API user and its token, with a colon between."),
    lacking=_(
        "The API user lacks {scopes}. Add them to its role in listmonk, Admin, User roles; the"
        " token stays the same."
    ),
    scopes=SCOPES,
    # Without the last one nobody is warned of campaigns, and all else works.
    needed=frozenset(SCOPES) - {"campaigns:get_all"},
)
AGREEMENT = Agreement(
    version="2026-11-27",
    words=_(
        "By agreeing you allow Segferry to send personal data of your customers to this listmonk."
        " Your team answers for the people’s consent, and for whoever runs that server. An"
        " administrator can remove the connection at any time; that stops the transfer."
    ),
)


def _mailings(n: int, names: str) -> str:
    return many(
        "The list has campaigns, which may email {n} person who joins: {names}.",
        "The list has campaigns, which may email {n} people who join: {names}.",
        n,
        names=names,
    )


def _list_page(base_url: str, list_id: str) -> str | None:
    """In the dashboard of the server itself; a local one is the sandbox, which has none."""
    return None if is_loopback(base_url) else f"{base_url}/admin/subscribers/lists/{list_id}"


CAPABILITIES = Capabilities(
    title="listmonk",
    layout=LAYOUT,
    cost=COST,
    key=KEY,
    agreement=AGREEMENT,
    consents={
        CONFIRMED: ConsentWord(Standing.subscribed, _("confirmed on this list")),
        UNCONFIRMED: ConsentWord(
            Standing.subscribed, _("on this list, which needs no confirmation")
        ),
        WAITING: ConsentWord(Standing.never, _("on this list, but not confirmed yet")),
        ABSENT: ConsentWord(Standing.never, _("not on this list")),
        UNSUBSCRIBED: ConsentWord(Standing.unsubscribed, _("unsubscribed from this list")),
    },
    joins_suppressed=False,
    suppressions={
        BLOCKLISTED: _("blocklisted in listmonk"),
        UNSUBSCRIBED: _("they unsubscribed from this list"),
    },
    joinings={
        UNCONFIRMED: _(
            "Unconfirmed: single opt-in lists email them; double opt-in lists wait until "
            "they are asked to confirm, which Segferry never does"
        ),
        CONFIRMED: _("Confirmed: they agreed elsewhere, and every list emails them"),
    },
    never_emptied=frozenset({"first_name", "last_name"}),  # it keeps a name for everybody
    mailings=_mailings,
    campaigns=True,
    list_page=_list_page,
)
