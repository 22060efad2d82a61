SELECT
  `t2`.`id`,
  COALESCE(
    CASE
      WHEN (
        (
          `t2`.`segferry_own_plain 1` >= 'L%_\\x'' '
        )
        AND (
          `t2`.`segferry_own_plain 1` < 'L%_\\x''~'
        )
      )
      OR (
        CAST(`t2`.`segferry_own_plain 1` AS BINARY) = 'L%_\\x'''
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
        THEN LEFT(`t2`.`segferry_own_compared 1`, CHAR_LENGTH('L%_\\x''')) = 'L%_\\x'''
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
    CONVERT(`t1`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(RIGHT(`t2`.`segferry_own_compared 1`, CHAR_LENGTH('V')) = 'V', FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    CONVERT(`t1`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(LOCATE('V', `t2`.`segferry_own_compared 1`) > 0, FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    CONVERT(`t1`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
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
    CONVERT(`t1`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(
    REGEXP_LIKE(`t2`.`segferry_own_compared 1`, '...', 'c'),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`segferry_own_compared 1`,
    CONVERT(`t1`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
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
    CONVERT(`t2`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
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
        CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
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
    CONVERT(`t3`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin AS `segferry_own_plain 1`
  FROM (
    SELECT
      `t2`.`id`,
      `t2`.`text`,
      `t2`.`segferry_own_compared 1`,
      `t2`.`segferry_own_address 1`,
      `t2`.`segferry_own_address 1` IN ('o''n@x.lv', '\\j@x.lv') AS `segferry_own_list 1`
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
          CASE WHEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin = '' THEN NULL WHEN NOT (REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c')) THEN CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin ELSE NULLIF(REGEXP_REPLACE(CASE WHEN REGEXP_LIKE(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, '...', 'c') THEN CONVERT(EXP(1000 + LENGTH(CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END)) USING utf8mb4) ELSE CASE WHEN REGEXP_LIKE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '...', 'c') THEN REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(CONVERT(`t0`.`text` USING utf8mb4) COLLATE utf8mb4_0900_bin, '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END END, '...', ''), '') END AS `segferry_own_compared 1`
        FROM people AS `t0`
      ) AS `t1`
    ) AS `t2`
  ) AS `t3`
) AS `t4`

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
    `t0`.`floating` AS `segferry_own_compared 1`
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
    CASE WHEN CAST(CAST(`t0`.`short` AS CHAR) AS FLOAT) = `t0`.`short` THEN CAST(CAST(`t0`.`short` AS CHAR) AS DOUBLE) ELSE CAST(`t0`.`short` AS DOUBLE) END AS `segferry_own_compared 1`
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
    CASE `t0`.`flag` WHEN 1 THEN TRUE WHEN 0 THEN FALSE END AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`segferry_own_compared 1` >= DATE('2026-01-01')
      )
      AND (
        `t1`.`segferry_own_compared 1` < DATE('2026-03-30')
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`day`,
    CASE WHEN DAYOFMONTH(`t0`.`day`) > 0 AND MONTH(`t0`.`day`) > 0 THEN `t0`.`day` END AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`segferry_own_compared 1` >= TIMESTAMP '2026-03-29 00:00:00'
      )
      AND (
        `t1`.`segferry_own_compared 1` < TIMESTAMP '2026-03-30 00:00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`told`,
    CASE WHEN DAYOFMONTH(`t0`.`told`) > 0 AND MONTH(`t0`.`told`) > 0 THEN `t0`.`told` END AS `segferry_own_compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`segferry_own_compared 1` >= TIMESTAMP '2025-12-28 22:00:00'
      )
      AND (
        `t1`.`segferry_own_compared 1` < TIMESTAMP '2026-03-29 21:00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`real`,
    CASE WHEN DAYOFMONTH(`t0`.`real`) > 0 AND MONTH(`t0`.`real`) > 0 THEN `t0`.`real` END AS `segferry_own_compared 1`
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
    CASE WHEN DAYOFMONTH(`t0`.`real`) > 0 AND MONTH(`t0`.`real`) > 0 THEN `t0`.`real` END AS `segferry_own_compared 1`
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
