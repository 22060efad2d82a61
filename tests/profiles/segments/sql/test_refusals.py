"""Nothing else than comparisons of columns with values is understood, however it is written."""

import logging
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from core.profiles.segments.sql.reading import read

REFUSED = {
    # other statements, and more than one
    "select 1": "1:1: “select” isn't expected",
    "total = 1; drop table people": "1:10: A condition is one expression",
    "total = 1;": "1:10: A condition is one expression",
    "drop table people": "1:1: “drop”",
    "set total = 1": "“total” isn't expected",
    "call f()": "isn't expected",
    "copy people from '/etc/passwd'": "isn't expected",
    "attach 'x.db'": "isn't expected",
    "load 'x'": "isn't expected",
    "pragma table_info": "isn't expected",
    "grant a to b": "isn't expected",
    "insert into a values (1)": "isn't expected",
    "update people set total = 1": "isn't expected",
    "delete from people": "isn't expected",
    "with a as (select 1) select 1": "isn't expected",
    "values (1)": "isn't expected",
    "table people": "isn't expected",
    "explain total = 1": "isn't expected",
    # more than an expression
    "total = 1 union select 1": "1:11: “union”",
    "total = 1 order by total": "“order by”",
    "total = 1 limit 1": "“limit”",
    "total = 1 for update": "“for”",
    "total = 1 as x": "“as”",
    "total = 1, name = 'a'": "1:10: “,”",
    "total = 1 name": "1:11: “name”",
    "total = 1 where name = 'a'": "“where”",
    "total = 1)": "1:10: “)”",
    "(total = 1": "Something is missing at “1”",
    "total = 1 and": "1:11: Something is missing at “and”",
    "total =": "Something is missing",
    "and total = 1": "Something is missing",
    "": "Write a condition",
    "  \n": "Write a condition",
    "-- only a remark": "Write a condition",
    # subqueries
    "total = (select 1)": "1:10: “select”",
    "total in (select 1 from people)": "select",
    "exists (select 1)": "exists",
    "total = any(select 1)": "select",
    "total > all(select 1)": "ALL (SELECT 1)",
    "total = (table people)": "select",
    "total = (values (1))": "can't be used",
    "(select true)": "select",
    # columns beside columns, and of tables
    "total = other": "1:9: “other” can't be used here. A column can't be compared",
    'name = "LV"': "A text is in single quotes",
    "total in (other)": "A column can't be compared",
    "total between other and 1": "A column can't be compared",
    "people.total = 1": "1:1: Columns stand alone here",
    "a.b.c.total = 1": "Columns stand alone here",
    "people.* = 1": "Columns stand alone here",
    "*": "can't be used",
    "(total, name) = (1, 'a')": "can't be used",
    "people.total(1) = 2": "can't be used",
    # functions
    "pg_sleep(10)": "1:1: “pg_sleep(…)” can't be used",
    "total = pg_sleep(10)": "pg_sleep",
    "lower(name) = 'a'": "1:1: “lower(…)” can't be used here. Rules tell capitals",
    "upper(name) = 'A'": "ilike",
    "trim(name) = 'a'": "Blanks at either end",
    "length(name) > 3": "1:1: “length(…)”",
    "coalesce(total, 0) < 1": "total is null",
    "nullif(total, 0) < 1": "nullif",
    "greatest(total, 0) < 1": "greatest",
    "concat(name, 'a') = 'b'": "concat",
    "substring(name from 1 for 2) = 'a'": "substring",
    "position('a' in name) > 0": "like '%text%'",
    "extract(year from day) = 2026": "between date '2026-01-01'",
    "date_trunc('month', day) = date '2026-01-01'": "can't be used",
    "count(*) > 1": "count",
    "sum(total) over () > 1": "can't be used",
    "row_number() over (order by total) = 1": "can't be used",
    "array_length(tags, 1) > 0": "can't be used",
    "current_setting('a') = 'b'": "current_setting",
    "version() = 'a'": "can't be used",
    "current_user = 'a'": "can't be used",
    "session_user = name": "can't be used",
    "query_to_xml('select 1', true, true, '') is null": "can't be used",
    "lo_import('/etc/passwd') = 1": "lo_import",
    "read_csv('/etc/passwd') = 1": "can't be used",
    "load_extension('x')": "load_extension",
    "pg_catalog.pg_sleep(1)": "can't be used",
    "in_share(name, 10)": "in_share",
    "in_share(name, 0, 'a')": "a share is {percent: 10, seed: spring}",
    "in_share(name, 10, 'a''b')": "a share is",
    "in_share(name, '10', 'a')": "a share is",
    "in_share(name, true, 'a')": "a share is",
    "regexp_like(name, 'a', 'i')": "(?i)",
    "contains(name)": "missing",
    "contains(name, other)": "A column can't be compared",
    "contains(name, 1)": "Write a text in single quotes",
    "if(a, b, c)": "if(…)",
    "abs(total) > 1": "between -10 and 10",
    "round(total) > 1": "can't be used",
    # computing, casts, and what only some databases have
    "total + 1 > 2": "1:1: “total + 1” can't be used",
    "total - 1 > 2": "can't be used",
    "total * 2 > 2": "can't be used",
    "total / 0 > 2": "can't be used",
    "total % 2 = 0": "can't be used",
    "total ^ 2 = 1": "can't be used",
    "-total > 1": "can't be used",
    "total = -(-1)": "can't be used",
    "name || 'a' = 'b'": "can't be used",
    "name like 'a' || 'b'": "can't be used",
    "name::int = 1": "cast(…)",
    "cast(name as int) = 1": "cast(…)",
    "name = 'a'::text": "cast(…)",
    "total = 'nan'::float": "cast(…)",
    "name collate nocase = 'a'": "collation",
    "name = 'a' collate \"C\"": "collation",
    "case when a then b end": "1:1: “case”",
    "tags[1] = 'a'": "Only round brackets",
    "name -> 'a' = 'b'": "can't be used",
    "name ->> 'a' = 'b'": "can't be used",
    "tags @> array['a']": "Only round brackets",
    "tags && tags": "can't be used",
    "total = any(array[1, 2])": "Only round brackets",
    "name like any (array['a'])": "Only round brackets",
    "'a' <> any(tags)": "Write 'text' = any(column)",
    "1 = any(tags)": "Write a text in single quotes",
    "a operator(pg_catalog.=) b": "can't be used",
    "name similar to 'a'": "regular expression",
    "name glob 'a*'": "like 'LV%'",
    "a # b": "can't be used",
    "a = b = c": "can't be used",
    "(name = 'a') is true": "can't be used",
    "(name = 'a') = true": "can't be used",
    "(a = 1) = (b = 2)": "can't be used",
    "day at time zone 'utc' = date '2026-01-01'": "can't be used",
    "a xor b": "“xor”",
    # values
    "1 = 1": "can't be used",
    "true": "1:1: “true” or “false” alone",
    "not false": "alone",
    "null": "Nothing equals null",
    "'a'": "A value alone",
    "name = null": "1:1: “null” can't be used here. Nothing equals null",
    "name in ('a', null)": "Nothing equals null",
    "name in ()": "is empty",
    "name = ''": "A blank text counts as empty",
    "name in ('a', ' ')": "A blank text counts as empty",
    "name like ''": "An empty pattern",
    "name > 'a'": "Texts have no order",
    "name between 'a' and 'b'": "Texts have no order",
    "total between 1 and date '2026-01-01'": "two numbers, or two days",
    "active > true": "column is false",
    "name is 'a'": "After “is” stands",
    "name is not other": "After “is” stands",
    "total between symmetric 2 and 1": "can't be used",
    r"name like 'a\b'": "stands before “%”, “_” or itself",
    r"name like 'a\'": "stands before",
    "name like '%a%b%c%d%e%'": "at most 3 “%”",
    "name like 'a' escape ''": "After “escape”",
    "name like 'a' escape 'ab'": "After “escape”",
    "name like 'a' escape '%'": "After “escape”",
    "name ilike other": "A column can't be compared",
    "total = 0.1234567890123456789": "kept exactly",
    "total = 12345678901234567.5": "kept exactly",
    "total = 1e400": "kept exactly",
    "total = 1e99999": "isn't a number",
    f"total = {'9' * 301}": "kept exactly",
    "total = 1e": "isn't a number",
    "total = 1.2.3": "can't be used",
    "total = 1_000": "“_000”",
    "total = 1a": "“a”",
    "total = 0x1f": "1:9: Write a text",
    "total = inf": "A column can't be compared",
    # days
    "day > now()": "Rules compare whole days",
    "day > current_timestamp": "Rules compare whole days",
    "day > localtimestamp": "Rules compare whole days",
    "day > timestamp '2026-01-01 10:00'": "cast(…)",
    "day = date '2026-13-01'": "Write a day as date",
    "day = date '20260101'": "Write a day as date",
    "day = date 'today'": "Write a day as date",
    "day = date('2026-01-01')": "Rules compare whole days",
    "day > current_date + 1": "Days are counted back from today only",
    "day > current_date + interval '1 day'": "Days are counted back from today only",
    "day > current_date - interval '1 month'": "Count back in days or weeks",
    "day > current_date - interval '-1 days'": "Count back in days or weeks",
    "day > current_date - interval '1.5 days'": "interval",
    "day > current_date - interval '1 day 2 hours'": "Count back in days or weeks",
    "day > current_date - 36501": "Count back at most 36,500 days",
    "day > current_date - total": "Count back in days or weeks",
    "day > current_date - 1 - 1": "can't be used",
    "day > date '2026-01-01' - 1": "can't be used",
    "day in (current_date)": "joined by or",
    "day > interval '1 day'": "current_date - interval",
    "date_sub(day, interval 1 day) = current_date": "current_date - interval",
    # ways to write a text, parameters, and what can't be seen
    "name = e'a\\n'": "1:8: Write a text in plain single quotes",
    "name = u&'\\0041'": "plain single quotes",
    "name = n'a'": "plain single quotes",
    "name = x'41'": "plain single quotes",
    "name = b'1'": "plain single quotes",
    "name = $$a$$": "plain single quotes",
    "name = $x$a$x$": "plain single quotes",
    "name = 'a' 'b'": "Write a text as one",
    "name = 'a'\n'b'": "Write a text as one",
    "name = r'a'": "isn't expected",
    "name = $1": "1:8: Write the value itself",
    "name = ?": "1:8: Write the value itself",
    "name = :a": "1:8: Write the value itself",
    "name = @a": "Write the value itself",
    "name = %(a)s": "can't be used",
    "name = {{ a }}": "Only round brackets",
    "name = ${HOME}": "Write the value itself",
    "{fn now()} = day": "Only round brackets",
    "`name` = 'a'": "isn't expected",
    "[name] = 'a'": "Only round brackets",
    "name = 'a": "isn't closed",
    '"name = 1': "isn't closed",
    "total = 1 /* a": "isn't closed",
    "name = 'a\u202eb'": "1:10: The character U+202E",
    "na\u0000me = 'a'": "U+0000",
    "total = 1 -- \u2066and": "U+2066",
}


@pytest.mark.parametrize("text", REFUSED)
def test_nothing_else_is_understood(text: str, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Invalid) as refused:
        read(text)
    assert REFUSED[text] in _short(str(refused.value))
    assert not caplog.records  # of sqlglot's, which would quote it


def _short(sentence: str) -> str:
    """With its place as 1:9."""
    return re.sub(r"^Line (\d+), column (\d+)", r"\1:\2", sentence)


WORDS = re.findall(
    r"\S+",
    """
    total name 'a' 1 -1 and or not ( ) [ ] { } , ; : :: = <> < >= is null true in between like
    ilike escape ~ any all select from where case when then end current_date - + * / % interval
    date '2026-01-01' '1day' cast as int exists array distinct $1 ? @ || -> " . f( -- /* */ e'x'
    $$ over within filter lateral unnest( map row( collate at time zone similar to
    """,
)


@settings(max_examples=150, deadline=2000)
@given(st.lists(st.sampled_from([*WORDS, "\n"]), max_size=25).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str):
    with suppress(Invalid):
        assert list(read(text).rules.rules())
