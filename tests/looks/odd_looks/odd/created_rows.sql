/*
title: Batch changes by instance
question: Which instances created batch changes?
definition: One row an instance and month.
grain: one row an instance and month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  site_id: {label: Site id, type: STRING}
  created: {label: Created, type: INT64, format: integer}
filters: {account_name: account_key, date: month}
chart: {kind: table, x: month, series: site_id}
budget: 200 MB
*/
SELECT
  month,
  site_id,
  created
FROM analytics.batch_change_months
WHERE @filters
ORDER BY month DESC, site_id
