/*
title: Batch changes created
label: Created
question: How many batch changes were created in the range?
definition: Sum of the day-to-day rises of each instance's running total.
grain: one row
period: month
columns:
  created: {label: Created, type: INT64, format: integer}
filters: {account_name: account_key, date: month}
chart: {kind: counter, y: created}
over: range
trend: odd/created_by_month
drill: odd/created_rows
budget: 200 MB
*/
SELECT SUM(created) AS created
FROM analytics.batch_change_months
WHERE @filters
