MODEL (
  name analytics.batch_change_months,
  description 'What batch changes did, one row an instance and month that sends the counters',
  kind FULL,
  grain (site_id, month),
  partitioned_by month,
  clustered_by (account_key, site_id),
  audits (unique_combination_of_columns(columns := (site_id, month))),
  columns (
    site_id STRING,
    month DATE,
    account_id STRING,
    account_name STRING,
    account_key STRING,
    installer_email STRING,
    account_type STRING,
    instance_type STRING,
    products ARRAY<STRING>,
    created INT64,
    closed INT64,
    published INT64,
    merged INT64,
    created_local INT64,
    created_executor INT64,
    contributors INT64,
    users INT64,
    batch_specs_93_days INT64,
    last_day DATE,
    complete BOOL
  )
);

-- Counters run on for an instance's whole life. The base is the last known value of any earlier day; a fall (something
-- was deleted, the instance was set up anew) counts nothing and is the next base.
WITH counters AS (
  SELECT
    site_id,
    day,
    batch_changes,
    batch_changes_closed,
    changesets_published,
    changesets_merged,
    batch_changes_local,
    batch_changes_executor,
    batch_specs_created_93_days,
    LAST_VALUE(batch_changes IGNORE NULLS) OVER earlier_days AS batch_changes_before,
    LAST_VALUE(batch_changes_closed IGNORE NULLS) OVER earlier_days AS batch_changes_closed_before,
    LAST_VALUE(changesets_published IGNORE NULLS) OVER earlier_days AS changesets_published_before,
    LAST_VALUE(changesets_merged IGNORE NULLS) OVER earlier_days AS changesets_merged_before,
    LAST_VALUE(batch_changes_local IGNORE NULLS) OVER earlier_days AS batch_changes_local_before,
    LAST_VALUE(batch_changes_executor IGNORE NULLS) OVER earlier_days AS batch_changes_executor_before
  FROM analytics.ping_days
  WHERE pings > 0
  WINDOW earlier_days AS (PARTITION BY site_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
rises AS (
  SELECT
    site_id,
    day,
    batch_specs_created_93_days,
    CASE
      WHEN batch_changes IS NULL THEN NULL
      WHEN batch_changes > batch_changes_before THEN batch_changes - batch_changes_before
      ELSE 0
    END AS created,
    CASE
      WHEN batch_changes_closed IS NULL THEN NULL
      WHEN batch_changes_closed > batch_changes_closed_before THEN batch_changes_closed - batch_changes_closed_before
      ELSE 0
    END AS closed,
    CASE
      WHEN changesets_published IS NULL THEN NULL
      WHEN changesets_published > changesets_published_before THEN changesets_published - changesets_published_before
      ELSE 0
    END AS published,
    CASE
      WHEN changesets_merged IS NULL THEN NULL
      WHEN changesets_merged > changesets_merged_before THEN changesets_merged - changesets_merged_before
      ELSE 0
    END AS merged,
    CASE
      WHEN batch_changes_local IS NULL THEN NULL
      WHEN batch_changes_local > batch_changes_local_before THEN batch_changes_local - batch_changes_local_before
      ELSE 0
    END AS created_local,
    CASE
      WHEN batch_changes_executor IS NULL THEN NULL
      WHEN batch_changes_executor > batch_changes_executor_before
        THEN batch_changes_executor - batch_changes_executor_before
      ELSE 0
    END AS created_executor
  FROM counters
),
months AS (
  SELECT
    site_id,
    DATE_TRUNC(day, MONTH) AS month,
    SUM(created) AS created,
    SUM(closed) AS closed,
    SUM(published) AS published,
    SUM(merged) AS merged,
    SUM(created_local) AS created_local,
    SUM(created_executor) AS created_executor,
    -- Of the month's last ping, which may not know it.
    ARRAY_AGG(batch_specs_created_93_days ORDER BY day DESC LIMIT 1)[OFFSET(0)] AS batch_specs_93_days,
    MAX(CASE WHEN created > 0 OR closed > 0 OR published > 0 OR merged > 0 THEN day END) AS last_day
  FROM rises
  GROUP BY site_id, DATE_TRUNC(day, MONTH)
),
-- A month is complete once what grows is whole up to its end: pings, and the events by which instances are told apart.
whole_through AS (
  SELECT MIN(data_through) AS moment
  FROM analytics.freshness
  WHERE source IN (
    'sourcegraph_analytics.update_checks', 'dotcom_events.events', 'dotcom_events.events_usage'
  )
)
SELECT
  months.site_id,
  months.month,
  instances.account_id,
  instances.account_name,
  instances.account_key,
  instances.installer_email,
  instances.account_type,
  instances.instance_type,
  instances.products,
  months.created,
  months.closed,
  months.published,
  months.merged,
  months.created_local,
  months.created_executor,
  instances.batch_change_contributors AS contributors,
  instances.batch_change_users AS users,
  months.batch_specs_93_days,
  months.last_day,
  TIMESTAMP(DATE_ADD(months.month, INTERVAL 1 MONTH)) <= COALESCE(
    whole_through.moment, TIMESTAMP '9999-12-31 00:00:00+00'
  ) AS complete
FROM months
CROSS JOIN whole_through
INNER JOIN analytics.instance_months AS instances
  ON months.site_id = instances.site_id AND months.month = instances.month
WHERE COALESCE(
  months.created, months.closed, months.published, months.merged,
  instances.batch_change_contributors, instances.batch_change_users
) IS NOT NULL
