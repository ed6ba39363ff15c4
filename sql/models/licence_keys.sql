MODEL (
  name analytics.licence_keys,
  description 'Licence keys and the instances that sent them, one row a key and instance; a key that none sent has one row',
  kind FULL,
  grain (license_key, site_id),
  clustered_by account_key,
  audits (unique_combination_of_columns(columns := (license_key, site_id))),
  columns (
    license_key STRING,
    license_id STRING,
    account_id STRING,
    account_name STRING,
    account_key STRING,
    plan STRING,
    seats INT64,
    created_at TIMESTAMP,
    expires_at TIMESTAMP,
    site_id STRING,
    installer_emails ARRAY<STRING>,
    first_sent_on DATE,
    last_sent_on DATE,
    search_terms ARRAY<STRING>
  )
);

WITH licences AS (
  SELECT
    TRIM(license_key) AS license_key,
    license_id,
    account_id,
    LOWER(TRIM(plan)) AS plan,
    seats,
    created_at,
    expires_at
  FROM sourcegraph_analytics.licenses
  WHERE TRIM(license_key) != ''
  QUALIFY ROW_NUMBER() OVER (PARTITION BY TRIM(license_key) ORDER BY created_at DESC, license_id DESC) = 1
),
sent_keys AS (
  SELECT
    license_key,
    site_id,
    MIN(day) AS first_sent_on,
    MAX(day) AS last_sent_on,
    ARRAY_AGG(DISTINCT installer_email IGNORE NULLS ORDER BY installer_email) AS installer_emails
  FROM analytics.instance_days
  WHERE license_key IS NOT NULL AND pings > 0
  GROUP BY license_key, site_id
),
account_names AS (
  SELECT id, name
  FROM salesforce_data.accounts
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY COALESCE(is_deleted, FALSE), created_date DESC, name) = 1
),
known_keys AS (
  SELECT
    COALESCE(licences.license_key, sent_keys.license_key) AS license_key,
    licences.license_id,
    licences.account_id,
    account_names.name AS account_name,
    licences.plan,
    licences.seats,
    licences.created_at,
    licences.expires_at,
    sent_keys.site_id,
    COALESCE(sent_keys.installer_emails, CAST([] AS ARRAY<STRING>)) AS installer_emails,
    sent_keys.first_sent_on,
    sent_keys.last_sent_on
  FROM licences
  FULL JOIN sent_keys ON licences.license_key = sent_keys.license_key
  LEFT JOIN account_names ON licences.account_id = account_names.id
)
SELECT
  license_key,
  license_id,
  account_id,
  account_name,
  LOWER(account_name) AS account_key,
  plan,
  seats,
  created_at,
  expires_at,
  site_id,
  installer_emails,
  first_sent_on,
  last_sent_on,
  ARRAY_CONCAT(
    [LOWER(license_key)],
    CASE WHEN license_id IS NULL THEN CAST([] AS ARRAY<STRING>) ELSE [LOWER(license_id)] END,
    CASE WHEN account_name IS NULL THEN CAST([] AS ARRAY<STRING>) ELSE [LOWER(account_name)] END,
    CASE WHEN site_id IS NULL THEN CAST([] AS ARRAY<STRING>) ELSE [LOWER(site_id)] END,
    installer_emails
  ) AS search_terms
FROM known_keys
