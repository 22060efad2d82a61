"""What a database can't keep of a rule's meaning is refused where the rule is checked."""

from pathlib import Path

import pytest

from core.errors import Invalid
from core.profiles.segments.checks import check
from core.profiles.segments.rules import Group
from core.profiles.sources import EngineSchema, Kind, engine_of
from core.profiles.sources.databases.engines import ENGINES
from core.profiles.sources.databases.words import WORDS

KINDS = {"city": Kind.text, "tags": Kind.list, "spend": Kind.number}


def checked(engine, field, op, value=None):
    rule = {"field": field, "op": op, "value": value}
    check(Group.model_validate({"all": [rule]}), EngineSchema(KINDS, engine), "The segment “Riga”")


@pytest.mark.parametrize("engine", WORDS)
@pytest.mark.parametrize("pattern", [r"\bRiga", "(?m)^a", "a{256}"])
def test_a_pattern_that_a_database_has_no_words_for_is_refused_with_its_name(engine, pattern):
    with pytest.raises(Invalid, match="^The segment “Riga”: .*" + ENGINES[engine].title) as refused:
        checked(engine, "city", "matches", pattern)
    assert refused.value.field == "city"
    rule = {"field": "city", "op": "matches", "value": pattern}
    check(Group.model_validate({"all": [rule]}), KINDS, "")


def test_a_schema_says_by_which_engine_its_rows_are_compared():
    assert engine_of(KINDS) == "polars"
    assert engine_of(EngineSchema(KINDS, "duckdb")) == "duckdb"
    assert EngineSchema(KINDS, "duckdb") == KINDS


def test_each_database_has_words_for_rules_and_a_row_in_the_documentation():
    page = (Path(__file__).parents[3] / "docs/rules.md").read_text()
    assert WORDS.keys() == ENGINES.keys()
    rows = "".join(line for line in page.splitlines() if line.startswith("|"))
    assert not [one.title for one in ENGINES.values() if one.title not in rows]
