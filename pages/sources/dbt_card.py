"""A source's model as its dbt project describes it: tests, freshness, and when dbt said so."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import Person
from core.audience.dbt_models import Described, described
from core.errors import SegferryError
from core.profiles.sources.dbt.standing import BAD, CheckedTest, Outcome, Standing, Upstream
from core.runs import dbt_words
from core.runs.dbt_words import FRESH, WORDS
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import plain, when, zone

SHOWN = 25  # lines of a table; the worst come first
COLORS = {Outcome.passed: "green", Outcome.failed: "red", Outcome.error: "red"}
WORST = (*BAD, Outcome.warned, Outcome.skipped, Outcome.unknown, Outcome.passed)


def show(person: Person, row: SourceRow) -> Described | None:
    """The card; nothing for a source that is no model."""
    if sources.spec(row).dbt is None:
        return None
    with st.container(border=True, gap="small", key="dbt"):
        try:
            found = described(frame.store(), person, row)
        except SegferryError as error:
            kit.section(_("dbt model"))
            frame.fail(error)
            return None
        if found:
            _draw(found, row, str(zone()))  # its sentences are of core, and take a name
    return found


def _draw(found: Described, row: SourceRow, zone_name: str) -> None:
    model, standing = found.model, found.standing
    kit.section(_("dbt model"), plain(dbt_words.results(standing, zone_name)))
    if model.description:
        st.markdown(plain(model.description))
    facts = {
        _("Read from"): plain(model.relation),
        _("Owner"): plain(model.owner or "—"),
        _("Tags"): plain(", ".join(model.tags) or "—"),
        _("Parsed"): when(standing.parsed_at),
    }
    with st.grid(4, min_column_width=180, gap="small", key="dbt-facts"):
        for label, text in facts.items():
            st.markdown(f":small[:gray[{label}]]  \n{text}")
    if problems := dbt_words.problems(standing, zone_name):
        st.warning(plain(" ".join(problems)), icon=":material/front_hand:")
    known = sources.freshness(row)
    newer = dbt_words.newer_than_tests(standing, known.at if known else None, zone_name)
    for said in filter(None, [*dbt_words.warnings(standing, zone_name), newer]):
        st.markdown(f":small[:orange[:material/warning: {plain(said)}]]")
    _tables(standing)


def _tables(standing: Standing) -> None:
    if tests := sorted(standing.tests, key=lambda one: WORST.index(one.outcome)):
        heads = [_("Test"), _("Result"), _("Rows"), _("Field")]
        alt = _("The tests of the model and their results")
        _table(heads, [_of_test(one) for one in tests], alt)
    if upstream := sorted(standing.upstream, key=lambda one: WORST.index(one.outcome)):
        heads = [_("Made of"), _("Fresh"), _("Data up to"), _("Checked")]
        alt = _("The sources that the model is made of, and how fresh they are")
        _table(heads, [_of_upstream(one) for one in upstream], alt)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], alt: str) -> None:
    kit.table(heads, rows[:SHOWN], alt)
    if (more := len(rows) - SHOWN) > 0:
        st.markdown(f":small[:gray[{many('{n} more', '{n} more', more)}]]")


def _of_test(one: CheckedTest) -> list[str]:
    rows = f"{one.rows:,}" if one.rows else "—"
    return [plain(one.name), _outcome(one.outcome, WORDS), rows, plain(one.column or "—")]


def _of_upstream(one: Upstream) -> list[str]:
    return [plain(one.name), _outcome(one.outcome, FRESH), when(one.newest), when(one.at)]


def _outcome(outcome: Outcome, words: Mapping[Outcome, str]) -> str:
    return f":{COLORS.get(outcome, 'orange')}[{plain(words[outcome])}]"
