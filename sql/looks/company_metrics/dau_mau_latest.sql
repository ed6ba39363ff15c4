/*
title: Daily users as a share of monthly users
label: Daily / monthly
question: How often do monthly users come back?
definition: Mean daily users of the last complete month divided by its monthly users, over instances that report both (a ratio of sums).
caption: Mean daily users as a share of monthly users, last complete month.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  dau_mau: {label: Daily / monthly, type: FLOAT64, format: percent, rollup: never}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: counter, x: month, y: dau_mau}
over: last
drill: company_metrics/instance_months
budget: 200 MB
*/
SELECT
  month,
  SAFE_DIVIDE(SUM(mean_daily_users), SUM(monthly_users)) AS dau_mau
FROM analytics.instance_months
WHERE @filters
  AND mean_daily_users IS NOT NULL
  AND monthly_users IS NOT NULL
GROUP BY month
ORDER BY month
