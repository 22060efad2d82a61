"""Words of an undo: what it can't take back, and why people are left alone."""

from collections.abc import Sequence

from core.configuration.order import PlanSeen
from core.destinations.capabilities import Capabilities
from core.store.tables.runs import Run
from core.texts import _, many

ALONE = {  # after the number of people
    "changed_since": lambda n: many("was changed by a later run", "were changed by later runs", n),
    "changed_address": lambda n: many(
        "changed address: the same person is known under another one",
        "changed address: the same people are known under others",
        n,
    ),
    "not_there": lambda n: many("is not on the list any more", "are not on the list any more", n),
    "not_kept": lambda n: many(
        "was updated, and what this export had sent before, if anything, is not kept",
        "were updated, and what this export had sent before, if anything, is not kept",
        n,
    ),
    "profile_stays": lambda n: many(
        "was sent for the first time: the export joins no list that they could leave",
        "were sent for the first time: the export joins no list that they could leave",
        n,
    ),
    "joined_elsewhere": lambda n: many(
        "was on the list before, by a form or another program",
        "were on the list before, by a form or another program",
        n,
    ),
    "erased": lambda n: many("was erased", "were erased", n),
    "no_profile": lambda n: many("has no profile any more", "have no profile any more", n),
    "suppressed": lambda n: many(
        "is suppressed, and the export skips those", "are suppressed, and the export skips those", n
    ),
}


def alone(reason: str, n: int) -> str:
    """Why so many people are left alone, after their number; the reason where it isn't known."""
    return ALONE[reason](n) if reason in ALONE else reason.replace("_", " ")


def counted(run: Run) -> dict[str, int]:
    """Whom an undo left alone, by the words of the reason; nobody for another run."""
    return {alone(reason, n): n for reason, n in (run.undo or {}).get("alone", {}).items()}


def order(since: Sequence[int]) -> str:
    """That these later runs, the newest first, had better be undone before."""
    return many(
        "Run {newest} has changed this list since. To take back both, undo run {newest} first.",
        "{n} later runs have changed this list since, the newest is run {newest}. To take them "
        "back as well, begin with the newest.",
        len(since),
        newest=str(since[0]),
    )


def warnings(plan: PlanSeen, destination: Capabilities, *, of_run: bool) -> Sequence[str]:
    """What can't be taken back, and what putting people back may set off: sentences."""
    title = destination.title
    found = [_("Emails that were sent meanwhile stay sent; consent is not touched.")]
    if plan.leave:
        found.append(
            _("Profiles stay in {destination}, with all they have: they only leave the list.")
        )
    if plan.add and destination.mailings is not None:
        found.append(_("Who is put back joins the list, which may email them again."))
    if of_run:
        found.append(
            _(
                "Only what this export had sent before can be restored; what it was the first to "
                "send stays, unless you have it cleared."
            )
        )
    return [text.format(destination=title) for text in found]
