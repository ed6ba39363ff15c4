MODEL (
  name analytics.account_months,
  description 'Accounts with their seats and users, one row an account and month',
  kind FULL,
  grain (account_id, month),
  partitioned_by month,
  clustered_by (account_key, account_id),
  audits (unique_combination_of_columns(columns := (account_id, month))),
  columns (
    account_id STRING,
    month DATE,
    account_name STRING,
    account_key STRING,
    installer_email ARRAY<STRING>,
    account_type STRING,
    instance_type ARRAY<STRING>,
    products ARRAY<STRING>,
    plan STRING,
    seats INT64,
    instances INT64,
    pings INT64,
    last_ping_at TIMESTAMP,
    monthly_users INT64,
    user_accounts INT64,
    version STRING,
    version_major INT64,
    version_minor INT64,
    releases_behind INT64,
    max_releases_behind INT64
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
account_months AS (
  SELECT account_id, DATE_TRUNC(day, MONTH) AS month
  FROM analytics.licence_days
  GROUP BY account_id, DATE_TRUNC(day, MONTH)
  UNION DISTINCT
  SELECT account_id, DATE_TRUNC(day, MONTH) AS month
  FROM analytics.instance_days
  WHERE account_id IS NOT NULL AND pings > 0
  GROUP BY account_id, DATE_TRUNC(day, MONTH)
),
-- The licence of the month's last day; of the newest day with data while the month runs.
closing_months AS (
  SELECT months.account_id, months.month, LEAST(LAST_DAY(months.month, MONTH), last_days.day) AS closing_day
  FROM account_months AS months
  CROSS JOIN last_days
),
account_names AS (
  SELECT id, name
  FROM salesforce_data.accounts
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY COALESCE(is_deleted, FALSE), created_date DESC, name) = 1
),
usage AS (
  SELECT
    account_id,
    month,
    COUNTIF(pings > 0) AS instances,
    SUM(pings) AS pings,
    MAX(last_ping_at) AS last_ping_at,
    SUM(monthly_users) AS monthly_users,
    SUM(user_accounts) AS user_accounts,
    MAX(CASE WHEN pings > 0 THEN version_major * 100000 + version_minor END) AS highest_version,
    MIN(CASE WHEN pings > 0 THEN releases_behind END) AS releases_behind,
    MAX(CASE WHEN pings > 0 THEN releases_behind END) AS max_releases_behind,
    ARRAY_AGG(DISTINCT instance_type IGNORE NULLS ORDER BY instance_type) AS instance_types,
    ARRAY_AGG(DISTINCT installer_email IGNORE NULLS ORDER BY installer_email) AS installer_emails
  FROM analytics.instance_months
  WHERE account_id IS NOT NULL
  GROUP BY account_id, month
)
SELECT
  months.account_id,
  months.month,
  account_names.name AS account_name,
  LOWER(account_names.name) AS account_key,
  COALESCE(usage.installer_emails, CAST([] AS ARRAY<STRING>)) AS installer_email,
  CASE WHEN licences.is_paid THEN 'Customer' ELSE 'Free' END AS account_type,
  COALESCE(usage.instance_types, CAST([] AS ARRAY<STRING>)) AS instance_type,
  COALESCE(licences.products, CAST([] AS ARRAY<STRING>)) AS products,
  licences.plan,
  licences.seats,
  COALESCE(usage.instances, 0) AS instances,
  COALESCE(usage.pings, 0) AS pings,
  usage.last_ping_at,
  usage.monthly_users,
  usage.user_accounts,
  CONCAT(
    CAST(DIV(usage.highest_version, 100000) AS STRING), '.', CAST(MOD(usage.highest_version, 100000) AS STRING)
  ) AS version,
  DIV(usage.highest_version, 100000) AS version_major,
  MOD(usage.highest_version, 100000) AS version_minor,
  usage.releases_behind,
  usage.max_releases_behind
FROM closing_months AS months
LEFT JOIN account_names ON months.account_id = account_names.id
LEFT JOIN analytics.licence_days AS licences
  ON months.account_id = licences.account_id AND months.closing_day = licences.day
LEFT JOIN usage ON months.account_id = usage.account_id AND months.month = usage.month
