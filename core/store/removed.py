"""What of a run was removed by its age, as sentences for whoever asks for it."""

from datetime import datetime, timedelta

from core.store.tables.runs import Run
from core.texts import _, many


def rejects(run: Run) -> str | None:
    """That nobody knows any more who was not exported; None where it still is known."""
    if (at := run.rejects_removed_at) is None:
        return None
    text = _("Who was not exported was removed on {day}, {after}. The numbers stay.")
    return text.format(day=_day(at), after=_after(run, at))


def files(run: Run) -> str | None:
    """That nothing of the run can be retried any more; None where it still can."""
    if (at := run.files_removed_at) is None:
        return None
    text = _(
        "The files of run {run} were removed on {day}, {after}, so what it left undelivered can't "
        "be retried. Run the export again: it sends whatever the list doesn't have yet."
    )
    return text.format(run=run.id, day=_day(at), after=_after(run, at))


def changes(run: Run, days: int, now: datetime) -> str | None:
    """That what the run changed on its list was removed after so many days; None before that."""
    end = (run.finished_at or run.created_at) + timedelta(days=days)
    if now < end:
        return None
    text = _(
        "What run {run} changed was kept until {day}, {after}, and then removed, as the retention "
        "says (`journal`; in Settings “What runs changed on their lists”). So it can't be undone."
    )
    return text.format(run=run.first_id or run.id, day=_day(end), after=_after(run, end))


def _after(run: Run, at: datetime) -> str:
    days = (at - (run.finished_at or at)).days
    return many("{n} day after the run had ended", "{n} days after the run had ended", days)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
