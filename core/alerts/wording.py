"""What alerts say: what happened, to what, what to do now, and which page shows it.

Sentences that quote profiles are masked, whoever reads them: they leave the installation.
"""

from collections.abc import Sequence

from core.masking import sentence
from core.runs.holds import holds
from core.store.alerts import Message
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.exports import ExportRow, ProposalRow
from core.store.tables.runs import Run
from core.store.tables.schedules import Slot
from core.texts import _, many

STATES = {
    ConnectionState.degraded: _("The connection “{name}” works only in part"),
    ConnectionState.broken: _("The connection “{name}” doesn’t work"),
    ConnectionState.reconnect: _("The connection “{name}” has to be authenticated again"),
}
DEEDS = {
    "confirmed": _("{who} ran it anyway."),
    "tried again": _("{who} tried it again."),
    "discarded": _("{who} discarded it."),
}
EXPORT, RUN, CONNECTION, SCHEDULES = (
    "/export?export={id}",
    "/history?run={id}",
    "/connections?connection={id}",
    "/schedules",
)


def failed(run: Run) -> Message:
    """A run ended without having sent everything, for good."""
    text = _("Run {run} of “{name}” failed: {why} Open it; “Retry” sends what has not arrived.")
    why = _ended_sentence(run.error) or _("the reason is not known.")
    return Message(
        _("“{name}” failed").format(name=run.export),
        text.format(run=run.id, name=run.export, why=why),
        RUN.format(id=run.id),
    )


def not_started(slot: Slot) -> Message:
    """A schedule's run could not begin."""
    text = _("The scheduled run of “{name}” could not start: {why} Open the export to see to it.")
    why = _ended_sentence(slot.reason) or _("the reason is not known.")
    return Message(
        _("“{name}” did not start").format(name=slot.name),
        text.format(name=slot.name, why=why),
        EXPORT.format(id=slot.export_id),
    )


def works_again(run: Run) -> Message:
    """A run succeeded after one that failed."""
    text = _("Run {run} of “{name}” sent its profiles. There is nothing to do.")
    return Message(
        _("“{name}” works again").format(name=run.export),
        text.format(run=run.id, name=run.export),
        RUN.format(id=run.id),
    )


def held(run: Run) -> Message:
    """A run waits for a person; nothing was sent."""
    text = _("Run {run} of “{name}” is held, and nothing has been sent: {why} Open it to decide.")
    return Message(
        _("“{name}” is held").format(name=run.export),
        text.format(run=run.id, name=run.export, why=_ended_sentence(run.hold)),
        RUN.format(id=run.id),
    )


def let_go(run: Run) -> Message:
    """Somebody decided about a held run."""
    last = holds(run)[-1:]
    deed = DEEDS.get((last[0].deed or "") if last else "", _("It continues, or was cancelled."))
    who = (last[0].by if last else None) or _("Somebody")
    text = _("Run {run} of “{name}” is no longer held. {deed}")
    return Message(
        _("“{name}” is no longer held").format(name=run.export),
        text.format(run=run.id, name=run.export, deed=deed.format(who=who)),
        RUN.format(id=run.id),
    )


def rejected(run: Run, n: int, members: int, limit: float) -> Message:
    """More was rejected than is usual."""
    text = _(
        "{n} of the {members} profiles of “{name}” were rejected in run {run}: {share} %, and the "
        "limit is {limit} %. Open it to see each with its reason."
    )
    return Message(
        _("“{name}”: {share} % rejected").format(name=run.export, share=_number(100 * n / members)),
        text.format(
            n=f"{n:,}",
            members=f"{members:,}",
            name=run.export,
            run=run.id,
            share=_number(100 * n / members),
            limit=_number(limit),
        ),
        RUN.format(id=run.id),
    )


def less_rejected(run: Run, limit: float) -> Message:
    """As few as usual again."""
    text = _("In run {run} of “{name}” no more than {limit} % were rejected.")
    return Message(
        _("“{name}”: as few rejected as usual").format(name=run.export),
        text.format(run=run.id, name=run.export, limit=_number(limit)),
        RUN.format(id=run.id),
    )


def resized(run: Run, members: int, before: int, why: str | None) -> Message:
    """The segments have many more people than in the run before, or many fewer, and why."""
    text = _(
        "The segments of “{name}” have {members} people in run {run}, and had {before} in the run "
        "before.{why} Open it to see whether that is right."
    )
    change = _("{n} % more") if members > before else _("{n} % fewer")
    share = _number(100 * abs(members - before) / before) if before else "100"
    return Message(
        _("“{name}”: {change} people").format(name=run.export, change=change.format(n=share)),
        text.format(
            name=run.export,
            members=f"{members:,}",
            before=f"{before:,}",
            run=run.id,
            why=f" {_ended_sentence(why)}" if why else "",
        ),
        RUN.format(id=run.id),
    )


def slow(run: Run, seconds: float, usual: float) -> Message:
    """It takes much longer than usual."""
    text = _(
        "Run {run} of “{name}” has taken {now} so far, and usually takes {usual}. Open it to see "
        "what it waits for."
    )
    if run.finished_at:
        text = _("Run {run} of “{name}” took {now}, and usually takes {usual}. Open it to see why.")
    return Message(
        _("“{name}” is slow").format(name=run.export),
        text.format(run=run.id, name=run.export, now=_duration(seconds), usual=_duration(usual)),
        RUN.format(id=run.id),
    )


def quick_again(run: Run, seconds: float) -> Message:
    """As long as usual again."""
    text = _("Run {run} of “{name}” took {now}.")
    return Message(
        _("“{name}” takes as long as usual again").format(name=run.export),
        text.format(run=run.id, name=run.export, now=_duration(seconds)),
        RUN.format(id=run.id),
    )


def connection(row: ConnectionRow) -> Message:
    """It doesn't work, or not in full."""
    title = STATES[ConnectionState(row.state)].format(name=row.name)
    why = _ended_sentence(row.problem) or _("the reason is not known.")
    text = _("{title}: {why} Open the connection, see to that, and test it there.")
    return Message(title, text.format(title=title, why=why), CONNECTION.format(id=row.id))


def connection_works(row: ConnectionRow) -> Message:
    """It works again."""
    title = _("The connection “{name}” works again").format(name=row.name)
    return Message(title, title + ".", CONNECTION.format(id=row.id))


def missed(name: str | None, slots: Sequence[Slot], words: str, made_up: bool) -> Message:
    """Times of a schedule passed while no server ran."""
    what = _("“{name}”").format(name=name) if name else _("The refresh")
    text = many(
        "{what} did not run at one time of its schedule ({words}), because the server was down.",
        "{what} did not run at {n} times of its schedule ({words}), because the server was down.",
        len(slots),
        what=what,
        words=words,
    )
    more = (
        _("The latest of them was run later. See that the server keeps running.")
        if made_up
        else _("Open the schedules, and run what is needed now.")
    )
    return Message(_("{what} missed its schedule").format(what=what), f"{text} {more}", SCHEDULES)


def on_time(name: str | None) -> Message:
    """Its schedule is kept again."""
    what = _("“{name}”").format(name=name) if name else _("The refresh")
    title = _("{what} runs on schedule again").format(what=what)
    return Message(title, title + ".", SCHEDULES)


def refresh_failed(slot: Slot) -> Message:
    """Sources could not be read."""
    text = _("The refresh could not read everything: {why} Exports of these sources did not run.")
    why = _ended_sentence(slot.reason) or _("the reason is not known.")
    return Message(_("The refresh failed"), text.format(why=why), SCHEDULES)


def refresh_works() -> Message:
    """All sources were read."""
    text = _("All sources were read, and their segments counted.")
    return Message(_("The refresh works again"), text, SCHEDULES)


def proposed(row: ProposalRow, export: ExportRow) -> Message:
    """A change waits for a second person."""
    text = _(
        "{who} proposes a change of “{name}”, which somebody else has to approve. Until then the "
        "export runs with its previous settings. Open it to approve or reject the change."
    )
    return Message(
        _("A change of “{name}” waits for approval").format(name=export.name),
        text.format(who=row.by, name=export.name),
        EXPORT.format(id=export.id),
    )


def decided(row: ProposalRow, export: ExportRow) -> Message:
    """Somebody decided about a change."""
    text = _("{who} approved it: the export has its new settings.")
    if not row.approved:
        text = _("{who} rejected it: the export keeps its settings.")
    title = _("The change of “{name}” is decided").format(name=export.name)
    said = text.format(who=row.decided_by or _("Somebody"))
    return Message(title, said, EXPORT.format(id=export.id))


def _ended_sentence(text: str | None) -> str:
    """A sentence of ours as it may leave the installation, with its full stop."""
    words = sentence(text or "").strip()
    last = words.rstrip("”\"'")[-1:]  # what they end with may be in quotes
    return words if not words or last in (".", "!", "?") else f"{words}."


def _number(n: float) -> str:
    return f"{n:,.1f}".removesuffix(".0")


def _duration(seconds: float) -> str:
    if seconds < 120:
        return _("{n} s").format(n=f"{seconds:,.0f}")
    if seconds < 7200:
        return _("{n} min").format(n=f"{seconds / 60:,.0f}")
    return _("{n} h").format(n=_number(seconds / 3600))
