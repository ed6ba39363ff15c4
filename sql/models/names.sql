MODEL (
  name analytics.names,
  description 'Names to choose from in filters, one row a kind and name',
  kind FULL,
  grain (kind, name),
  clustered_by kind,
  audits (unique_combination_of_columns(columns := (kind, name))),
  columns (
    kind STRING,
    name STRING,
    key STRING,
    instances INT64
  )
);

WITH named_instances AS (
  SELECT 'account_name' AS kind, account_name AS name, site_id
  FROM analytics.instances
  UNION ALL
  -- An account with a licence and no instance yet can be chosen too.
  SELECT 'account_name' AS kind, accounts.account_name AS name, CAST(NULL AS STRING) AS site_id
  FROM analytics.accounts AS accounts
  INNER JOIN analytics.licence_days AS licences ON accounts.account_id = licences.account_id
  UNION ALL
  SELECT 'account_name' AS kind, account_name AS name, site_id
  FROM analytics.instance_months
  UNION ALL
  SELECT 'installer_email' AS kind, installer_email AS name, site_id
  FROM analytics.instance_months
  UNION ALL
  SELECT 'product' AS kind, product AS name, CAST(NULL AS STRING) AS site_id
  FROM analytics.licence_days AS licences
  CROSS JOIN UNNEST(licences.products) AS product
)
SELECT
  kind,
  name,
  LOWER(name) AS key,
  COUNT(DISTINCT site_id) AS instances
FROM named_instances
WHERE name IS NOT NULL
GROUP BY kind, name
