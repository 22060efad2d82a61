"""Every page in its main states: its address, and what is there once it is drawn.

In an address `{export}`, `{segment}`, `{source}` and `{connection}` are ids of those with the
worst name.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pages.router import PAGES
from tests.e2e.content import FAILED, LETTER


@dataclass(frozen=True, slots=True)
class Screen:
    """A state of a page: its path, and words that it shows once it is complete.

    `worst`: the worst name stands there. `dark`: it has colours that no other screen has.
    """

    name: str
    path: str
    shows: str
    worst: bool = False
    dark: bool = False


EMPTY = (
    Screen("overview of a new installation", "/", "0 of 4 steps done"),
    Screen("no exports", "/exports", "No exports yet"),
    Screen("no history", "/history", "No export has run yet"),
    Screen("no segments", "/segments", "No segment yet"),
    Screen("no sources", "/sources", "No source yet"),
    Screen("no lineage", "/lineage", "Nothing to show yet"),
    Screen("no schedules", "/schedules", "There is no export yet."),
    Screen("no connections", "/connections", "No connection yet"),
    Screen("unknown run", "/history?run=77", "There is no run “77”."),
)
FILLED = (
    Screen("overview", "/", "Last outcomes", worst=True, dark=True),
    Screen("exports", "/exports", LETTER, worst=True, dark=True),
    Screen("new export", "/exports?view=new", "Data matching"),
    Screen("export being edited", "/exports?view=edit&export={export}", "Add property", worst=True),
    Screen(
        "export being duplicated",
        "/exports?view=duplicate&export={export}",
        "Duplicate export",
        worst=True,
    ),
    Screen("preview", "/export?export={export}", "Sample profiles", worst=True, dark=True),
    Screen(
        "preview over the limit",
        f"/export?export={FAILED}",
        "15 profiles over the limit",
        dark=True,
    ),
    Screen(
        "people outside the rules",
        "/export?export={export}&people=outside",
        "in none of the segments",
        worst=True,
    ),
    Screen("alerts", "/alerts", "Recent alerts", dark=True),
    Screen("new channel of alerts", "/alerts?view=channel", "What it tells of"),
    Screen("history", "/history", "Day by day", worst=True, dark=True),
    Screen("partial run", "/history?run=1", "Batches: 1"),
    Screen("people of a run", "/history?run=1&people=rejected", "Not sent, each for one reason"),
    Screen("failed run", "/history?run=2", "Nothing has been sent"),
    Screen("run of the worst name", "/history?run=3", "Batches: 1", worst=True),
    Screen("segments", "/segments", "country is LV", worst=True),
    Screen(
        "segment", "/segment?segment={segment}", "What is different here", worst=True, dark=True
    ),
    Screen("segment being built", "/segments?view=new", "Add group"),
    Screen("segment being edited", "/segments?view=edit&segment={segment}", "Members", worst=True),
    Screen("lineage", "/lineage", "Many", worst=True, dark=True),
    Screen("sources", "/sources", "Few", worst=True),
    Screen("source", "/sources?source={source}", "customer_id", worst=True),
    Screen("new source", "/sources?view=add", "Preview file"),
    Screen(
        "source being edited",
        "/sources?view=edit&source={source}",
        "Change how it is read",
        worst=True,
    ),
    Screen("schedules", "/schedules", LETTER, worst=True),
    Screen("one person", "/person", "Email address"),
    Screen("refresh being changed", "/schedules?view=refresh", "Refresh by schedule"),
    Screen(
        "schedule being changed",
        "/schedules?view=exports&export={export}",
        "Save the schedule",
        worst=True,
    ),
    Screen("connections", "/connections", "Klaviyo", worst=True),
    Screen("connection", "/connections?connection={connection}", "Used by 1 export", worst=True),
    Screen("new connection", "/connections?view=add", "I agree"),
    Screen(
        "connection being edited",
        "/connections?view=edit&connection={connection}",
        "Save connection",
        worst=True,
    ),
    Screen("team", "/team", "The last administrator always stays"),
    Screen("settings", "/settings", "This installation", worst=True, dark=True),
    Screen("settings being changed", "/settings?view=defaults", "Guards of new exports"),
    Screen("audit", "/audit", "Entries can't be changed"),
    Screen("your account", "/account", "Current password"),
)
# A page that has no row here is looked at as it opens.
SEEN = {urlsplit(screen.path).path for screen in FILLED}
FILLED += tuple(
    Screen(entry.name, f"/{entry.address or entry.name}", entry.title)
    for entry in PAGES[1:]
    if f"/{entry.address or entry.name}" not in SEEN
)
