"""One connection to be read: how it stands, who may use it, and the exports that do."""

import streamlit as st

from core.access import Role
from core.connections import oauth
from core.destinations.register import kind_of
from core.store.tables.connections import ConnectionRow
from core.texts import _, many
from pages.connections import actions, billing, consent, remove, sharing, support
from pages.connections.facts import Around
from pages.connections.rows import account, users
from pages.runs import marks
from pages.ui import frame, kit, links
from pages.ui.links import Link
from pages.ui.words import plain, when

NAMED = 12  # exports that are links of their own


def draw(found: Around) -> None:
    """The whole page of a connection."""
    person, row = frame.guard(Role.administrator), found.item.row
    kit.back(_("Connections"), "connections")
    about = f"{kit.badge_md(marks.status(row))} &nbsp; {marks.type_name(row)} {marks.mark(row)}"
    tested = False
    with kit.head(row.name, about):
        if row.removal is None:
            tested = _buttons(found)
    if tested:
        actions.test(person, row)
    _notes(found)
    _facts(found)
    _exports(found)


def _buttons(found: Around) -> bool:
    """Whether Test was pressed; the others act by themselves. What helps stands last."""
    row, faulty = found.item.row, found.item.is_faulty
    if st.button(_("Lineage"), icon=":material/account_tree:", key="lineage"):
        frame.go("lineage", connection=row.id)
    if st.button(actions.REMOVE, icon=":material/delete:", key="remove-connection"):
        remove.ask(found)
    tested = st.button(_("Test"), icon=":material/network_check:", key=f"test-{row.id}")
    label = actions.KEY if faulty else actions.EDIT
    icon = ":material/key:" if faulty else ":material/edit:"
    if st.button(label, icon=icon, key=f"edit-{row.id}", type="primary"):
        actions.edit(row)
    return tested


def _notes(found: Around) -> None:
    """What is wrong, and what waits for a person or for runs."""
    row = found.item.row
    if row.removal is not None:
        names = ", ".join(map(plain, found.running))
        text = _("It is removed once these have stopped: {names}.").format(names=names)
        st.info(text, icon=":material/hourglass_top:")
    if row.problem:
        st.error(plain(row.problem), icon=":material/error:")
    if consent.has_changed(row):
        text = _("The data privacy terms have changed. Open Edit to read them and agree again.")
        st.warning(text, icon=":material/warning:")


def _facts(found: Around) -> None:
    row = found.item.row
    facts = {
        _("Account"): plain(account(row) or "—"),
        _("Who may use it"): plain(sharing.described(row, found.item.people)),
        _("Key"): _ending(row),
        _("Last used"): when(row.used_at) if row.used_at else _("never"),
        _("Last test"): when(row.checked_at) if row.checked_at else _("never"),
        _("Added by"): f"{plain(row.created_by)}, {when(row.created_at, in_sentence=True)}",
    }
    with st.container(border=True, key="facts"):
        items = list(facts.items())
        for line in (items[:3], items[3:]):  # each with columns of its own, in order on a phone
            for column, (label, text) in zip(st.columns(3), line, strict=True):
                column.markdown(f":small[:gray[{label}]]  \n{text}")
        if revision := support.described(row.type):
            st.markdown(f":small[:gray[{_('Revision of the API')}]]  \n{revision}")
        _billing(found)


def _billing(found: Around) -> None:
    title = kind_of(found.item.row.type).title
    lines = [billing.summary(found.bill, title)] if found.bill else []
    if why := billing.unread(found.unbilled, title):
        lines.append(f":gray[{plain(why)}]")
    if lines:
        text = "  \n".join(lines)
        st.markdown(f":small[:gray[{_('Billing')}]]  \n{text}")


def _ending(row: ConnectionRow) -> str:
    if row.oauth:
        granted = oauth.granted(frame.store(), row)
        if not granted:
            return _("authorized by sign-in")
        text = _("authorized by sign-in, also for {scopes}")
        return text.format(scopes=plain(", ".join(granted)))
    return _("ends in {ending}").format(ending=plain(row.secret_ending))


def _exports(found: Around) -> None:
    item, n = found.item, len(found.item.exports)
    with st.container(border=True, gap="small", key="used"):
        kit.section(many("Used by {n} export", "Used by {n} exports", n))
        if not n:
            st.markdown(f":gray[{_('No export uses it yet.')}]")
        for row in item.exports[:NAMED]:
            list_name = plain(row.list_name or row.list_id)
            with st.container(**kit.ROW, gap="small", key=f"used-{row.id}"):
                links.draw(links.export(row.id, row.name), f"used-{row.id}", 300, strong=True)
                st.markdown(f":small[:gray[{list_name}]]", width="content")
        if n > NAMED and (everyone := users(item)):
            text = many("All {n} exports", "All {n} exports", n)
            links.draw(Link(text, everyone.page, everyone.query), "used-all")
