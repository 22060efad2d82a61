"""A condition in SQL becomes the rules that it means."""

from datetime import date

import pytest

from core.errors import Invalid
from core.profiles.segments.rules import Group
from core.profiles.segments.sql.days import ALWAYS
from core.profiles.segments.sql.reading import read
from core.profiles.segments.words import words


def rule(field: str, op: str, value: object = None) -> dict[str, object]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


LV = rule("country", "equals", "LV")
LARGE = rule("total", "more_than", 100)
ACTIVE = rule("active", "is_true")
TODAY = rule("day", "in_last_days", 0)
PAST = rule("day", "in_last_days", ALWAYS)
LATER = {"all": [rule("day", "is_not_empty"), rule("day", "not_in_last_days", ALWAYS)]}

JOINED = {
    "country = 'LV' and total > 100": {"all": [LV, LARGE]},
    "country = 'LV' or total > 100 and active": {"any": [LV, {"all": [LARGE, ACTIVE]}]},
    "(country = 'LV' or total > 100) and active": {"all": [{"any": [LV, LARGE]}, ACTIVE]},
    "not (country = 'LV' or total > 100)": {"none": [LV, LARGE]},
    "not (country = 'LV' and total > 100)": {"none": [{"all": [LV, LARGE]}]},
    "not country = 'LV' and active": {"all": [{"none": [LV]}, ACTIVE]},
    "not not active": {"none": [{"none": [ACTIVE]}]},
    "((active))": {"all": [ACTIVE]},
    "COUNTRY = 'LV' AND -- a remark\n  /* and one more */ Total > 100": {
        "all": [rule("COUNTRY", "equals", "LV"), rule("Total", "more_than", 100)]
    },
}
RULES = {
    "country = 'LV'": LV,
    "'LV' = country": LV,
    "country == 'LV'": LV,
    "country is not distinct from 'LV'": LV,
    "country <> 'LV'": rule("country", "not_equals", "LV"),
    "country != 'LV'": rule("country", "not_equals", "LV"),
    "country is distinct from 'LV'": rule("country", "not_equals", "LV"),
    "country = 'it''s'": rule("country", "equals", "it's"),
    "country = 'a\\b'": rule("country", "equals", "a\\b"),
    "country in ('LV', 'EE')": rule("country", "is_one_of", ["LV", "EE"]),
    "country not in ('LV')": rule("country", "is_none_of", ["LV"]),
    "country is null": rule("country", "is_empty"),
    "country is not null": rule("country", "is_not_empty"),
    "country isnull": rule("country", "is_empty"),
    "country notnull": rule("country", "is_not_empty"),
    "country like 'L%'": rule("country", "starts_with", "L"),
    "country like '%V'": rule("country", "ends_with", "V"),
    "country like '%V%'": rule("country", "contains", "V"),
    "country like '%%V%%'": rule("country", "contains", "V"),
    "country like 'LV'": LV,
    "country like '%'": rule("country", "is_not_empty"),
    r"country like '100\%%'": rule("country", "starts_with", "100%"),
    r"country like 'a\\%'": rule("country", "starts_with", "a\\"),
    "country like 'a!_%' escape '!'": rule("country", "starts_with", "a_"),
    "country like 'L_'": rule("country", "matches", "(?s)^L.$"),
    "country like '%a.%b%'": rule("country", "matches", r"(?s)a\..*b"),
    "country ilike 'lv%'": rule("country", "matches", "(?is)^lv"),
    "country ~ '^L'": rule("country", "matches", "^L"),
    "country ~* '^l'": rule("country", "matches", "(?i)^l"),
    "regexp_like(country, '^L')": rule("country", "matches", "^L"),
    "starts_with(country, 'L%')": rule("country", "starts_with", "L%"),
    "contains(tags, 'a')": rule("tags", "contains", "a"),
    "'a' = any(tags)": rule("tags", "contains", "a"),
    "in_share(email, 12.5, 'spring')": rule(
        "email", "in_share", {"percent": 12.5, "seed": "spring"}
    ),
    "active": ACTIVE,
    "active is true": ACTIVE,
    "active is false": rule("active", "is_false"),
    "active = false": rule("active", "equals", False),
    "total >= 1.5": rule("total", "at_least", 1.5),
    "total < -.5": rule("total", "less_than", -0.5),
    "1e3 >= total": rule("total", "at_most", 1000.0),
    "total = 123456789012345678901234567890": rule(
        "total", "equals", 123456789012345678901234567890
    ),
    "total between 1 and 10": rule("total", "between", [1, 10]),
    '"Total Spent" > 1': rule("Total Spent", "more_than", 1),
    '"a""b" = 1': rule('a"b', "equals", 1),
    "vārds = 'x'": rule("vārds", "equals", "x"),
    "day = date '2026-01-31'": rule("day", "on", "2026-01-31"),
    "day = '2026-01-31'": rule("day", "equals", "2026-01-31"),
    "day > '2026-01-31'::date": rule("day", "after", "2026-01-31"),
    "day < cast('2026-01-31' as date)": rule("day", "before", "2026-01-31"),
    "day >= date '2026-01-31'": rule("day", "after", "2026-01-30"),
    "day <= '2026-01-31'": rule("day", "before", "2026-02-01"),
    "day <= date '9999-12-31'": rule("day", "is_not_empty"),
    "day >= date '0001-01-01'": rule("day", "is_not_empty"),
    "day between '2026-01-01' and date '2026-12-31'": rule(
        "day", "between", ["2026-01-01", "2026-12-31"]
    ),
    "day = current_date": TODAY,
    "day <= current_date": PAST,
    "day between current_date - interval '90 days' and current_date": rule(
        "day", "in_last_days", 90
    ),
    "day not between current_date - 90 and current_date": rule("day", "not_in_last_days", 90),
    "day between current_date - interval '2 weeks' and current_date": rule(
        "day", "in_last_days", 14
    ),
}
GROUPS = {
    "country not like 'L%'": {"none": [rule("country", "starts_with", "L")]},
    "country !~ '^L'": {"none": [rule("country", "matches", "^L")]},
    "active is not true": {"none": [ACTIVE]},
    "not active": {"none": [ACTIVE]},
    "day > current_date": LATER,
    "day >= current_date - interval '90' day": {"any": [rule("day", "in_last_days", 90), LATER]},
    "day < current_date - interval 90 day": {"all": [PAST, rule("day", "not_in_last_days", 90)]},
    "day = current_date - 1": {
        "all": [rule("day", "in_last_days", 1), rule("day", "not_in_last_days", 0)]
    },
}
MEANT = JOINED | {text: {"all": [one]} for text, one in RULES.items()} | GROUPS


@pytest.mark.parametrize("text", MEANT)
def test_a_condition_means_these_rules(text: str):
    assert read(text).rules == Group.model_validate(MEANT[text])


def test_each_rule_knows_where_it_stands():
    found = read("country = 'LV'\n  and not (total > 1\n or day >= current_date)")
    assert [(one.rule.field, one.place.line, one.place.column) for one in found.placed] == [
        ("country", 1, 1),
        ("total", 2, 12),
        *[("day", 3, 5)] * 3,
    ]
    assert [one.rule for one in found.placed] == list(found.rules.rules())


def test_what_it_means_is_said_in_words_with_denials_in_sight():
    found = words(Group(sql="not active and country <> 'LV' and day <= current_date"))
    assert found == "not (active is true) and country is not LV and day is up to today"


def test_a_day_counts_back_from_any_day_of_the_calendar():
    assert date.fromordinal(date.max.toordinal() - ALWAYS) == date.min


@pytest.mark.parametrize(
    "text",
    ["(" * 21 + "active" + ")" * 21, "not " * 21 + "active", "not " * 2000 + "active", "(" * 5000],
)
def test_brackets_and_denials_within_each_other_have_an_end(text: str):
    with pytest.raises(Invalid, match="More than 20 brackets"):
        read(text)


def test_a_long_condition_is_read_and_a_longer_one_refused():
    long = " or ".join(f"total = {n}" for n in range(600))
    assert len(list(read(long).rules.rules())) == 600
    with pytest.raises(Invalid, match="longer than 10,000 characters"):
        read(long + " " * 10_000)
