/*
title: Monthly users
label: Monthly users
question: How many people use Sourcegraph in a month?
definition: Users active in the last complete month as each instance reports them, added over instances.
caption: Users active in the last complete month.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  monthly_users: {label: Monthly users, type: INT64, format: integer, rollup: never, unit: users}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: counter, x: month, y: monthly_users}
over: last
drill: company_metrics/instance_months
budget: 200 MB
*/
SELECT
  month,
  SUM(monthly_users) AS monthly_users
FROM analytics.instance_months
WHERE @filters
GROUP BY month
ORDER BY month
