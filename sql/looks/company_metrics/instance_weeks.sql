/*
title: Instances with weekly users
question: Which instances do the weekly users belong to?
definition: One row for each instance and week (from Sunday) with weekly users. Account, type, version and deployment are those of the week's last ping.
grain: one row an instance and week (from Sunday)
period: week_sunday
columns:
  week: {label: Week, type: DATE, format: week}
  account_name: {label: Account, type: STRING}
  account_type: {label: Account type, type: STRING}
  site_id: {label: Site id, type: STRING}
  installer_email: {label: Installer email, type: STRING}
  instance_type: {label: Instance type, type: STRING}
  deployment_type: {label: Deployment, type: STRING}
  version: {label: Version, type: STRING}
  weekly_users: {label: Weekly users, type: INT64, format: integer, unit: users}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: week}
chart: {kind: table, x: week, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 200 MB
*/
SELECT
  week,
  account_name,
  account_type,
  site_id,
  installer_email,
  instance_type,
  deploy_type AS deployment_type,
  version,
  weekly_users,
  last_ping_at,
  account_id
FROM analytics.instance_weeks
WHERE @filters
  AND weekly_users IS NOT NULL
ORDER BY week DESC, weekly_users DESC, site_id
