-- text starts_with L%_\x'
SELECT
  "t1"."id",
  COALESCE(STARTS_WITH("t1"."segferry_own_compared 1", 'L%_\x'''), FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') END, NFC), '\u2026', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text ends_with V
SELECT
  "t1"."id",
  COALESCE(SUBSTR("t1"."segferry_own_compared 1", -LENGTH('V')) = 'V', FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') END, NFC), '\u2026', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text contains V
SELECT
  "t1"."id",
  COALESCE(STRPOS("t1"."segferry_own_compared 1", 'V') > 0, FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') END, NFC), '\u2026', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text is_one_of ['LV', 'Rīga']
SELECT
  "t1"."id",
  COALESCE(
    IF(
      "t1"."segferry_own_compared 1" IS NULL,
      NULL,
      "t1"."segferry_own_compared 1" IN ('LV', 'R\u012bga')
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') END, NFC), '\u2026', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text matches ^(a|b)+\.\d?$
SELECT
  "t1"."id",
  COALESCE(
    REGEXP_LIKE("t1"."segferry_own_compared 1", '\u2026'),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '\u2026') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') END, NFC), '\u2026', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- tags contains a
SELECT
  "t1"."id",
  COALESCE(
    IF(
      "t1"."segferry_own_compared 1" IS NOT NULL,
      COALESCE(CONTAINS("t1"."segferry_own_compared 1", 'a'), FALSE),
      NULL
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    TRANSFORM("t0"."tags", segferry_item -> CASE WHEN REGEXP_LIKE(segferry_item, '\u2026') THEN segferry_item ELSE NORMALIZE(CASE WHEN REGEXP_LIKE(segferry_item, '\u2026') THEN REGEXP_REPLACE(REGEXP_REPLACE(segferry_item, '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(segferry_item, '[\x{a0}\x{2007}\x{202f}]', ' '), '\u2026', '') END, NFC) END) AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- whole more_than 1.5
SELECT
  "t1"."id",
  COALESCE("t1"."segferry_own_compared 1" > 1, FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."whole" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- whole less_than 100000000000000000000
SELECT
  "t1"."id",
  COALESCE("t1"."segferry_own_compared 1" < 100000000000000000000, FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."whole" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- floating at_least 0.1
SELECT
  "t1"."id",
  COALESCE("t1"."segferry_own_compared 1" >= CAST(0.1 AS DOUBLE), FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN NOT IS_NAN("t0"."floating") THEN "t0"."floating" END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- short equals 0.1
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE("t1"."segferry_own_compared 1" = CAST(0.1 AS DOUBLE), FALSE),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    CASE WHEN NOT IS_NAN("t0"."short") THEN CAST(CAST("t0"."short" AS VARCHAR) AS DOUBLE) END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- exact is_one_of [0.1, 3]
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      IF(
        "t1"."segferry_own_compared 1" IS NULL,
        NULL,
        "t1"."segferry_own_compared 1" IN (0.1, 3)
      ),
      FALSE
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."exact" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- flag is_false None
SELECT
  "t1"."id",
  COALESCE(NOT (
    "t1"."segferry_own_compared 1"
  ), FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."flag" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- day between ['2026-01-01', '2026-03-29']
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        "t1"."segferry_own_compared 1" >= FROM_ISO8601_DATE('2026-01-01')
      )
      AND (
        "t1"."segferry_own_compared 1" < FROM_ISO8601_DATE('2026-03-30')
      ),
      FALSE
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."day" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- told on 2026-03-29
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        "t1"."segferry_own_compared 1" >= TIMESTAMP '2026-03-29 00:00:00'
      )
      AND (
        "t1"."segferry_own_compared 1" < TIMESTAMP '2026-03-30 00:00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."told" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- real in_last_days 90
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        "t1"."segferry_own_compared 1" >= TIMESTAMP '2025-12-28 22:00:00 UTC'
      )
      AND (
        "t1"."segferry_own_compared 1" < TIMESTAMP '2026-03-29 21:00:00 UTC'
      ),
      FALSE
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."real" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- real is_empty None
SELECT
  "t1"."id",
  NOT (
    COALESCE(NOT (
      "t1"."segferry_own_compared 1" IS NULL
    ), FALSE)
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."text",
    "t0"."whole",
    "t0"."floating",
    "t0"."short",
    "t0"."exact",
    "t0"."flag",
    "t0"."day",
    "t0"."told",
    "t0"."real",
    "t0"."tags",
    "t0"."sizes",
    "t0"."real" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"
