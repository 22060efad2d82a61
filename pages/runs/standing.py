"""The state of an export: a badge, whether somebody is needed, and the sentence that says why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.destinations.capabilities import Capabilities
from core.runs import history, refusals
from core.runs.reasons import reason_counts, reason_words, warning_words
from core.store import runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run, RunStatus
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import percent, plain

EXAMPLES = 3  # shown of the cells that a warning counts
NEEDS = frozenset({"failed", "held", "over", "undelivered"})  # waits for somebody
BUSY = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class State:
    """A state of kit.STATUS, and a sentence in markdown when there is something to say."""

    status: str
    note: str | None = None
    needs: str | None = None  # why somebody is needed: one of NEEDS
    word: str | None = None  # of its badge, where that says more than the state alone


def of(export: ExportRow, parts: Sequence[Run]) -> State:
    """The state of the export after its newest run: its parts, none before the first one."""
    if parts and runs.standing_for(parts).status in BUSY:
        return State(runs.standing_for(parts).status)
    if export.connection_id is None:
        return State(
            "detached", _("Keeps its settings but doesn't run. Edit it to choose a connection.")
        )
    return of_run(parts) if parts else State("never")


def of_run(parts: Sequence[Run]) -> State:
    """The state of an export whose newest run this is: all parts of it, as one."""
    run = runs.standing_for(parts)
    if run.status == RunStatus.failed:
        over = is_over(run)
        note = (
            _over(run)
            if over
            else plain(frame.readable(run.error) or _("The reason is not known."))
        )
        if over:
            return State("over", note, "over", _("Over limit · {n}").format(n=f"{run.valid:,}"))
        return State("failed", note, "failed")
    if run.status == RunStatus.held:
        return State("held", plain(frame.readable(run.hold) or ""), "held")
    if run.status == RunStatus.partial:
        return _partial(parts)
    if run.status == RunStatus.running:
        return State("running", word=_running(parts))
    return State(run.status)


def _partial(parts: Sequence[Run]) -> State:
    """Amber where profiles were lost, refused for a new reason, or more left out than usual."""
    left = sum(sum(reason_counts(part).values()) for part in parts)
    members = sum(part.members for part in parts)
    if any(part.undelivered for part in parts):
        n = sum(part.undelivered for part in parts)
        word = _("Partial · {n} undelivered").format(n=f"{n:,}")
        return State("partial", left_out(parts), "undelivered", word)
    if new := sum(one.n for one in refusals.new(parts)):
        word = _("Partial · {n} refused for a new reason").format(n=f"{new:,}")
        return State("partial", left_out(parts), word=word)
    share = left / members if members else 0.0
    if share * 100 > parts[0].order.export.accept_rejects:
        word = _("Partial · {share} left out").format(share=percent(share))
        return State("partial", left_out(parts), word=word)
    refused = sum(part.refused for part in parts)
    text = _("Succeeded · {n} refused") if refused == left else _("Succeeded · {n} left out")
    if not refused:
        text = _("Succeeded · {n} rejected")
    return State("succeeded", left_out(parts), word=text.format(n=f"{left:,}"))


def _running(parts: Sequence[Run]) -> str | None:
    """How far all parts of it are; None while nothing has been sent."""
    to_send = sum(part.valid - part.unchanged for part in parts)
    settled = sum(part.sent + part.accepted + part.refused for part in parts)
    if not to_send or not any(part.batches for part in parts):
        return None
    return _("Running · {share}").format(share=percent(min(1.0, settled / (2 * to_send))))


def is_over(run: Run) -> bool:
    """Whether the run was refused because it had more profiles than its limit."""
    if run.batches:
        return False
    export = run.order.export
    return export.over_limit == "stop" and run.valid > export.limit


def is_counted(run: Run) -> bool:
    """Whether its profiles have been counted; until then its numbers of them say nothing."""
    return bool(run.segments or run.members or run.batches)


def profiles(run: Run, n: int) -> str:
    """The number `n` of its profiles, or that they aren't counted so far."""
    if is_counted(run):
        return f"{n:,}"
    return _("Reading…") if run.status == RunStatus.running else "—"


def left_out(parts: Sequence[Run]) -> str | None:
    """Who was left out and why, as one sentence in markdown; None when nobody was."""
    counts = sum((Counter(reason_counts(part)) for part in parts), Counter())
    there, sentences = parts[0].order.capabilities, []
    if n := counts.total():
        reasons = ", ".join(f"{reason(key, there)} {k:,}" for key, k in counts.items())
        sentences.append(
            many("**{n} profile** was not exported", "**{n} profiles** were not exported", n)
            + f" ({plain(reasons)})."
        )
    sentences += [plain(frame.readable(refusals.sentence(one))) for one in refusals.new(parts)]
    if undelivered := sum(part.undelivered for part in parts):
        sentences.append(
            many(
                "**{n} profile** is undelivered. Retry sends only it.",
                "**{n} profiles** are undelivered. Retry sends only those.",
                undelivered,
            )
        )
    return " ".join(sentences) or None


def say_contradiction(parts: Sequence[Run]) -> None:
    """That the numbers of an ended run don't add up, where they don't: nobody should trust them."""
    if any(part.status not in ENDED for part in parts):
        return
    if text := history.totals(parts).contradiction:
        st.markdown(f":red[:material/error: {plain(text)}]")


def say_new_refusals(parts: Sequence[Run]) -> None:
    """A line for each reason that the destination has not given in the runs before."""
    for one in refusals.new(parts):
        text = plain(frame.readable(refusals.sentence(one)))
        st.markdown(f":orange[:material/fiber_new: {text}]")


def reason(key: str, destination: Capabilities) -> str:
    """A reason in words."""
    words = reason_words(key, destination)
    return words[0] if words else plain(key.replace("_", " "))


def _over(run: Run) -> str:
    limit = run.order.export.limit
    return _(
        "**{n} profiles, {over} over the limit** of {limit} in one run. Narrow the segments, or "
        "let the export split its runs. Nothing has been sent."
    ).format(n=f"{run.valid:,}", over=f"{run.valid - limit:,}", limit=f"{limit:,}")


def remedy(key: str, destination: Capabilities) -> str:
    """What a person can do about a reason."""
    words = reason_words(key, destination)
    return words[1] if words else "—"


def warn(kind: str, n: int, examples: Sequence[str] = ()) -> None:
    """A warning of a preview or a run: what was left out of n profiles, or changed in n cells."""
    shown = f" {_('First:')} {plain('; '.join(examples[:EXAMPLES]))}." if examples else ""
    st.markdown(f":small[:gray[:material/info: **{n:,}** {plain(warning_words(kind, n))}.{shown}]]")


def act(export: ExportRow, run: Run, state: State, place: str) -> None:
    """The button that leads to what somebody is needed for; `place` makes its key unique."""
    label, icon, page = {
        "held": (_("Review"), "rate_review", "preview"),
        "over": (_("Preview"), "visibility", "preview"),
    }.get(state.needs or "", (_("Details"), "article", "history"))
    kind = "primary" if state.needs == "held" else "secondary"
    label = kit.named_button(label, export.name)
    if st.button(label, icon=f":material/{icon}:", key=f"{place}-{export.id}", type=kind):
        wanted = {"export": export.id} if page == "preview" else {"run": run.id}
        frame.go(page, **wanted)
