/*
title: Customers active last
question: Which customers pinged last?
definition: Accounts with a paid licence, each with its instance of the most monthly users; the 20 whose instance pinged last. Monthly users are those of the last complete month; the line has those of the last 12.
caption: The 20 customers that pinged last. A row opens the instance.
grain: one row a customer
period: instant
columns:
  account_name: {label: Account, type: STRING}
  site_id: {label: Site id, type: STRING, format: code}
  instance_type: {label: Hosting, type: STRING}
  version: {label: Version, type: STRING}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  users_by_month: {label: 12 months, type: ARRAY<INT64>, show: sparkline}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_id: {label: Account id, type: STRING, hidden: true}
chart: {kind: table, series: account_id}
opens: {filters: {site: site_id}}
budget: 50 MB
*/
SELECT
  account_name,
  site_id,
  instance_type,
  version,
  monthly_users,
  users_by_month,
  last_ping_at,
  account_id
FROM analytics.instances
WHERE account_type = 'Customer'
  AND last_ping_at IS NOT NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY monthly_users DESC, last_ping_at DESC, site_id) = 1
ORDER BY last_ping_at DESC, monthly_users DESC, account_name, account_id
LIMIT 20
