/*
title: How often monthly users come back
question: Who comes back?
definition: A share.
caption: A share.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  dau_mau: {label: All instances, type: FLOAT64, format: percent, rollup: never}
filters: {account_name: account_key, date: month}
chart: {kind: line, x: month, y: dau_mau}
drill: company_metrics/instance_months
budget: 200 MB
looker: look 1521
*/
SELECT
  month,
  SAFE_DIVIDE(SUM(mean_daily_users), SUM(monthly_users)) AS dau_mau
FROM analytics.instance_months
WHERE @filters
GROUP BY month
ORDER BY month
