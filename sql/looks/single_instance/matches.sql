/*
title: Instances found
question: Which instances fit the account, the installer email or the search?
definition: Instances of the chosen account, account type and installer email as they are now, also those that fell silent. An installer email finds an instance that sent it at any time. The search looks for a part of an account name (also of an account that the instance left), installer email, site id or licence key. Monthly users are those of the last complete month. The line has those of the last 12 complete months; months without a figure are left out.
grain: one row an instance
period: instant
columns:
  site_id: {label: Site id, type: STRING, format: code}
  account_name: {label: Account, type: STRING}
  installer_email: {label: Installer email, type: STRING}
  instance_type: {label: Hosting, type: STRING}
  version: {label: Version, type: STRING}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  users_by_month: {label: 12 months, type: ARRAY<INT64>, show: sparkline}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_type: {label: Account type, type: STRING, hidden: true}
  telemetry_status: {label: Telemetry, type: STRING, hidden: true}
filters: {account_name: instances.account_key, installer_email: instances.installer_emails, account_type: instances.account_type, find: instances.search_terms, site: instances.site_id}
chart: {kind: table, series: site_id}
opens: {filters: {site: site_id}}
budget: 50 MB
*/
SELECT
  instances.site_id,
  instances.account_name,
  instances.installer_email,
  instances.instance_type,
  instances.version,
  instances.monthly_users,
  instances.users_by_month,
  instances.last_ping_at,
  instances.account_type,
  accounts.telemetry_status
FROM analytics.instances AS instances
LEFT JOIN analytics.accounts AS accounts ON instances.account_id = accounts.account_id
WHERE @filters
ORDER BY instances.monthly_users DESC, instances.last_ping_at DESC, instances.site_id
