MODEL (
  name analytics.licence_days,
  description 'The licence in force, one row an account and day',
  kind FULL,
  grain (account_id, day),
  partitioned_by day,
  clustered_by account_id,
  audits (no_future_day, unique_combination_of_columns(columns := (account_id, day))),
  columns (
    account_id STRING,
    day DATE,
    license_id STRING,
    plan STRING,
    is_paid BOOL,
    seats INT64,
    products ARRAY<STRING>,
    created_at TIMESTAMP,
    expires_at TIMESTAMP
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
licences AS (
  SELECT
    licences.account_id,
    licences.license_id,
    licences.license_key,
    LOWER(TRIM(licences.plan)) AS plan,
    COALESCE(LOWER(TRIM(licences.plan)), '') NOT IN ('free', 'trial') AS is_paid,
    licences.seats,
    COALESCE(licences.products, CAST([] AS ARRAY<STRING>)) AS products,
    licences.created_at,
    licences.expires_at,
    DATE(licences.created_at) AS first_day,
    LEAST(COALESCE(DATE_SUB(DATE(licences.expires_at), INTERVAL 1 DAY), last_days.day), last_days.day) AS last_day
  FROM sourcegraph_analytics.licenses AS licences
  CROSS JOIN last_days
  WHERE licences.account_id IS NOT NULL AND licences.created_at IS NOT NULL
),
days_in_force AS (
  SELECT
    licences.account_id,
    day_in_force AS day,
    licences.license_id,
    licences.license_key,
    licences.plan,
    licences.is_paid,
    licences.seats,
    licences.products,
    licences.created_at,
    licences.expires_at
  FROM licences
  CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(licences.first_day, licences.last_day)) AS day_in_force
)
SELECT
  account_id,
  day,
  license_id,
  plan,
  is_paid,
  seats,
  products,
  created_at,
  expires_at
FROM days_in_force
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY account_id, day
  ORDER BY is_paid DESC, created_at DESC, license_id DESC, license_key DESC
) = 1
