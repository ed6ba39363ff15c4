MODEL (
  name analytics.instance_months,
  description 'Instances with their accounts and users, one row an instance and month',
  kind FULL,
  grain (site_id, month),
  partitioned_by month,
  clustered_by (account_key, site_id),
  audits (unique_combination_of_columns(columns := (site_id, month)), not_null(columns := (account_type, instance_type))),
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
    pings INT64,
    days_with_pings INT64,
    last_ping_at TIMESTAMP,
    monthly_users INT64,
    mean_daily_users FLOAT64,
    mean_weekly_users FLOAT64,
    version STRING,
    version_major INT64,
    version_minor INT64,
    version_patch INT64,
    releases_behind INT64,
    deploy_type STRING,
    user_accounts INT64,
    created_users INT64,
    deleted_users INT64,
    resurrected_users INT64,
    churned_users INT64,
    retained_users INT64,
    batch_change_contributors INT64,
    batch_change_users INT64,
    search_users INT64,
    cody_users INT64,
    cody_events INT64,
    cody_product_users INT64,
    cody_vscode_users INT64,
    cody_jetbrains_users INT64,
    cody_web_users INT64,
    browser_extension_users INT64,
    native_integration_users INT64
  )
);

-- A day counts for the mean once its source is whole up to the day's end.
WITH whole_through AS (
  SELECT
    MAX(CASE WHEN source = 'sourcegraph_analytics.update_checks' THEN data_through END) AS pings,
    MAX(CASE WHEN source = 'dotcom_events.events' THEN data_through END) AS events
  FROM analytics.freshness
),
counted_days AS (
  SELECT
    days.site_id,
    DATE_TRUNC(days.day, MONTH) AS month,
    days.day,
    days.pings,
    days.last_ping_at,
    CASE
      WHEN TIMESTAMP(DATE_ADD(days.day, INTERVAL 1 DAY)) <= COALESCE(
        CASE WHEN days.instance_type = 'Sourcegraph.com' THEN whole_through.events ELSE whole_through.pings END,
        TIMESTAMP '9999-12-31 00:00:00+00'
      ) THEN days.daily_users
    END AS daily_users
  FROM analytics.instance_days AS days
  CROSS JOIN whole_through
),
own_months AS (
  SELECT
    site_id,
    month,
    SUM(pings) AS pings,
    COUNTIF(pings > 0) AS days_with_pings,
    MAX(last_ping_at) AS last_ping_at,
    AVG(daily_users) AS mean_daily_users,
    MAX(CASE WHEN pings > 0 THEN day END) AS last_ping_day,
    MAX(day) AS last_day
  FROM counted_days
  GROUP BY site_id, month
),
-- A week belongs to the month in which it begins.
mean_weeks AS (
  SELECT weeks.site_id, DATE_TRUNC(weeks.week, MONTH) AS month, AVG(weeks.weekly_users) AS mean_weekly_users
  FROM analytics.instance_weeks AS weeks
  CROSS JOIN whole_through
  WHERE TIMESTAMP(DATE_ADD(weeks.week, INTERVAL 7 DAY)) <= COALESCE(
    CASE WHEN weeks.instance_type = 'Sourcegraph.com' THEN whole_through.events ELSE whole_through.pings END,
    TIMESTAMP '9999-12-31 00:00:00+00'
  )
  GROUP BY weeks.site_id, DATE_TRUNC(weeks.week, MONTH)
),
reported_months AS (
  SELECT pings.site_id, entry.month, MAX(entry.users) AS monthly_users, MIN(pings.day) AS reported_on
  FROM analytics.ping_days AS pings
  CROSS JOIN UNNEST(pings.month_users) AS entry
  GROUP BY pings.site_id, entry.month
  UNION ALL
  SELECT
    'sourcegraph.com' AS site_id,
    DATE_TRUNC(day, MONTH) AS month,
    COUNT(DISTINCT user_id) AS monthly_users,
    MAX(day) AS reported_on
  FROM analytics.dotcom_user_days
  GROUP BY DATE_TRUNC(day, MONTH)
),
site_months AS (
  SELECT
    COALESCE(own.site_id, reported.site_id) AS site_id,
    COALESCE(own.month, reported.month) AS month,
    COALESCE(own.pings, 0) AS pings,
    COALESCE(own.days_with_pings, 0) AS days_with_pings,
    own.last_ping_at,
    own.mean_daily_users,
    own.last_ping_day,
    reported.monthly_users,
    COALESCE(own.last_ping_day, own.last_day, reported.reported_on) AS described_on
  FROM own_months AS own
  FULL JOIN reported_months AS reported ON own.site_id = reported.site_id AND own.month = reported.month
),
-- A payload says itself which month it counts: the last one that counts the month.
dated_payloads AS (
  SELECT
    site_id,
    day,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(search_usage, '$.Monthly.StartTime') AS TIMESTAMP)), MONTH) AS search_month,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(cody_usage, '$.Monthly.StartTime') AS TIMESTAMP)), MONTH) AS cody_month,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(code_host_integration_usage, '$.Month.StartTime') AS TIMESTAMP)), MONTH)
      AS integration_month
  FROM analytics.ping_days
  WHERE pings > 0
),
last_searches AS (
  SELECT site_id, search_month AS month, MAX(day) AS day
  FROM dated_payloads
  WHERE search_month IS NOT NULL
  GROUP BY site_id, search_month
),
search_months AS (
  SELECT last.site_id, last.month, JSON_VALUE(pings.search_usage, '$.Monthly.TotalUsers') AS search_users
  FROM last_searches AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
),
last_cody_days AS (
  SELECT site_id, cody_month AS month, MAX(day) AS day
  FROM dated_payloads
  WHERE cody_month IS NOT NULL
  GROUP BY site_id, cody_month
),
cody_months AS (
  SELECT
    last.site_id,
    last.month,
    JSON_VALUE(pings.cody_usage, '$.Monthly.TotalCodyUsers.UserCount') AS cody_users,
    JSON_VALUE(pings.cody_usage, '$.Monthly.TotalCodyUsers.EventsCount') AS cody_events,
    JSON_VALUE(pings.cody_usage, '$.Monthly.TotalProductUsers.UserCount') AS cody_product_users,
    JSON_VALUE(pings.cody_usage, '$.Monthly.TotalVSCodeProductUsers.UserCount') AS cody_vscode_users,
    JSON_VALUE(pings.cody_usage, '$.Monthly.TotalJetBrainsProductUsers.UserCount') AS cody_jetbrains_users,
    JSON_VALUE(pings.cody_usage, '$.Monthly.TotalWebProductUsers.UserCount') AS cody_web_users
  FROM last_cody_days AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
),
last_integrations AS (
  SELECT site_id, integration_month AS month, MAX(day) AS day
  FROM dated_payloads
  WHERE integration_month IS NOT NULL
  GROUP BY site_id, integration_month
),
integration_months AS (
  SELECT
    last.site_id,
    last.month,
    JSON_VALUE(pings.code_host_integration_usage, '$.Month.BrowserExtension.UniquesCount') AS browser_extension_users,
    JSON_VALUE(pings.code_host_integration_usage, '$.Month.NativeIntegration.UniquesCount') AS native_integration_users
  FROM last_integrations AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
),
minor_releases AS (
  SELECT version_major, version_minor, MIN(released_on) AS released_on
  FROM (
    SELECT
      @version_part(version, 0) AS version_major,
      @version_part(version, 1) AS version_minor,
      DATE(released_at) AS released_on
    FROM sourcegraph_analytics.releases
    WHERE NOT REGEXP_CONTAINS(version, r'[+-]')
  )
  WHERE version_minor IS NOT NULL AND released_on IS NOT NULL
  GROUP BY version_major, version_minor
),
described_months AS (
  SELECT
    months.site_id,
    months.month,
    days.account_id,
    days.account_name,
    days.account_key,
    days.installer_email,
    days.account_type,
    days.instance_type,
    days.products,
    months.pings,
    months.days_with_pings,
    months.last_ping_day,
    months.last_ping_at,
    months.monthly_users,
    months.mean_daily_users,
    days.version,
    days.version_major,
    days.version_minor,
    days.version_patch,
    days.deploy_type,
    days.user_accounts
  FROM site_months AS months
  INNER JOIN analytics.instance_days AS days ON months.site_id = days.site_id AND months.described_on = days.day
),
behind AS (
  SELECT months.site_id, months.month, COUNT(releases.version_major) AS releases_behind
  FROM described_months AS months
  LEFT JOIN minor_releases AS releases
    ON releases.released_on <= LAST_DAY(months.month, MONTH)
    AND (
      releases.version_major > months.version_major
      OR (releases.version_major = months.version_major AND releases.version_minor > months.version_minor)
    )
  WHERE months.version_minor IS NOT NULL
  GROUP BY months.site_id, months.month
)
SELECT
  months.site_id,
  months.month,
  months.account_id,
  months.account_name,
  months.account_key,
  months.installer_email,
  months.account_type,
  months.instance_type,
  months.products,
  months.pings,
  months.days_with_pings,
  months.last_ping_at,
  months.monthly_users,
  months.mean_daily_users,
  mean_weeks.mean_weekly_users,
  months.version,
  months.version_major,
  months.version_minor,
  months.version_patch,
  behind.releases_behind,
  months.deploy_type,
  months.user_accounts,
  last_pings.created_users,
  last_pings.deleted_users,
  last_pings.resurrected_users,
  last_pings.churned_users,
  last_pings.retained_users,
  last_pings.batch_change_contributors,
  last_pings.batch_change_users,
  @whole_number(search_months.search_users) AS search_users,
  @whole_number(cody_months.cody_users) AS cody_users,
  @whole_number(cody_months.cody_events) AS cody_events,
  @whole_number(cody_months.cody_product_users) AS cody_product_users,
  @whole_number(cody_months.cody_vscode_users) AS cody_vscode_users,
  @whole_number(cody_months.cody_jetbrains_users) AS cody_jetbrains_users,
  @whole_number(cody_months.cody_web_users) AS cody_web_users,
  @whole_number(integration_months.browser_extension_users) AS browser_extension_users,
  @whole_number(integration_months.native_integration_users) AS native_integration_users
FROM described_months AS months
LEFT JOIN mean_weeks ON months.site_id = mean_weeks.site_id AND months.month = mean_weeks.month
LEFT JOIN behind ON months.site_id = behind.site_id AND months.month = behind.month
LEFT JOIN analytics.ping_days AS last_pings
  ON months.site_id = last_pings.site_id AND months.last_ping_day = last_pings.day
LEFT JOIN search_months ON months.site_id = search_months.site_id AND months.month = search_months.month
LEFT JOIN cody_months ON months.site_id = cody_months.site_id AND months.month = cody_months.month
LEFT JOIN integration_months
  ON months.site_id = integration_months.site_id AND months.month = integration_months.month
