"""Names of columns, made from the cells of a header."""

from core.profiles.sources.column_names import names_of


def test_columns_without_a_name_or_with_the_same_get_names_of_their_own():
    names = ("city", "column 2", "city 2", "city 3", "a b", "__row__")
    assert names_of(["city", " ", "city", "city", "a\n b", "__row__"]) == names


def test_as_many_columns_of_one_name_as_a_broken_file_has_are_named_at_once():
    names = names_of(["city"] * 20_000 + ["city 7"] + ["city"])
    assert (names[19_999], names[20_000:]) == ("city 20000", ("city 7 2", "city 20001"))
