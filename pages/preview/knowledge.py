"""What the destination knows of the people to be added, asked when somebody wants to know."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.access import Person
from core.configuration.export import Mode
from core.configuration.order import Order
from core.destinations.knowledge import Knowledge
from core.destinations.register import kind_of
from core.preview.known import ask
from core.preview.plan import newcomers
from core.store import billing as billing_store
from core.store.billing import Bill
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.runs.cached import CachedPreview
from pages.ui import frame, kit
from pages.ui.words import now, plain, when

KEY = "knowing"  # in the session; of one preview at a time


@dataclass(frozen=True, slots=True)
class Answer:
    """What the destination answered, about which preview's people, and when."""

    order: Order
    counted: datetime
    found: Knowledge
    at: datetime


def show(person: Person, row: ExportRow, connection: ConnectionRow, preview: CachedPreview) -> None:
    """The card; for those who may use the connection. The account is asked only on the button."""
    with st.container(border=True, key="knowing"):
        answer, title = _answer(preview), kind_of(connection.type).title
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            text = _("What {destination} knows")
            st.header(text.format(destination=title), anchor=False, width="content")
            label = _("Ask again") if answer else _("Ask {destination}").format(destination=title)
            pressed = st.button(label, icon=":material/contact_support:", key="ask")
        if pressed:
            with frame.show_errors():
                _ask(person, row, connection, preview)
                st.rerun()
        if answer is None:
            text = _("How many of the {people} have a profile, and can receive email.")
            st.markdown(f":small[:gray[{text.format(people=_people(preview.order))}]]")
        else:
            _figures(answer)
            _room(answer.found, connection)


def _answer(preview: CachedPreview) -> Answer | None:
    """The answer about these very people, if there is one."""
    answer: Answer | None = st.session_state.get(KEY)
    if answer and (answer.order, answer.counted) == (preview.order, preview.at):
        return answer
    return None


def _ask(person: Person, row: ExportRow, connection: ConnectionRow, preview: CachedPreview) -> None:
    title = kind_of(connection.type).title
    with st.spinner(_("Asking {destination} about them…").format(destination=title)):
        people = newcomers(frame.store(), person, row.id or 0)
        found = ask(frame.store(), person, connection, people, row.list_id)
    st.session_state[KEY] = Answer(preview.order, preview.at, found, now())


def _figures(answer: Answer) -> None:
    found = answer.found
    at = _("Asked {when}").format(when=when(answer.at, in_sentence=True))
    st.markdown(f"{_of(found, _people(answer.order))} :small[:gray[{at}]]")
    if not found.asked:
        return
    figures = {
        _("Have a profile"): (found.existing, _("{n} are new").format(n=f"{found.new:,}")),
        _("Can receive email"): (found.can_receive, _("of those")),
        _("Subscribed"): (found.subscribed, _("agreed to email")),
        _("Never subscribed"): (found.never_subscribed, _("never agreed")),
        _("Unsubscribed"): (found.unsubscribed, _("want no email")),
    }
    with st.grid(5, min_column_width=130, gap="small", key="knowing-figures"):
        for word, (n, means) in figures.items():
            st.metric(word, f"{n:,}", delta_description=means)
    if found.suppressed:
        words = answer.order.capabilities.suppressions
        rows = [[words.get(why) or plain(why), n] for why, n in sorted(found.suppressed.items())]
        kit.table([_("Suppressed, because"), _("Profiles")], rows)


def _room(found: Knowledge, connection: ConnectionRow) -> None:
    """Whether those who are new have room in the plan, where its numbers were entered."""
    with frame.store().begin() as session:
        bill = billing_store.of(session, connection)
    if bill:
        words = kind_of(connection.type).capabilities.billing
        beyond = words.beyond if words else ""
        st.markdown(_room_left(bill, found.new_of_all, found.sampled, beyond))


def _room_left(bill: Bill, new: int, sampled: bool, beyond: str) -> str:
    """New profiles against the room for them, as a line of markdown; `beyond` warns of more."""
    about, room = _("about ") if sampled else "", max(0, bill.room)
    text = many(
        "A run would create {about}{n} new profile, and the plan has room for {room} more",
        "A run would create {about}{n} new profiles, and the plan has room for {room} more",
        new,
        about=about,
        room=f"{room:,}",
    )
    if new <= room:
        return f":small[:gray[{text}.]]"
    over = _("{n} over the plan").format(n=f"{new - room:,}")
    return f":small[:orange[:material/warning: {text}: {over}. {beyond}]]"


def _of(found: Knowledge, people: str) -> str:
    """Whom the numbers are of."""
    if found.sampled:
        text = _("Of a sample: **{n}** of the **{m}** {people}, drawn at random.")
        return text.format(n=f"{found.asked:,}", m=f"{found.people:,}", people=people)
    return _("Of all **{n}** {people}.").format(n=f"{found.asked:,}", people=people)


def _people(order: Order) -> str:
    """Who are asked about, as the plan calls them."""
    updates = order.export.mode is Mode.update
    return _("people not updated before") if updates else _("people to be added")
