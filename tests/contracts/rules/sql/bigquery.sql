SELECT
  `t2`.`id`,
  COALESCE(
    CASE
      WHEN (
        (
          `t2`.`plain 1` >= 'L%_\\x\' '
        ) AND (
          `t2`.`plain 1` < 'L%_\\x\'~'
        )
      )
      OR (
        `t2`.`plain 1` = 'L%_\\x\''
      )
      THEN TRUE
      ELSE CASE
        WHEN (
          `t2`.`plain 1` < ' '
        )
        OR (
          `t2`.`plain 1` >= '~'
        )
        OR (
          (
            `t2`.`plain 1` >= 'L'
          ) AND (
            `t2`.`plain 1` < 'M'
          )
        )
        THEN STARTS_WITH(`t2`.`compared 1`, 'L%_\\x\'')
        ELSE FALSE
      END
    END,
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`compared 1`,
    COLLATE(`t1`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(ENDS_WITH(`t2`.`compared 1`, 'V'), FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`compared 1`,
    COLLATE(`t1`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(STRPOS(`t2`.`compared 1`, 'V') > 0, FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`compared 1`,
    COLLATE(`t1`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(`t2`.`compared 1` IN ('LV', 'R\u012bga'), FALSE) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`compared 1`,
    COLLATE(`t1`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t2`.`id`,
  COALESCE(
    REGEXP_CONTAINS(`t2`.`compared 1`, '...'),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t1`.`id`,
    `t1`.`text`,
    `t1`.`compared 1`,
    COLLATE(`t1`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t0`.`id`,
      `t0`.`text`,
      CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
    FROM people AS `t0`
  ) AS `t1`
) AS `t2`

SELECT
  `t3`.`id`,
  COALESCE(`t3`.`share 1` < '1999999a', FALSE) AS `m0`
FROM (
  SELECT
    `t2`.`id`,
    `t2`.`text`,
    `t2`.`compared 1`,
    `t2`.`share 1`,
    COLLATE(`t2`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t1`.`id`,
      `t1`.`text`,
      `t1`.`compared 1`,
      LEFT(TO_HEX(MD5(CONCAT('spring/', `t1`.`compared 1`))), 8) AS `share 1`
    FROM (
      SELECT
        `t0`.`id`,
        `t0`.`text`,
        CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
      FROM people AS `t0`
    ) AS `t1`
  ) AS `t2`
) AS `t3`

SELECT
  `t4`.`id`,
  COALESCE(`t4`.`list 1`, FALSE) AS `m0`
FROM (
  SELECT
    `t3`.`id`,
    `t3`.`text`,
    `t3`.`compared 1`,
    `t3`.`address 1`,
    `t3`.`list 1`,
    COLLATE(`t3`.`text`, '') AS `plain 1`
  FROM (
    SELECT
      `t2`.`id`,
      `t2`.`text`,
      `t2`.`compared 1`,
      `t2`.`address 1`,
      `t2`.`address 1` IN ('o\'n@x.lv', '\\j@x.lv') AS `list 1`
    FROM (
      SELECT
        `t1`.`id`,
        `t1`.`text`,
        `t1`.`compared 1`,
        LOWER(REGEXP_REPLACE(`t1`.`compared 1`, '...', '')) AS `address 1`
      FROM (
        SELECT
          `t0`.`id`,
          `t0`.`text`,
          CASE WHEN COLLATE(`t0`.`text`, '') = '' THEN NULL WHEN NOT (REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...')) THEN COLLATE(`t0`.`text`, '') ELSE NULLIF(REGEXP_REPLACE(NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(`t0`.`text`, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(`t0`.`text`, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC), '...', ''), '') END AS `compared 1`
        FROM people AS `t0`
      ) AS `t1`
    ) AS `t2`
  ) AS `t3`
) AS `t4`

SELECT
  `t1`.`id`,
  COALESCE(
    EXISTS(
      SELECT
        1
      FROM UNNEST(`t1`.`compared 1`) AS ibis_bq_arr_contains
      WHERE
        ibis_bq_arr_contains = 'a'
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`tags`,
    ARRAY(SELECT CASE WHEN NOT (REGEXP_CONTAINS(COLLATE(segferry_item, ''), '...')) THEN COLLATE(segferry_item, '') ELSE NORMALIZE(CASE WHEN REGEXP_CONTAINS(COLLATE(segferry_item, ''), '...') THEN REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(segferry_item, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') ELSE REGEXP_REPLACE(REGEXP_REPLACE(COLLATE(segferry_item, ''), '[\\x{a0}\\x{2007}\\x{202f}]', ' '), '...', '') END, NFC) END FROM UNNEST(`t0`.`tags`) AS segferry_item) AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(`t1`.`compared 1` > 1, FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`whole`,
    `t0`.`whole` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    (
      `t1`.`compared 1` < CAST('100000000000000000000' AS BIGNUMERIC)
    )
    AND NOT (
      `t1`.`compared 1` IS NULL
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`whole`,
    `t0`.`whole` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(`t1`.`compared 1` >= 0.1, FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`floating`,
    CASE WHEN NOT IS_NAN(`t0`.`floating`) THEN `t0`.`floating` END AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(COALESCE(FALSE, FALSE) OR COALESCE(`t1`.`compared 1` = 0.1, FALSE), FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`short`,
    CAST(`t0`.`short` AS DOUBLE) AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(`t1`.`compared 1` IN (CAST('0.1' AS BIGNUMERIC), CAST('3' AS BIGNUMERIC)), FALSE),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`exact`,
    `t0`.`exact` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(NOT (
    `t1`.`compared 1`
  ), FALSE) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`flag`,
    `t0`.`flag` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`compared 1` >= DATE(2026, 1, 1)
      )
      AND (
        `t1`.`compared 1` < DATE(2026, 3, 30)
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`day`,
    `t0`.`day` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`compared 1` >= DATETIME '2026-03-29 00:00:00'
      )
      AND (
        `t1`.`compared 1` < DATETIME '2026-03-30 00:00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`told`,
    `t0`.`told` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  COALESCE(
    COALESCE(FALSE, FALSE)
    OR COALESCE(
      (
        `t1`.`compared 1` >= TIMESTAMP '2025-12-28 22:00:00+00:00'
      )
      AND (
        `t1`.`compared 1` < TIMESTAMP '2026-03-29 21:00:00+00:00'
      ),
      FALSE
    ),
    FALSE
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`real`,
    `t0`.`real` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t1`.`id`,
  NOT (
    COALESCE(NOT (
      `t1`.`compared 1` IS NULL
    ), FALSE)
  ) AS `m0`
FROM (
  SELECT
    `t0`.`id`,
    `t0`.`real`,
    `t0`.`real` AS `compared 1`
  FROM people AS `t0`
) AS `t1`

SELECT
  `t3`.`id`,
  COALESCE(`t3`.`rank 1` <= 10, FALSE) AS `m0`
FROM (
  SELECT
    `t2`.`id`,
    `t2`.`whole`,
    `t2`.`compared 1`,
    `t2`.`value 1`,
    `t2`.`ties 1`,
    IF(
      `t2`.`value 1` IS NOT NULL,
      COUNT(*) OVER (
        ORDER BY IF(`t2`.`value 1` IS NULL, 1, 0) ASC, `t2`.`value 1` DESC, IF(`t2`.`ties 1` IS NULL, 1, 0) ASC, `t2`.`ties 1` ASC
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      NULL
    ) AS `rank 1`
  FROM (
    SELECT
      `t1`.`id`,
      `t1`.`whole`,
      `t1`.`compared 1`,
      CASE
        WHEN COALESCE(NOT (
          `t1`.`compared 1` IS NULL
        ), FALSE)
        THEN `t1`.`compared 1`
        ELSE NULL
      END AS `value 1`,
      CASE WHEN NOT (
        `t1`.`compared 1` IS NULL
      ) THEN `t1`.`compared 1` ELSE NULL END AS `ties 1`
    FROM (
      SELECT
        `t0`.`id`,
        `t0`.`whole`,
        `t0`.`whole` AS `compared 1`
      FROM people AS `t0`
    ) AS `t1`
  ) AS `t2`
) AS `t3`
