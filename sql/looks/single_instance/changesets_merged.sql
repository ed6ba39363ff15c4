/*
title: Changesets merged
label: Changesets merged
question: How many changesets were merged in the last month?
definition: Changesets merged in the last complete month, the sum of the day-to-day rises of the instance's running total. A total that falls counts nothing.
caption: Changesets merged in the last complete month.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  merged: {label: Merged, type: INT64, format: integer, rollup: sum, unit: changesets}
filters: {site: site_id, date: month}
chart: {kind: counter, x: month, y: merged}
over: last
sent: {field: batch_changes_usage, since: "4.0"}
budget: 200 MB
*/
SELECT
  month,
  SUM(merged) AS merged
FROM analytics.batch_change_months
WHERE @filters
GROUP BY month
ORDER BY month
