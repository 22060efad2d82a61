-- text starts_with L%_\x'
SELECT
  "t1"."id",
  COALESCE(STARTSWITH("t1"."segferry_own_compared 1", 'L%_\\x\''), FALSE) AS "m0"
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
    CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '^[\\!-\\~]([ -\\~])*$') > 0 THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 AND REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 THEN TO_VARCHAR(TO_NUMBER('\u2026' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text ends_with V
SELECT
  "t1"."id",
  COALESCE(ENDSWITH("t1"."segferry_own_compared 1", 'V'), FALSE) AS "m0"
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
    CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '^[\\!-\\~]([ -\\~])*$') > 0 THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 AND REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 THEN TO_VARCHAR(TO_NUMBER('\u2026' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text contains V
SELECT
  "t1"."id",
  COALESCE(CONTAINS("t1"."segferry_own_compared 1", 'V'), FALSE) AS "m0"
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
    CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '^[\\!-\\~]([ -\\~])*$') > 0 THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 AND REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 THEN TO_VARCHAR(TO_NUMBER('\u2026' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text is_one_of ['LV', 'Rīga']
SELECT
  "t1"."id",
  COALESCE(
    IFF(
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
    CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '^[\\!-\\~]([ -\\~])*$') > 0 THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 AND REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 THEN TO_VARCHAR(TO_NUMBER('\u2026' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- text matches ^(a|b)+\.\d?$
SELECT
  "t1"."id",
  COALESCE(
    REGEXP_INSTR("t1"."segferry_own_compared 1", '\u2026') > 0,
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
    CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '^[\\!-\\~]([ -\\~])*$') > 0 THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 AND REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, '\u2026') > 0 THEN TO_VARCHAR(TO_NUMBER('\u2026' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '\u2026', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
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
  COALESCE("t1"."segferry_own_compared 1" >= 0.1, FALSE) AS "m0"
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
    NULLIF("t0"."floating", 'NaN'::FLOAT) AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- short equals 0.1
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE) OR COALESCE("t1"."segferry_own_compared 1" = 0.1, FALSE),
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
    CAST("t0"."short" AS DOUBLE) AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

-- exact is_one_of [0.1, 3]
SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      IFF(
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
        "t1"."segferry_own_compared 1" >= DATE_FROM_PARTS(2026, 1, 1)
      )
      AND (
        "t1"."segferry_own_compared 1" < DATE_FROM_PARTS(2026, 3, 30)
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
        "t1"."segferry_own_compared 1" >= '2026-03-29 00:00:00'::TIMESTAMP_NTZ
      )
      AND (
        "t1"."segferry_own_compared 1" < '2026-03-30 00:00:00'::TIMESTAMP_NTZ
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
        "t1"."segferry_own_compared 1" >= '2025-12-28 22:00:00+00:00'::TIMESTAMP_TZ
      )
      AND (
        "t1"."segferry_own_compared 1" < '2026-03-29 21:00:00+00:00'::TIMESTAMP_TZ
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
