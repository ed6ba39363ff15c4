MODEL (
  name analytics.releases,
  description 'The latest released version, one row a day',
  kind FULL,
  grain day,
  partitioned_by day,
  audits (no_future_day, unique_combination_of_columns(columns := (day))),
  columns (
    day DATE,
    version STRING,
    version_major INT64,
    version_minor INT64,
    version_patch INT64,
    minor_releases INT64
  )
);

WITH last_days AS (
  SELECT MAX(day) AS day
  FROM (
    SELECT MAX(day) AS day FROM analytics.ping_days
    UNION ALL
    SELECT MAX(day) AS day FROM analytics.dotcom_user_days
  )
),
versions AS (
  SELECT
    version,
    DATE(released_at) AS released_on,
    @version_part(version, 0) AS version_major,
    @version_part(version, 1) AS version_minor,
    COALESCE(@version_part(version, 2), 0) AS version_patch
  FROM sourcegraph_analytics.releases
  WHERE NOT REGEXP_CONTAINS(version, r'[+-]')
),
first_days AS (
  SELECT MIN(released_on) AS day
  FROM versions
  WHERE version_minor IS NOT NULL
),
days AS (
  SELECT released_day AS day
  FROM first_days
  CROSS JOIN last_days
  CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(first_days.day, last_days.day)) AS released_day
),
known AS (
  SELECT
    days.day,
    versions.version,
    versions.version_major,
    versions.version_minor,
    versions.version_patch,
    DENSE_RANK() OVER (PARTITION BY days.day ORDER BY versions.version_major, versions.version_minor) AS minor_releases
  FROM days
  INNER JOIN versions ON versions.released_on <= days.day
  WHERE versions.version_minor IS NOT NULL
)
SELECT
  day,
  version,
  version_major,
  version_minor,
  version_patch,
  minor_releases
FROM known
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY day
  ORDER BY version_major DESC, version_minor DESC, version_patch DESC, version
) = 1
