"""Databases that no test asks: the SQL that they get."""

import pytest

from tests.contracts.rules.statements import ENGINES, file_of, statements, text_of


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sql_of_a_database_is_as_it_was(engine):
    import sqlglot  # here: each process of tests imports this module

    for sql in statements(engine):
        sqlglot.parse_one(sql, dialect=engine)
    anew = "look at what differs, then `python -m tests.contracts.rules.statements`"
    assert text_of(engine) == file_of(engine).read_text(), anew
