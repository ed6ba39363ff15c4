MODEL (
  name analytics.batch_change_cohorts,
  description 'Changesets by state, one row an instance and week (from Monday) in which their batch changes were created',
  kind FULL,
  grain (site_id, week),
  partitioned_by week,
  clustered_by (account_key, site_id),
  audits (unique_combination_of_columns(columns := (site_id, week))),
  columns (
    site_id STRING,
    week DATE,
    account_id STRING,
    account_name STRING,
    account_key STRING,
    installer_email STRING,
    account_type STRING,
    instance_type STRING,
    products ARRAY<STRING>,
    batch_changes_open INT64,
    batch_changes_closed INT64,
    unpublished INT64,
    open INT64,
    draft INT64,
    merged INT64,
    closed INT64,
    reported_on DATE
  )
);

WITH last_days AS (
  SELECT site_id, MAX(day) AS day
  FROM analytics.ping_days
  WHERE batch_change_cohorts IS NOT NULL
  GROUP BY site_id
),
sent AS (
  SELECT
    last_days.site_id,
    last_days.day,
    DATE_TRUNC(SAFE_CAST(SUBSTR(JSON_VALUE(cohort, '$.Week'), 1, 10) AS DATE), WEEK(MONDAY)) AS week,
    JSON_VALUE(cohort, '$.BatchChangesOpen') AS batch_changes_open,
    JSON_VALUE(cohort, '$.BatchChangesClosed') AS batch_changes_closed,
    JSON_VALUE(cohort, '$.ChangesetsUnpublished') AS unpublished,
    JSON_VALUE(cohort, '$.ChangesetsPublishedOpen') AS published_open,
    JSON_VALUE(cohort, '$.ChangesetsPublishedDraft') AS published_draft,
    JSON_VALUE(cohort, '$.ChangesetsPublishedMerged') AS published_merged,
    JSON_VALUE(cohort, '$.ChangesetsPublishedClosed') AS published_closed
  FROM last_days
  INNER JOIN analytics.ping_days AS pings ON last_days.site_id = pings.site_id AND last_days.day = pings.day
  CROSS JOIN UNNEST(JSON_QUERY_ARRAY(pings.batch_change_cohorts, '$')) AS cohort
),
cohorts AS (
  SELECT
    site_id,
    day,
    week,
    SUM(@whole_number(batch_changes_open)) AS batch_changes_open,
    SUM(@whole_number(batch_changes_closed)) AS batch_changes_closed,
    SUM(@whole_number(unpublished)) AS unpublished,
    SUM(@whole_number(published_open)) AS published_open,
    SUM(@whole_number(published_draft)) AS published_draft,
    SUM(@whole_number(published_merged)) AS published_merged,
    SUM(@whole_number(published_closed)) AS published_closed
  FROM sent
  WHERE week IS NOT NULL
  GROUP BY site_id, day, week
)
SELECT
  cohorts.site_id,
  cohorts.week,
  days.account_id,
  days.account_name,
  days.account_key,
  days.installer_email,
  days.account_type,
  days.instance_type,
  days.products,
  cohorts.batch_changes_open,
  cohorts.batch_changes_closed,
  cohorts.unpublished,
  cohorts.published_open AS open,
  cohorts.published_draft AS draft,
  cohorts.published_merged AS merged,
  cohorts.published_closed AS closed,
  cohorts.day AS reported_on
FROM cohorts
INNER JOIN analytics.instance_days AS days ON cohorts.site_id = days.site_id AND cohorts.day = days.day
