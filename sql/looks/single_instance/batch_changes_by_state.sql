/*
title: Batch changes by state
question: How many batch changes are open, and how many have been closed?
definition: Batch changes that exist at the end of the month, by state. Open are all less the closed ones, by the running totals of the month's last day that sends them.
caption: "At the month's end. Pale: not over."
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  open_batch_changes: {label: Open, type: INT64, format: integer, rollup: sum}
  closed_batch_changes: {label: Closed, type: INT64, format: integer, rollup: sum}
filters: {site: site_id, date: day}
chart: {kind: stacked_bar, x: month, y: [open_batch_changes, closed_batch_changes]}
sent: {field: batch_changes_usage, since: "4.0"}
budget: 1 GB
*/
WITH last_known_days AS (
  SELECT
    DATE_TRUNC(day, MONTH) AS month,
    batch_changes,
    batch_changes_closed
  FROM analytics.instance_days
  WHERE @filters
    AND batch_changes IS NOT NULL
    AND batch_changes_closed IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY site_id, DATE_TRUNC(day, MONTH) ORDER BY day DESC) = 1
)
SELECT
  month,
  SUM(batch_changes - batch_changes_closed) AS open_batch_changes,
  SUM(batch_changes_closed) AS closed_batch_changes
FROM last_known_days
GROUP BY month
ORDER BY month
