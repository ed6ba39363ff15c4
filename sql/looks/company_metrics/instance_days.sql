/*
title: Instances by day
question: Which instances do the daily users belong to?
definition: One row for each instance and day with a figure of daily users. Account, type, version and deployment are those of the day's last ping.
grain: one row an instance and day
period: day
columns:
  day: {label: Day, type: DATE, format: date}
  account_name: {label: Account, type: STRING}
  account_type: {label: Account type, type: STRING}
  site_id: {label: Site id, type: STRING}
  installer_email: {label: Installer email, type: STRING}
  instance_type: {label: Instance type, type: STRING}
  deployment_type: {label: Deployment, type: STRING}
  version: {label: Version, type: STRING}
  daily_users: {label: Daily users, type: INT64, format: integer, unit: users}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: day}
chart: {kind: table, x: day, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 500 MB
*/
SELECT
  day,
  account_name,
  account_type,
  site_id,
  installer_email,
  instance_type,
  deploy_type AS deployment_type,
  version,
  daily_users,
  last_ping_at,
  account_id
FROM analytics.instance_days
WHERE @filters
  AND daily_users IS NOT NULL
ORDER BY day DESC, daily_users DESC, site_id
