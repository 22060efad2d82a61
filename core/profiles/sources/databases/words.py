"""How each engine writes what rules ask, so that it means the same in all of them.

A template has {0}, {1} … for what is asked about. What an engine does as rules mean it anyway needs
none: its values then stand as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.profiles.patterns import PCRE, PLAIN, POSTGRESQL, PYTHON, RE2, Dialect


@dataclass(frozen=True, slots=True)
class Words:
    """What is written for a question; `own` is whether functions of ours answer it, as in SQLite.

    `text` is a text that is compared character by character, `written` the same without cleaning,
    where that is another, `composed` one with its letters composed (NFC). Of numbers, days and
    moments it is what is left of a value: null where the engine holds something that is none.
    """

    patterns: Dialect
    text: str = "{0}"
    written: str = ""
    composed: str = "{0}"
    broken: str = ""  # in place of a text that isn't composed and can't be: fails the statement
    found: str = ""  # a regular expression, {1}
    replaced: str = ""  # all that it finds by {2}
    holds: str = "STRPOS({0}, {1}) > 0"
    starts: str = "STARTS_WITH({0}, {1})"
    ends: str = "RIGHT({0}, LENGTH({1})) = {1}"
    each: str = ""  # item of a list, {1} of it
    item: str = "segferry_item"
    whole: str = "{0}"
    floating: str = "{0}"
    short: str = "CAST({0} AS DOUBLE)"  # of 32 bits, as it is written: 0.1 is 0.1
    exact: str = "{0}"
    flag: str = "{0}"
    day: str = "{0}"
    moment: str = "{0}"
    share: str = "LEFT(MD5(CONCAT({1}, {0})), 8)"  # of a text, {1} before it
    address: str = ""  # of a text without white space around it and in lower case, see `prepared`
    at: str = "TIMESTAMP {0}"
    at_zoned: str = "TIMESTAMP {0}"
    zero: str = "+00:00"  # how UTC is written after a moment
    number: str = "{0}"
    sent_short: str = ""  # how a number of 32 bits travels, where its text has too few digits
    sent_exact: str = ""  # how a decimal number travels, where not as its text
    own: bool = False


ANY_NUMBER = "CASE WHEN TYPEOF({0}) IN ('integer', 'real') THEN CAST({0} AS REAL) END"
MARIADB = Words(
    PCRE,
    text="CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin",
    broken="CONVERT(EXP(1000 + LENGTH({0})) USING utf8mb4)",
    found="{0} REGEXP {1}",
    replaced="REGEXP_REPLACE({0}, {1}, {2})",
    holds="LOCATE({1}, {0}) > 0",
    starts="LEFT({0}, CHAR_LENGTH({1})) = {1}",
    ends="RIGHT({0}, CHAR_LENGTH({1})) = {1}",
    # It writes six digits: with more than these a number is the one that it really is.
    short=(
        "CASE WHEN CAST(CAST({0} AS CHAR) AS FLOAT) = {0} THEN CAST(CAST({0} AS CHAR) AS DOUBLE)"
        " ELSE CAST({0} AS DOUBLE) END"
    ),
    sent_short="CAST({0} AS DOUBLE)",
    flag="CASE {0} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END",
    day="CASE WHEN DAYOFMONTH({0}) > 0 AND MONTH({0}) > 0 THEN {0} END",
    moment="CASE WHEN DAYOFMONTH({0}) > 0 AND MONTH({0}) > 0 THEN {0} END",
    zero="",
)
DATABRICKS = Words(
    PCRE,
    text="{0} COLLATE UTF8_BINARY",
    broken="CAST(RAISE_ERROR('letters that are not composed') AS STRING)",
    found="{0} RLIKE {1}",
    replaced="REGEXP_REPLACE({0}, {1}, {2})",
    holds="CONTAINS({0}, {1})",
    starts="STARTSWITH({0}, {1})",
    ends="ENDSWITH({0}, {1})",
    each="TRANSFORM({0}, segferry_item -> {1})",
    floating="NULLIF({0}, DOUBLE('NaN'))",
    short="NULLIF(CAST(CAST({0} AS STRING) AS DOUBLE), DOUBLE('NaN'))",
    at="TIMESTAMP_NTZ {0}",
)
WORDS: Mapping[str, Words] = {
    "postgresql": Words(
        POSTGRESQL,
        text='CAST({0} AS TEXT) COLLATE "C"',
        composed="NORMALIZE({0})",
        found="{0} ~ {1}",
        replaced="REGEXP_REPLACE({0}, {1}, {2}, 'g')",
        each="ARRAY(SELECT {1} FROM UNNEST({0}) AS segferry_items(segferry_item))",
        floating="NULLIF({0}, 'NaN')",
        short="NULLIF(CAST(CAST({0} AS TEXT) AS DOUBLE PRECISION), 'NaN')",
        exact="NULLIF({0}, 'NaN')",
        share="LEFT(MD5(CONVERT_TO({1} || {0}, 'UTF8')), 8) COLLATE \"C\"",
        at_zoned="TIMESTAMPTZ {0}",
    ),
    "duckdb": Words(
        RE2,
        composed="NFC_NORMALIZE({0})",
        found="REGEXP_MATCHES({0}, {1})",
        replaced="REGEXP_REPLACE({0}, {1}, {2}, 'g')",
        holds="CONTAINS({0}, {1})",
        ends="SUFFIX({0}, {1})",
        each="LIST_TRANSFORM({0}, LAMBDA segferry_item: {1})",
        floating="CASE WHEN NOT ISNAN({0}) THEN {0} END",
        short="CASE WHEN NOT ISNAN({0}) THEN CAST(CAST({0} AS VARCHAR) AS DOUBLE) END",
        sent_exact="CAST({0} AS VARCHAR)",
        share="LEFT(MD5({1} || {0}), 8)",
        at_zoned="TIMESTAMPTZ {0}",
    ),
    "bigquery": Words(
        RE2,
        text="COLLATE({0}, '')",
        composed="NORMALIZE({0}, NFC)",
        found="REGEXP_CONTAINS({0}, {1})",
        replaced="REGEXP_REPLACE({0}, {1}, {2})",
        ends="ENDS_WITH({0}, {1})",
        each="ARRAY(SELECT {1} FROM UNNEST({0}) AS segferry_item)",
        floating="CASE WHEN NOT IS_NAN({0}) THEN {0} END",
        share="LEFT(TO_HEX(MD5(CONCAT({1}, {0}))), 8)",
        at="DATETIME {0}",
        number="CAST('{0}' AS BIGNUMERIC)",
    ),
    "spark": DATABRICKS,
    "databricks": DATABRICKS,
    "snowflake": Words(
        PLAIN,
        text="COLLATE({0}, '')",
        broken="TO_VARCHAR(TO_NUMBER('letters that are not composed' || LEFT({0}, 0)))",
        found="REGEXP_INSTR({0}, {1}) > 0",
        replaced="REGEXP_REPLACE({0}, {1}, {2})",
        holds="CONTAINS({0}, {1})",
        starts="STARTSWITH({0}, {1})",
        ends="ENDSWITH({0}, {1})",
        floating="NULLIF({0}, 'NaN'::FLOAT)",
        at="{0}::TIMESTAMP_NTZ",
        at_zoned="{0}::TIMESTAMP_TZ",
    ),
    "trino": Words(
        PCRE,
        composed="NORMALIZE({0}, NFC)",
        found="REGEXP_LIKE({0}, {1})",
        replaced="REGEXP_REPLACE({0}, {1}, {2})",
        ends="SUBSTR({0}, -LENGTH({1})) = {1}",
        each="TRANSFORM({0}, segferry_item -> {1})",
        floating="CASE WHEN NOT IS_NAN({0}) THEN {0} END",
        short="CASE WHEN NOT IS_NAN({0}) THEN CAST(CAST({0} AS VARCHAR) AS DOUBLE) END",
        share="LOWER(SUBSTR(TO_HEX(MD5(TO_UTF8(CONCAT({1}, {0})))), 1, 8))",
        zero=" UTC",
    ),
    "mariadb": MARIADB,
    "mysql": replace(
        MARIADB,
        text="CONVERT({0} USING utf8mb4) COLLATE utf8mb4_0900_bin",
        found="REGEXP_LIKE({0}, {1}, 'c')",
    ),
    "sqlite": Words(
        PYTHON,
        own=True,
        # Of nearly all values SQLite itself can tell that ours would leave them as they are.
        text=(
            "CASE WHEN {0} = '' THEN NULL WHEN TYPEOF({0}) = 'text'"
            " AND LENGTH({0}) = LENGTH(CAST({0} AS BLOB))"
            " AND {0} GLOB '[!-~]*' AND {0} NOT GLOB '*[^ -~]*' THEN {0}"
            " ELSE SEGFERRY_TEXT({0}) END"
        ),
        written="CASE WHEN TYPEOF({0}) = 'text' THEN {0} END",
        holds="INSTR({0}, {1}) > 0",
        starts="SUBSTR({0}, 1, LENGTH({1})) = {1}",
        ends="SUBSTR({0}, -LENGTH({1})) = {1}",
        whole="CASE TYPEOF({0}) WHEN 'integer' THEN {0} END",
        floating=ANY_NUMBER,
        short=ANY_NUMBER,
        exact=ANY_NUMBER,
        flag="CASE {0} WHEN 1 THEN 1 WHEN 0 THEN 0 END",
        day="CASE WHEN {0} = DATE({0}) THEN {0} ELSE SEGFERRY_DAY({0}) END",
        moment="CASE WHEN {0} = DATETIME({0}) THEN {0} ELSE SEGFERRY_MOMENT({0}) END",
        share="SEGFERRY_SHARE({0}, {1})",
        address="SEGFERRY_ADDRESS({0})",
        at="{0}",
        at_zoned="{0}",
        zero="",
    ),
}
