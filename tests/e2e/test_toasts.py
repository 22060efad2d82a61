"""The passing word that something was done never lies over a button."""

import pytest

from core.access import operator
from core.configuration.schedule import Schedule
from core.store import Store, exports, look_up
from core.store.tables.exports import ExportRow
from tests.e2e.content import LETTER
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, drawn

pytestmark = pytest.mark.browser
WIDTHS = (1440, 1024, 390)
# Buttons that lie under a toast, wherever the page is scrolled to; a header that isn't clear covers
# what is under it anyway.
COVERED = """() => {
  const [main, header, shown] = ["stMain", "stHeader", "stToast"]
    .map(id => document.querySelector(`[data-testid=${id}]`));
  const toast = shown.getBoundingClientRect(), found = [];
  const clear = getComputedStyle(header).backgroundColor == "rgba(0, 0, 0, 0)";
  const covered = clear ? main.getBoundingClientRect().top : header.getBoundingClientRect().bottom;
  const buttons = [...document.querySelectorAll("button, a, input, summary")]
    .filter(one => !shown.contains(one));
  for (let top = 0; top < main.scrollHeight; top += 40) {
    main.scrollTop = top;
    for (const one of buttons) {
      const box = one.getBoundingClientRect();
      const from = main.contains(one) ? Math.max(box.top, covered) : box.top;
      const meets = box.width > 1 && box.left < toast.right && box.right > toast.left
        && from < toast.bottom && box.bottom > Math.max(from, toast.top);
      if (meets) found.push(one.innerText || one.ariaLabel);
    }
  }
  return found; }"""


def test_a_toast_covers_no_button_at_any_width(dashboard: Dashboard, store: Store, visits: Visits):
    with store.begin() as session:
        row = look_up(session, ExportRow, LETTER)
        daily = Schedule(times=("06:00",), time_zone="Europe/Riga")
        exports.reschedule(session, operator(), row, daily)
    page = visits.open(f"{dashboard.url}/schedules")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        drawn(page)
        page.locator(f".st-key-pause-{row.id} button").click()
        toast = page.get_by_test_id("stToast").first
        toast.wait_for()
        toast.hover()  # so that it stays
        assert page.evaluate(COVERED) == []
        toast.get_by_role("button").click()
        toast.wait_for(state="hidden")
