SELECT
  "t2"."id",
  COALESCE(
    CASE
      WHEN (
        (
          "t2"."segferry_own_plain 1" >= 'L%_\\x\' '
        )
        AND (
          "t2"."segferry_own_plain 1" < 'L%_\\x\'~'
        )
      )
      OR (
        "t2"."segferry_own_plain 1" = 'L%_\\x\''
      )
      THEN TRUE
      ELSE CASE
        WHEN (
          "t2"."segferry_own_plain 1" < ' '
        )
        OR (
          "t2"."segferry_own_plain 1" >= '~'
        )
        OR (
          (
            "t2"."segferry_own_plain 1" >= 'L'
          )
          AND (
            "t2"."segferry_own_plain 1" < 'M'
          )
        )
        THEN STARTSWITH("t2"."segferry_own_compared 1", 'L%_\\x\'')
        ELSE FALSE
      END
    END,
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    COLLATE("t1"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE(ENDSWITH("t2"."segferry_own_compared 1", 'V'), FALSE) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    COLLATE("t1"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE(CONTAINS("t2"."segferry_own_compared 1", 'V'), FALSE) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    COLLATE("t1"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE("t2"."segferry_own_compared 1" IN ('LV', 'R\u012bga'), FALSE) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    COLLATE("t1"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE(
    REGEXP_INSTR("t2"."segferry_own_compared 1", '...') > 0,
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    COLLATE("t1"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t3"."id",
  COALESCE("t3"."segferry_own_share 1" < '1999999a', FALSE) AS "m0"
FROM (
  SELECT
    "t2"."id",
    "t2"."text",
    "t2"."segferry_own_compared 1",
    "t2"."segferry_own_share 1",
    COLLATE("t2"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t1"."id",
      "t1"."text",
      "t1"."segferry_own_compared 1",
      LEFT(MD5(CONCAT('spring/', "t1"."segferry_own_compared 1")), 8) AS "segferry_own_share 1"
    FROM (
      SELECT
        "t0"."id",
        "t0"."text",
        CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
      FROM people AS "t0"
    ) AS "t1"
  ) AS "t2"
) AS "t3"

SELECT
  "t4"."id",
  COALESCE("t4"."segferry_own_list 1", FALSE) AS "m0"
FROM (
  SELECT
    "t3"."id",
    "t3"."text",
    "t3"."segferry_own_compared 1",
    "t3"."segferry_own_address 1",
    "t3"."segferry_own_list 1",
    COLLATE("t3"."text", '') AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t2"."id",
      "t2"."text",
      "t2"."segferry_own_compared 1",
      "t2"."segferry_own_address 1",
      "t2"."segferry_own_address 1" IN ('o\'n@x.lv', '\\j@x.lv') AS "segferry_own_list 1"
    FROM (
      SELECT
        "t1"."id",
        "t1"."text",
        "t1"."segferry_own_compared 1",
        LOWER(REGEXP_REPLACE("t1"."segferry_own_compared 1", '...', '')) AS "segferry_own_address 1"
      FROM (
        SELECT
          "t0"."id",
          "t0"."text",
          CASE WHEN COLLATE("t0"."text", '') = '' THEN NULL WHEN NOT (REGEXP_INSTR(COLLATE("t0"."text", ''), '...') > 0) THEN COLLATE("t0"."text", '') ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_INSTR(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, '...') > 0 THEN TO_VARCHAR(TO_NUMBER('...' || LEFT(CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END, 0))) ELSE CASE WHEN REGEXP_INSTR(COLLATE("t0"."text", ''), '[\u0600-\u180d\u180f-\u1fff\u2190-\ud7ff\ue000-\ufdff\ufe0f\U0001f000-\U0001faff]') > 0 THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE("t0"."text", ''), '[\xa0\u2007\u202f]', ' '), '...', '') END END, '^([\t-\r \x85\xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000])+$', ''), '') END AS "segferry_own_compared 1"
        FROM people AS "t0"
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
) AS "t4"

SELECT
  "t1"."id",
  COALESCE("t1"."segferry_own_compared 1" > 1, FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."whole",
    "t0"."whole" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

SELECT
  "t1"."id",
  COALESCE(
    (
      "t1"."segferry_own_compared 1" < 100000000000000000000
    )
    AND NOT (
      "t1"."segferry_own_compared 1" IS NULL
    ),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."whole",
    "t0"."whole" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

SELECT
  "t1"."id",
  COALESCE("t1"."segferry_own_compared 1" >= 0.1, FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."floating",
    NULLIF("t0"."floating", 'NaN'::FLOAT) AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE) OR COALESCE("t1"."segferry_own_compared 1" = 0.1, FALSE),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."short",
    CAST("t0"."short" AS DOUBLE) AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

SELECT
  "t1"."id",
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE("t1"."segferry_own_compared 1" IN (0.1, 3), FALSE),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."exact",
    "t0"."exact" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

SELECT
  "t1"."id",
  COALESCE(NOT (
    "t1"."segferry_own_compared 1"
  ), FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."flag",
    "t0"."flag" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

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
    "t0"."day",
    "t0"."day" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

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
    "t0"."told",
    "t0"."told" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

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
    "t0"."real",
    "t0"."real" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

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
    "t0"."real",
    "t0"."real" AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

SELECT
  "t3"."id",
  COALESCE("t3"."segferry_own_rank 1" <= 10, FALSE) AS "m0"
FROM (
  SELECT
    "t2"."id",
    "t2"."whole",
    "t2"."segferry_own_compared 1",
    "t2"."segferry_own_value 1",
    "t2"."segferry_own_ties 1",
    IFF(
      "t2"."segferry_own_value 1" IS NOT NULL,
      COUNT(*) OVER (
        ORDER BY IFF("t2"."segferry_own_value 1" IS NULL, 1, 0) ASC, "t2"."segferry_own_value 1" DESC, IFF("t2"."segferry_own_ties 1" IS NULL, 1, 0) ASC, "t2"."segferry_own_ties 1" ASC
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      NULL
    ) AS "segferry_own_rank 1"
  FROM (
    SELECT
      "t1"."id",
      "t1"."whole",
      "t1"."segferry_own_compared 1",
      CASE
        WHEN COALESCE(NOT (
          "t1"."segferry_own_compared 1" IS NULL
        ), FALSE)
        THEN "t1"."segferry_own_compared 1"
        ELSE NULL
      END AS "segferry_own_value 1",
      CASE
        WHEN NOT (
          "t1"."segferry_own_compared 1" IS NULL
        )
        THEN "t1"."segferry_own_compared 1"
        ELSE NULL
      END AS "segferry_own_ties 1"
    FROM (
      SELECT
        "t0"."id",
        "t0"."whole",
        "t0"."whole" AS "segferry_own_compared 1"
      FROM people AS "t0"
    ) AS "t1"
  ) AS "t2"
) AS "t3"
