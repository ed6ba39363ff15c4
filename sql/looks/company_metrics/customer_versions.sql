/*
title: Customers and their versions
question: Which customers run which version?
definition: One row for each customer and month with an active instance. Highest version among its instances that pinged in the month; releases behind counts newer minor releases known on the month's last day. An installer email or instance type selects whole accounts.
grain: one row a customer and month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  account_name: {label: Account, type: STRING}
  highest_version: {label: Highest version, type: STRING}
  releases_behind: {label: Releases behind, type: INT64, format: integer}
  instances: {label: Instances, type: INT64, format: integer}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_id: {label: Account id, type: STRING, hidden: true}
  version: {label: Version, type: STRING, hidden: true}
  release: {label: Release, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: table, x: month, series: account_id}
drill: company_metrics/active_instances
opens: {page: single_instance, filters: {account_name: account_name}}
budget: 200 MB
*/
WITH customers AS (
  SELECT
    month,
    account_name,
    version AS highest_version,
    releases_behind,
    instances,
    monthly_users,
    last_ping_at,
    account_id
  FROM analytics.account_months
  WHERE @filters
    AND account_type = 'Customer'
    AND pings > 0
)
SELECT
  month,
  account_name,
  highest_version,
  releases_behind,
  instances,
  monthly_users,
  last_ping_at,
  account_id,
  CASE
    WHEN releases_behind IS NULL THEN 'unknown'
    WHEN releases_behind > 8 THEN 'older'
    ELSE highest_version
  END AS version,
  CASE
    WHEN releases_behind IS NULL THEN 'Unknown'
    WHEN releases_behind = 0 THEN 'Latest'
    WHEN releases_behind = 1 THEN 'One behind'
    ELSE 'Older'
  END AS release
FROM customers
ORDER BY month DESC, releases_behind, account_name, account_id
