"""A rule means the same in every engine: each agrees, row by row, with what docs/rules.md says."""

import pymysql
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.profiles.segments.sql.reading import read
from core.profiles.sources.databases import failures
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.engines import ENGINES as READ
from tests.contracts.rules import oracle
from tests.contracts.rules.conditions import conditions
from tests.contracts.rules.engines import ENGINES, NIGHTLY
from tests.contracts.rules.people import TODAY, ZONE
from tests.contracts.rules.tops import members, tops
from tests.contracts.rules.trees import trees

AT_ONCE = 40  # rules of one query
TOPS_AT_ONCE = 5
EXAMPLES = 50 if NIGHTLY else 3


def explored(examples: int) -> settings:
    """So many examples: the same ones each time, but for the nightly run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=not NIGHTLY,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    made = ENGINES[request.param](request)
    yield made
    made.close()


@explored(EXAMPLES)
@given(data=st.data())
def test_every_engine_agrees_with_what_is_said_of_rules(engine, data):
    asked = data.draw(st.lists(trees(engine.fields), min_size=AT_ONCE, max_size=AT_ONCE))
    for tree, found in zip(asked, engine.answers(asked), strict=True):
        wanted = [oracle.is_in(tree, row, TODAY, ZONE) for row in engine.people]
        assert found == wanted, differing(tree, engine.people, found, wanted)


@explored(EXAMPLES - 1)
@given(data=st.data())
def test_a_condition_in_sql_means_the_same_in_every_engine(engine, data):
    several = st.lists(
        conditions(), min_size=AT_ONCE, max_size=AT_ONCE, unique_by=lambda pair: pair[0]
    )
    asked = data.draw(several)
    trees = [read(text).rules.as_data() for text, _is_in in asked]
    for (text, is_in), tree, found in zip(asked, trees, engine.answers(trees), strict=True):
        wanted = [is_in(row) for row in engine.people]
        assert found == wanted, f"{text}: {differing(tree, engine.people, found, wanted)}"


@explored(EXAMPLES - 1)
@given(data=st.data())
def test_the_first_of_a_group_are_the_same_people_in_every_engine(engine, data):
    asked = data.draw(st.lists(tops(engine.fields), min_size=TOPS_AT_ONCE, max_size=TOPS_AT_ONCE))
    for tree, found in zip(asked, engine.answers(asked), strict=True):
        assert found == members(tree, engine.people), tree


def differing(tree, people, found, wanted):
    rows = [row for row, a, b in zip(people, found, wanted, strict=True) if a != b]
    fields = {rule["field"] for rule in leaves(tree)}
    return f"{tree}: {[{field: row[field] for field in fields} for row in rows]}"


def leaves(tree):
    [(_kind, items)] = tree.items()
    for one in items:
        if "op" in one:
            yield one
        else:
            yield from leaves(one)


def test_what_means_something_elsewhere_stands_for_itself(engine):
    signs = [*"\n\t'\"\\%_`;?", "{0}", "$a", "--", "::", "/*", ":a"]
    asked = [
        {"all": [{"field": "text", "op": op, "value": value}]}
        for sign in signs
        for value in (sign, f"LV{sign}", f"a{sign}c")
        for op in ("contains", "starts_with", "ends_with", "equals", "not_equals")
        if value.strip() or "equals" not in op
    ]
    for tree, found in zip(asked, engine.answers(asked), strict=True):
        assert found == [oracle.is_in(tree, row, TODAY, ZONE) for row in engine.people], tree


@pytest.mark.parametrize("engine", ["mariadb"], indirect=True)
def test_what_can_not_be_composed_fails_with_a_sentence_and_is_never_counted_wrongly(engine):
    asked = [{"all": [{"field": "text", "op": "equals", "value": "Rīga"}]}]
    with engine.connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("insert into people (id, text) values (-1, %s)", ("Ri\u0304ga",))
        with pytest.raises(pymysql.Error) as failed:
            engine.answers(asked)
        cursor.execute("rollback")
    address = Address(READ["duckdb"], host="db")
    assert "letters that aren't composed" in failures.sentence(failed.value, address, 1)
    assert len(engine.answers(asked)) == 1
