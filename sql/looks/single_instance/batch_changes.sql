/*
title: Batch changes
question: How many batch changes are created and closed in a month?
definition: Batch changes created and closed in the month, the sums of the day-to-day rises of the instance's running totals. A total that falls (something was deleted, the instance was set up anew) counts nothing.
caption: "Per month. Pale: not over."
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  created: {label: Created, type: INT64, format: integer, rollup: sum}
  closed: {label: Closed, type: INT64, format: integer, rollup: sum}
  published: {label: Published, type: INT64, format: integer, rollup: sum, unit: changesets, hidden: true}
  merged: {label: Merged, type: INT64, format: integer, rollup: sum, unit: changesets, hidden: true}
  contributors: {label: Contributors, type: INT64, format: integer, hidden: true}
  users: {label: Users, type: INT64, format: integer, hidden: true}
filters: {site: site_id, date: month}
chart: {kind: bar, x: month, y: [created, closed]}
sent: {field: batch_changes_usage, since: "4.0"}
budget: 200 MB
*/
SELECT
  month,
  SUM(created) AS created,
  SUM(closed) AS closed,
  SUM(published) AS published,
  SUM(merged) AS merged,
  SUM(contributors) AS contributors,
  SUM(users) AS users
FROM analytics.batch_change_months
WHERE @filters
GROUP BY month
ORDER BY month
