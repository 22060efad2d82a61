"""Every page in its main states: its address, and what is there once it is drawn."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pages.router import PAGES
from tests.e2e.content import FAILED, LETTER


@dataclass(frozen=True, slots=True)
class Screen:
    """A state of a page: its path, and words that it shows once it is complete."""

    name: str
    path: str
    shows: str


EMPTY = (
    Screen("overview of a new installation", "/", "0 of 4 steps done"),
    Screen("no exports", "/exports", "No exports yet"),
    Screen("no history", "/history", "No export has run yet"),
    Screen("no segments", "/segments", "No segment yet"),
    Screen("no sources", "/sources", "No source yet"),
    Screen("no schedules", "/schedules", "There is no export yet."),
    Screen("no connections", "/connections", "No connection yet"),
    Screen("unknown run", "/history?run=77", "There is no run “77”."),
)
FILLED = (
    Screen("overview", "/", "Last outcomes"),
    Screen("exports", "/exports", LETTER),
    Screen("new export", "/exports?view=new", "Data matching"),
    Screen("export being edited", "/exports?view=edit&export=1", "Add property"),
    Screen("preview", f"/export?export={LETTER}", "Sample profiles"),
    Screen("preview over the limit", f"/export?export={FAILED}", "15 profiles over the limit"),
    Screen("history", "/history", "Profiles per day"),
    Screen("partial run", "/history?run=1", "Import jobs"),
    Screen("failed run", "/history?run=2", "Nothing has been sent"),
    Screen("segments", "/segments", "country is LV"),
    Screen("segment being built", "/segments?view=new", "Add group"),
    Screen("segment being edited", "/segments?view=edit&segment=1", "Members"),
    Screen("sources", "/sources", "Few"),
    Screen("source", "/sources?source=1", "customer_id"),
    Screen("new source", "/sources?view=add", "Look at the file"),
    Screen("source being edited", "/sources?view=edit&source=1", "Read differently"),
    Screen("schedules", "/schedules", LETTER),
    Screen("refresh being changed", "/schedules?view=refresh", "Refresh by schedule"),
    Screen("schedule being changed", "/schedules?view=exports&export=1", "Save the schedule"),
    Screen("connections", "/connections", "Klaviyo"),
    Screen("new connection", "/connections?view=add", "I agree"),
    Screen("connection being edited", "/connections?view=edit&connection=1", "Save connection"),
    Screen("team", "/team", "The last administrator always stays"),
    Screen("audit", "/audit", "Entries can't be changed"),
    Screen("your account", "/account", "Present password"),
)
# A page that has no row here is looked at as it opens.
SEEN = {urlsplit(screen.path).path for screen in FILLED}
FILLED += tuple(
    Screen(entry.name, f"/{entry.address or entry.name}", entry.title)
    for entry in PAGES[1:]
    if f"/{entry.address or entry.name}" not in SEEN
)
