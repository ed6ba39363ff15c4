/*
title: Batch changes created and closed
question: How many batch changes are created and closed in a month?
definition: Sums over the month of the day-to-day rises of what each instance counts. A fall (a batch change was deleted, the instance was set up anew) counts nothing. At least 12 months are shown.
caption: "By month. Pale: not over."
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  created: {label: Created, type: INT64, format: integer, rollup: sum, unit: batch changes}
  closed: {label: Closed, type: INT64, format: integer, rollup: sum, unit: batch changes}
  created_executor: {label: From the UI, type: INT64, format: integer, rollup: sum, unit: batch changes, hidden: true}
  created_local: {label: Command line, type: INT64, format: integer, rollup: sum, unit: batch changes, hidden: true}
  published: {label: Published, type: INT64, format: integer, rollup: sum, unit: changesets, hidden: true}
  merged: {label: Merged, type: INT64, format: integer, rollup: sum, unit: changesets, hidden: true}
  merge_rate: {label: Merge rate, type: FLOAT64, format: percent, rollup: never, hidden: true}
  contributors: {label: Contributors, type: INT64, format: integer, rollup: sum, unit: people, hidden: true}
  instances: {label: Instances, type: INT64, format: integer, rollup: sum, unit: instances, hidden: true, rows: {in_use: "Yes"}}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: month}
chart: {kind: bar, x: month, y: [created, closed]}
at_least: 12
drill: batch_changes/instance_months
budget: 100 MB
*/
SELECT
  month,
  SUM(created) AS created,
  SUM(closed) AS closed,
  SUM(created_executor) AS created_executor,
  SUM(created_local) AS created_local,
  SUM(published) AS published,
  SUM(merged) AS merged,
  SAFE_DIVIDE(SUM(merged), SUM(published)) AS merge_rate,
  SUM(contributors) AS contributors,
  COUNTIF(users > 0) AS instances
FROM analytics.batch_change_months
WHERE @filters
GROUP BY month
ORDER BY month
