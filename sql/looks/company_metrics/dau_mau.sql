/*
title: How often monthly users come back
question: How often do monthly users come back?
definition: Mean daily users of the month divided by its monthly users, over instances that report both (a ratio of sums). The mean is over the month's complete days that have a figure.
caption: "Mean daily users as a share of monthly users. Dashed: not over."
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  dau_mau: {label: All instances, type: FLOAT64, format: percent, rollup: never}
  customers: {label: Customers only, type: FLOAT64, format: percent, rollup: never, rows: {account_type: Customer}}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: line, x: month, y: [dau_mau, customers]}
drill: company_metrics/instance_months
budget: 200 MB
looker: look 1521
*/
SELECT
  month,
  SAFE_DIVIDE(SUM(mean_daily_users), SUM(monthly_users)) AS dau_mau,
  SAFE_DIVIDE(
    SUM(IF(account_type = 'Customer', mean_daily_users, NULL)),
    SUM(IF(account_type = 'Customer', monthly_users, NULL))
  ) AS customers
FROM analytics.instance_months
WHERE @filters
  AND mean_daily_users IS NOT NULL
  AND monthly_users IS NOT NULL
GROUP BY month
ORDER BY month
