/*
title: Instances of the account
question: Which instances do the account's users belong to?
definition: One row for each month and instance of the instance's present account, as they belonged to it in that month. User accounts are those of the month's last ping.
grain: one row an instance and month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  site_id: {label: Site id, type: STRING, format: code}
  installer_email: {label: Installer email, type: STRING}
  instance_type: {label: Hosting, type: STRING}
  version: {label: Version, type: STRING}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  user_accounts: {label: User accounts, type: INT64, format: integer, unit: accounts}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
filters: {site: site_id, date: month}
chart: {kind: table, x: month, series: site_id}
opens: {filters: {site: site_id}}
budget: 200 MB
*/
SELECT
  month,
  site_id,
  installer_email,
  instance_type,
  version,
  monthly_users,
  user_accounts,
  last_ping_at
FROM analytics.instance_months
WHERE @filters
  AND account_id IN (SELECT account_id FROM analytics.instances WHERE @filter_site)
ORDER BY month DESC, monthly_users DESC, site_id
