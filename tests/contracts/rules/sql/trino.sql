SELECT
  "t2"."id",
  COALESCE(
    CASE
      WHEN (
        (
          "t2"."segferry_own_plain 1" >= 'L%_\x'' '
        )
        AND (
          "t2"."segferry_own_plain 1" < 'L%_\x''~'
        )
      )
      OR (
        "t2"."segferry_own_plain 1" = 'L%_\x'''
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
        THEN STARTS_WITH("t2"."segferry_own_compared 1", 'L%_\x''')
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
    "t1"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE(SUBSTR("t2"."segferry_own_compared 1", -LENGTH('V')) = 'V', FALSE) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    "t1"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE(STRPOS("t2"."segferry_own_compared 1", 'V') > 0, FALSE) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    "t1"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
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
    "t1"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
    FROM people AS "t0"
  ) AS "t1"
) AS "t2"

SELECT
  "t2"."id",
  COALESCE(
    REGEXP_LIKE("t2"."segferry_own_compared 1", '...'),
    FALSE
  ) AS "m0"
FROM (
  SELECT
    "t1"."id",
    "t1"."text",
    "t1"."segferry_own_compared 1",
    "t1"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t0"."id",
      "t0"."text",
      CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
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
    "t2"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t1"."id",
      "t1"."text",
      "t1"."segferry_own_compared 1",
      LOWER(SUBSTR(TO_HEX(MD5(TO_UTF8(CONCAT('spring/', "t1"."segferry_own_compared 1")))), 1, 8)) AS "segferry_own_share 1"
    FROM (
      SELECT
        "t0"."id",
        "t0"."text",
        CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
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
    "t3"."text" AS "segferry_own_plain 1"
  FROM (
    SELECT
      "t2"."id",
      "t2"."text",
      "t2"."segferry_own_compared 1",
      "t2"."segferry_own_address 1",
      "t2"."segferry_own_address 1" IN ('o''n@x.lv', '\j@x.lv') AS "segferry_own_list 1"
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
          CASE WHEN "t0"."text" = '' THEN NULL WHEN NOT (REGEXP_LIKE("t0"."text", '...')) THEN "t0"."text" ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_LIKE("t0"."text", '...') THEN REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE("t0"."text", '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS "segferry_own_compared 1"
        FROM people AS "t0"
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
) AS "t4"

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
    "t0"."tags",
    TRANSFORM("t0"."tags", segferry_item -> CASE WHEN NOT (REGEXP_LIKE(segferry_item, '...')) THEN segferry_item ELSE NORMALIZE(CASE WHEN REGEXP_LIKE(segferry_item, '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(segferry_item, '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(segferry_item, '[\x{a0}\x{2007}\x{202f}]', ' '), '...', '') END, NFC) END) AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

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
  COALESCE("t1"."segferry_own_compared 1" >= CAST(0.1 AS DOUBLE), FALSE) AS "m0"
FROM (
  SELECT
    "t0"."id",
    "t0"."floating",
    CASE WHEN NOT IS_NAN("t0"."floating") THEN "t0"."floating" END AS "segferry_own_compared 1"
  FROM people AS "t0"
) AS "t1"

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
    "t0"."short",
    CASE WHEN NOT IS_NAN("t0"."short") THEN CAST(CAST("t0"."short" AS VARCHAR) AS DOUBLE) END AS "segferry_own_compared 1"
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
    IF(
      "t2"."segferry_own_value 1" IS NOT NULL,
      COUNT(*) OVER (
        ORDER BY IF("t2"."segferry_own_value 1" IS NULL, 1, 0) ASC, "t2"."segferry_own_value 1" DESC, IF("t2"."segferry_own_ties 1" IS NULL, 1, 0) ASC, "t2"."segferry_own_ties 1" ASC
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
