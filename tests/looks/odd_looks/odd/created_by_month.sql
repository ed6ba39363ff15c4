/*
title: Batch changes created by month
question: How many batch changes were created in a month?
definition: Sum of the day-to-day rises of each instance's running total.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  created: {label: Created, type: INT64, format: integer, rollup: sum}
filters: {account_name: account_key, date: month}
chart: {kind: bar, x: month, y: created}
budget: 200 MB
*/
SELECT
  month,
  SUM(created) AS created
FROM analytics.batch_change_months
WHERE @filter_date AND @filters
GROUP BY month
ORDER BY month
