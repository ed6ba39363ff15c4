MODEL (
  name analytics.accounts,
  description 'Accounts as they are today, one row an account',
  kind FULL,
  grain account_id,
  clustered_by account_key,
  audits (unique_combination_of_columns(columns := (account_id)), mapped_accounts_exist),
  columns (
    account_id STRING,
    account_name STRING,
    account_key STRING,
    installer_email ARRAY<STRING>,
    account_type STRING,
    instance_type ARRAY<STRING>,
    products ARRAY<STRING>,
    salesforce_type STRING,
    account_executive STRING,
    customer_engineer STRING,
    technical_advisor STRING,
    created_date DATE,
    customer_since DATE,
    region STRING,
    website STRING,
    is_deleted BOOL,
    telemetry_status STRING,
    telemetry_status_updated_at TIMESTAMP,
    telemetry_status_updated_by STRING,
    plan STRING,
    seats INT64,
    license_expires_at TIMESTAMP,
    instances INT64,
    last_ping_at TIMESTAMP
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
named_accounts AS (
  SELECT
    id,
    name,
    type,
    owner,
    customer_engineer,
    technical_advisor,
    created_date,
    customer_since,
    region,
    website,
    COALESCE(is_deleted, FALSE) AS is_deleted
  FROM salesforce_data.accounts
  WHERE id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY COALESCE(is_deleted, FALSE), created_date DESC, name) = 1
),
licences AS (
  SELECT licences.account_id, licences.plan, licences.is_paid, licences.seats, licences.products, licences.expires_at
  FROM analytics.licence_days AS licences
  INNER JOIN last_days ON licences.day = last_days.day
),
telemetry AS (
  SELECT account_id, status, updated_at, updated_by
  FROM sourcegraph_analytics.telemetry_status
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY updated_at DESC, status) = 1
),
account_instances AS (
  SELECT
    account_id,
    COUNT(*) AS instances,
    MAX(last_ping_at) AS last_ping_at,
    ARRAY_AGG(DISTINCT instance_type IGNORE NULLS ORDER BY instance_type) AS instance_types,
    ARRAY_AGG(DISTINCT installer_email IGNORE NULLS ORDER BY installer_email) AS installer_emails
  FROM analytics.instances
  WHERE account_id IS NOT NULL
  GROUP BY account_id
)
SELECT
  accounts.id AS account_id,
  accounts.name AS account_name,
  LOWER(accounts.name) AS account_key,
  COALESCE(account_instances.installer_emails, CAST([] AS ARRAY<STRING>)) AS installer_email,
  CASE WHEN licences.is_paid THEN 'Customer' ELSE 'Free' END AS account_type,
  COALESCE(account_instances.instance_types, CAST([] AS ARRAY<STRING>)) AS instance_type,
  COALESCE(licences.products, CAST([] AS ARRAY<STRING>)) AS products,
  accounts.type AS salesforce_type,
  accounts.owner AS account_executive,
  accounts.customer_engineer,
  accounts.technical_advisor,
  accounts.created_date,
  accounts.customer_since,
  accounts.region,
  accounts.website,
  accounts.is_deleted,
  telemetry.status AS telemetry_status,
  telemetry.updated_at AS telemetry_status_updated_at,
  telemetry.updated_by AS telemetry_status_updated_by,
  licences.plan,
  licences.seats,
  licences.expires_at AS license_expires_at,
  COALESCE(account_instances.instances, 0) AS instances,
  account_instances.last_ping_at
FROM named_accounts AS accounts
LEFT JOIN licences ON accounts.id = licences.account_id
LEFT JOIN telemetry ON accounts.id = telemetry.account_id
LEFT JOIN account_instances ON accounts.id = account_instances.account_id
