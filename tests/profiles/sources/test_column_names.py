"""Names of columns, made from the cells of a header."""

from core.profiles.sources.column_names import names_of


def test_columns_without_a_name_or_with_the_same_get_names_of_their_own():
    names = ("city", "column 2", "city 2", "city 3", "a b", "__row__")
    assert names_of(["city", " ", "city", "city", "a\n b", "__row__"]) == names
