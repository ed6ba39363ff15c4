/*
title: Monthly users by instance type
question: How many people use Sourcegraph in a month, and where does it run for them?
definition: Users active in the month as each instance reports them, added over instances. A person on two instances counts twice.
caption: "Users active in the month. Pale: not over."
grain: one row a month and instance type
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  instance_type: {label: Instance type, type: STRING}
  monthly_users: {label: Monthly users, type: INT64, format: integer, rollup: sum, unit: users}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: stacked_bar, x: month, y: monthly_users, series: instance_type}
drill: company_metrics/instance_months
budget: 200 MB
looker: look 1519
*/
SELECT
  month,
  instance_type,
  SUM(monthly_users) AS monthly_users
FROM analytics.instance_months
WHERE @filters
  AND monthly_users IS NOT NULL
GROUP BY month, instance_type
ORDER BY month, instance_type
