SELECT
  `t2`.`id`,
  COALESCE(
    CASE
      WHEN (
        (
          `t2`.`segferry_own_plain 1` >= 'L%_\\x\' '
        )
        AND (
          `t2`.`segferry_own_plain 1` < 'L%_\\x\'~'
        )
      )
      OR (
        `t2`.`segferry_own_plain 1` = 'L%_\\x\''
      )
      THEN TRUE
      ELSE CASE
        WHEN (
          `t2`.`segferry_own_plain 1` < ' '
        )
        OR (
          `t2`.`segferry_own_plain 1` >= '~'
        )
        OR (
          (
            `t2`.`segferry_own_plain 1` >= 'L'
          )
          AND (
            `t2`.`segferry_own_plain 1` < 'M'
          )
        )
        THEN STARTSWITH(`t2`.`segferry_own_compared 1`, 'L%_\\x\'')
        ELSE FALSE
      END
    END,
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    `t1`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(ENDSWITH(`t2`.`segferry_own_compared 1`, 'V'), FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    `t1`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(CONTAINS(`t2`.`segferry_own_compared 1`, 'V'), FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    `t1`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(`t2`.`segferry_own_compared 1` IN ('LV', 'R\u012bga'), FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    `t1`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(
    `t2`.`segferry_own_compared 1` RLIKE '...',
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    `t1`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t3`.`id`,
  COALESCE(`t3`.`segferry_own_share 1` < '1999999a', FALSE) AS `m0`
FROM (
  SELECT
    `t2`.`id`,
    `t2`.`text`,
    `t2`.`segferry_own_compared 1`,
    `t2`.`segferry_own_share 1`,
    `t2`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t1`.`id`,
      `t1`.`text`,
      `t1`.`segferry_own_compared 1`,
      LEFT(MD5(CONCAT('spring/', `t1`.`segferry_own_compared 1`)), 8) AS `segferry_own_share 1`
    FROM (
      SELECT
        `t0`.`id`,
        `t0`.`text`,
        CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
      FROM people AS `t0`
    ) AS `t1`
  ) AS `t2`
) AS `t3`

SELECT
  `t4`.`id`,
  COALESCE(`t4`.`segferry_own_list 1`, FALSE) AS `m0`
FROM (
  SELECT
    `t3`.`id`,
    `t3`.`text`,
    `t3`.`segferry_own_compared 1`,
    `t3`.`segferry_own_address 1`,
    `t3`.`segferry_own_list 1`,
    `t3`.`text` COLLATE UTF8_BINARY AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t2`.`id`,
      `t2`.`text`,
      `t2`.`segferry_own_compared 1`,
      `t2`.`segferry_own_address 1`,
      `t2`.`segferry_own_address 1` IN ('o\'n@x.lv', '\\j@x.lv') AS `segferry_own_list 1`
    FROM (
      SELECT
        `t1`.`id`,
        `t1`.`text`,
        `t1`.`segferry_own_compared 1`,
        LOWER(REGEXP_REPLACE(`t1`.`segferry_own_compared 1`, '...', '')) AS `segferry_own_address 1`
      FROM (
        SELECT
          `t0`.`id`,
          `t0`.`text`,
          CASE WHEN `t0`.`text` COLLATE UTF8_BINARY = '' THEN NULL WHEN NOT (`t0`.`text` COLLATE UTF8_BINARY RLIKE '...') THEN `t0`.`text` COLLATE UTF8_BINARY ELSE NULLIF(REGEXP_REPLACE(CASE WHEN CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN `t0`.`text` COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(`t0`.`text` COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
        FROM people AS `t0`
      ) AS `t1`
    ) AS `t2`
  ) AS `t3`
) AS `t4`

SELECT
  `t1`.`id`,
  COALESCE(
    IF(
      `t1`.`segferry_own_compared 1` IS NULL,
      NULL,
      COALESCE(ARRAY_CONTAINS(`t1`.`segferry_own_compared 1`, 'a'), FALSE)
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`tags`,
    TRANSFORM(`t0`.`tags`, segferry_item -> CASE WHEN NOT (segferry_item COLLATE UTF8_BINARY RLIKE '...') THEN segferry_item COLLATE UTF8_BINARY ELSE CASE WHEN CASE WHEN segferry_item COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(segferry_item COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(segferry_item COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END RLIKE '...' THEN CAST(RAISE_ERROR('...') AS STRING) ELSE CASE WHEN segferry_item COLLATE UTF8_BINARY RLIKE '...' THEN REGEXP_REPLACE(REGEXP_REPLACE(segferry_item COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(segferry_item COLLATE UTF8_BINARY, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END END) AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(`t1`.`segferry_own_compared 1` > 1, FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`whole`,
    `t0`.`whole` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    (
      `t1`.`segferry_own_compared 1` < 100000000000000000000
    )
    AND NOT (
      `t1`.`segferry_own_compared 1` IS NULL
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`whole`,
    `t0`.`whole` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(`t1`.`segferry_own_compared 1` >= 0.1, FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`floating`,
    NULLIF(`t0`.`floating`, DOUBLE('NaN')) AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE) OR COALESCE(`t1`.`segferry_own_compared 1` = 0.1, FALSE),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`short`,
    NULLIF(CAST(CAST(`t0`.`short` AS STRING) AS DOUBLE), DOUBLE('NaN')) AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(`t1`.`segferry_own_compared 1` IN (0.1, 3), FALSE),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`exact`,
    `t0`.`exact` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(NOT (
    `t1`.`segferry_own_compared 1`
  ), FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`flag`,
    `t0`.`flag` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`segferry_own_compared 1` >= MAKE_DATE(2026, 1, 1)
      )
      AND (
        `t1`.`segferry_own_compared 1` < MAKE_DATE(2026, 3, 30)
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`day`,
    `t0`.`day` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`segferry_own_compared 1` >= TIMESTAMP_NTZ '2026-03-29 00:00:00'
      )
      AND (
        `t1`.`segferry_own_compared 1` < TIMESTAMP_NTZ '2026-03-30 00:00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`told`,
    `t0`.`told` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`segferry_own_compared 1` >= TIMESTAMP '2025-12-28 22:00:00+00:00'
      )
      AND (
        `t1`.`segferry_own_compared 1` < TIMESTAMP '2026-03-29 21:00:00+00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`real`,
    `t0`.`real` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  NOT (
    COALESCE(NOT (
      `t1`.`segferry_own_compared 1` IS NULL
    ), FALSE)
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`real`,
    `t0`.`real` AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t3`.`id`,
  COALESCE(`t3`.`segferry_own_rank 1` <= 10, FALSE) AS `m0`
FROM (
  SELECT
    `t2`.`id`,
    `t2`.`whole`,
    `t2`.`segferry_own_compared 1`,
    `t2`.`segferry_own_value 1`,
    `t2`.`segferry_own_ties 1`,
    IF(
      `t2`.`segferry_own_value 1` IS NOT NULL,
      COUNT(*) OVER (
        ORDER BY IF(`t2`.`segferry_own_value 1` IS NULL, 1, 0) ASC, `t2`.`segferry_own_value 1` DESC, IF(`t2`.`segferry_own_ties 1` IS NULL, 1, 0) ASC, `t2`.`segferry_own_ties 1` ASC
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      NULL
    ) AS `segferry_own_rank 1`
  FROM (
    SELECT
      `t1`.`id`,
      `t1`.`whole`,
      `t1`.`segferry_own_compared 1`,
      CASE
        WHEN COALESCE(NOT (
          `t1`.`segferry_own_compared 1` IS NULL
        ), FALSE)
        THEN `t1`.`segferry_own_compared 1`
        ELSE NULL
      END AS `segferry_own_value 1`,
      CASE
        WHEN NOT (
          `t1`.`segferry_own_compared 1` IS NULL
        )
        THEN `t1`.`segferry_own_compared 1`
        ELSE NULL
      END AS `segferry_own_ties 1`
    FROM (
      SELECT
        `t0`.`id`,
        `t0`.`whole`,
        `t0`.`whole` AS `segferry_own_compared 1`
      FROM people AS `t0`
    ) AS `t1`
  ) AS `t2`
) AS `t3`
