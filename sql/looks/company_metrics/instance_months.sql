/*
title: Instances with monthly users
question: Which instances do the monthly users belong to?
definition: One row for each instance and month with monthly users. Account, type, version and deployment are those of the month's last ping.
grain: one row an instance and month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  account_name: {label: Account, type: STRING}
  account_type: {label: Account type, type: STRING}
  site_id: {label: Site id, type: STRING}
  installer_email: {label: Installer email, type: STRING}
  instance_type: {label: Instance type, type: STRING}
  deployment_type: {label: Deployment, type: STRING}
  version: {label: Version, type: STRING}
  mean_daily_users: {label: Mean daily users, type: FLOAT64, format: decimal, unit: users}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: table, x: month, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 200 MB
*/
SELECT
  month,
  account_name,
  account_type,
  site_id,
  installer_email,
  instance_type,
  deploy_type AS deployment_type,
  version,
  mean_daily_users,
  monthly_users,
  last_ping_at,
  account_id
FROM analytics.instance_months
WHERE @filters
  AND monthly_users IS NOT NULL
ORDER BY month DESC, monthly_users DESC, site_id
