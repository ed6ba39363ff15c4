MODEL (
  name analytics.insight_weeks,
  description 'Use of code insights, one row an instance and week from Monday',
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
    page_views INT64,
    page_viewers INT64,
    creators INT64,
    additions INT64,
    edits INT64,
    removals INT64,
    hovers INT64,
    data_point_clicks INT64,
    total_insights INT64
  )
);

WITH dated_payloads AS (
  SELECT
    site_id,
    day,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(code_insights_usage, '$.WeekStart') AS TIMESTAMP)), WEEK(MONDAY)) AS week
  FROM analytics.ping_days
  WHERE pings > 0
),
last_days AS (
  SELECT site_id, week, MAX(day) AS day
  FROM dated_payloads
  WHERE week IS NOT NULL
  GROUP BY site_id, week
),
sent AS (
  SELECT last_days.site_id, last_days.week, last_days.day, pings.code_insights_usage, pings.total_insights
  FROM last_days
  INNER JOIN analytics.ping_days AS pings ON last_days.site_id = pings.site_id AND last_days.day = pings.day
),
sent_kinds AS (
  SELECT
    site_id,
    week,
    JSON_VALUE(kind, '$.Additions') AS additions,
    JSON_VALUE(kind, '$.Edits') AS edits,
    JSON_VALUE(kind, '$.Removals') AS removals,
    JSON_VALUE(kind, '$.Hovers') AS hovers,
    JSON_VALUE(kind, '$.DataPointClicks') AS data_point_clicks
  FROM sent
  CROSS JOIN UNNEST(JSON_QUERY_ARRAY(code_insights_usage, '$.WeeklyUsageStatisticsByInsight')) AS kind
),
kind_totals AS (
  SELECT
    site_id,
    week,
    SUM(@whole_number(additions)) AS additions,
    SUM(@whole_number(edits)) AS edits,
    SUM(@whole_number(removals)) AS removals,
    SUM(@whole_number(hovers)) AS hovers,
    SUM(@whole_number(data_point_clicks)) AS data_point_clicks
  FROM sent_kinds
  GROUP BY site_id, week
)
SELECT
  sent.site_id,
  sent.week,
  days.account_id,
  days.account_name,
  days.account_key,
  days.installer_email,
  days.account_type,
  days.instance_type,
  days.products,
  @whole_number(JSON_VALUE(sent.code_insights_usage, '$.WeeklyInsightsPageViews')) AS page_views,
  @whole_number(JSON_VALUE(sent.code_insights_usage, '$.WeeklyInsightsUniquePageViews')) AS page_viewers,
  @whole_number(JSON_VALUE(sent.code_insights_usage, '$.WeeklyInsightCreators')) AS creators,
  kind_totals.additions,
  kind_totals.edits,
  kind_totals.removals,
  kind_totals.hovers,
  kind_totals.data_point_clicks,
  sent.total_insights
FROM sent
INNER JOIN analytics.instance_days AS days ON sent.site_id = days.site_id AND sent.day = days.day
LEFT JOIN kind_totals ON sent.site_id = kind_totals.site_id AND sent.week = kind_totals.week
