"""The card of an export's last result: what is on the list, who isn't and why, and what comes."""

from collections import Counter

import streamlit as st

from core.access import Action, Person, may
from core.destinations.capabilities import Capabilities
from core.runs import downloads, history, refusals
from core.runs.reasons import reason_counts
from core.store import removed
from core.store.tables.runs import Run
from core.texts import _, many
from pages.preview.facts import Facts
from pages.runs import marks, standing
from pages.runs.rows import started_by
from pages.ui import download, frame, kit
from pages.ui.words import brief, plain, took, when

NAMED = 3  # reasons of a line
HIGH = 77  # pixels of a figure, which it has before it is drawn, so that nothing moves


def show(person: Person, facts: Facts) -> None:
    """The newest run; before one that is held, for that has sent nothing and says so above.

    Nothing while one is under way: that has a card of its own.
    """
    states = [(one, standing.of_run(facts.parts.get(one.id, [one]))) for one in facts.sends]
    run, state = next(((one, s) for one, s in states if s.status != "held"), (None, None))
    if run is None or state is None or state.status in standing.BUSY:
        return
    parts = facts.parts.get(run.id, [run])
    with st.container(border=True, key="result"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            with st.container(**kit.ROW, gap="small", width="content"):
                st.header(_("Last result"), anchor=False, width="content")
                st.markdown(kit.badge_md(state.status, state.word), width="content")
            st.markdown(f":small[:gray[{_line(run, parts)}]]", width="content")
            _open_list(facts)
        if state.status == "failed":
            text = plain(frame.readable(run.error) or _("The reason is not known."))
            st.markdown(f":red[:material/error:] &nbsp;{text}")
        if state.status != "failed" or any(part.batches for part in parts):
            _figures(facts, parts)
            standing.say_new_refusals(parts)
            standing.say_contradiction(parts)
        if state.status == "cancelled":
            st.markdown(f":small[{_cancelled(parts)}]")
        _links(person, facts, run, parts)


def _open_list(facts: Facts) -> None:
    if page := marks.list_page(facts.connection, facts.row.list_id):
        label = marks.list_page_label(facts.connection)
        st.link_button(label, page, icon=":material/open_in_new:", icon_position="right")


def _line(run: Run, parts: list[Run]) -> str:
    words = [_("Run {n}").format(n=run.id), when(run.created_at, in_sentence=True)]
    words.append(_("by {who}").format(who=started_by(run)))
    if all(part.finished_at for part in parts):
        length = sum(history.seconds(part) or 0.0 for part in parts)
        words.append(_("took {time}").format(time=took(length)))
    return " · ".join(words)


def _figures(facts: Facts, parts: list[Run]) -> None:
    sums, there = history.totals(parts), parts[0].order.capabilities
    reasons = sum((Counter(reason_counts(part)) for part in parts), Counter())
    refused = sums.refused
    not_sent = sums.rejected + sums.not_sent + sums.undelivered
    with st.grid(4, min_column_width=130, gap="small", key="result-figures"):
        _figure(_("Accepted"), "check_circle", "green", f"{sums.accepted:,}", _arrived(parts))
        why = [frame.readable(one.why) or "" for one in refusals.of(parts)[:1]]
        words = _("none") if not refused else plain(why[0] if why else _("see why in the run"))
        label = _("Refused by {destination}").format(destination=there.title)
        _figure(label, "error", "red" if refused else "gray", f"{refused:,}", words)
        _figure(_("Not sent"), "block", "gray", f"{not_sent:,}", _why(sums, reasons, there))
        coming = facts.schedule.next_time
        words = plain(facts.schedule.words)
        _figure(_("Next run"), "schedule", "gray", brief(coming) or "—", words)


def _figure(label: str, icon: str, color: str, value: str, words: str) -> None:
    title = f":{color}[:material/{icon}:] {plain(label)}"
    st.metric(title, value, delta_description=words, height=HIGH)


def _arrived(parts: list[Run]) -> str:
    """What the run found on its list afterwards."""
    if (size := history.size_after(parts[-1])) is not None:
        return _("{n} on the list").format(n=f"{size:,}")
    unchanged = sum(part.unchanged for part in parts)
    return _("{n} were the same").format(n=f"{unchanged:,}") if unchanged else ""


def _why(sums: history.Totals, reasons: Counter[str], there: Capabilities) -> str:
    named = [standing.reason(key, there) for key, _n in reasons.most_common() if key != "refused"]
    if sums.undelivered:
        named.insert(0, _("{n} undelivered").format(n=f"{sums.undelivered:,}"))
    if sums.not_sent:
        named.insert(0, _("{n} never sent").format(n=f"{sums.not_sent:,}"))
    return ", ".join(named[:NAMED]) or _("everyone could be sent")


def _cancelled(parts: list[Run]) -> str:
    sums = history.totals(parts)
    destination = parts[0].order.capabilities.title
    taken = sums.accepted + sums.counting
    if not taken:
        return _("Cancelled before anything was taken by {destination}.").format(
            destination=destination
        )
    text = _(
        "{destination} had taken **{n}** by then and keeps them; the other **{left}** were not."
    )
    left = sums.not_sent + sums.undelivered
    return text.format(destination=destination, n=f"{taken:,}", left=f"{left:,}")


def _links(person: Person, facts: Facts, run: Run, parts: list[Run]) -> None:
    with st.container(**kit.ROW, gap="small", key="result-links"):
        st.page_link(
            frame.file_of("history"),
            label=_("Run {n} in detail").format(n=run.id),
            icon=":material/article:",
            query_params={"run": str(run.id)},
        )
        n = sum(reason_counts(run).values())
        kept = removed.rejects(run) is None
        if n and kept and len(parts) == 1 and may(person, Action.see_addresses):
            download.button(
                many("{n} left out, as CSV", "{n} left out, as CSV", n),
                lambda who: downloads.rejects_csv(frame.store(), who, run),
                f"run-{run.id}-rejects.csv",
                key="result-csv",
                type="tertiary",
            )
        if facts.run_count > 1:
            st.page_link(
                frame.file_of("history"),
                label=_("All {n} runs").format(n=f"{facts.run_count:,}"),
                icon=":material/history:",
                query_params={"export": facts.row.name},
            )
