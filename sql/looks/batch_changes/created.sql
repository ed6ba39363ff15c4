/*
title: Batch changes created
label: Batch changes
question: How many batch changes were created?
definition: Sum of the day-to-day rises of each instance's running count over the complete months of the range. A fall (a batch change was deleted, the instance was set up anew) counts nothing.
grain: one row
period: month
columns:
  created: {label: Batch changes created, type: INT64, format: integer, rollup: sum, unit: batch changes}
  published: {label: Changesets published, type: INT64, format: integer, rollup: sum, unit: changesets}
  merged: {label: Changesets merged, type: INT64, format: integer, rollup: sum, unit: changesets}
  merge_rate: {label: Merge rate, type: FLOAT64, format: percent, rollup: never}
  contributors: {label: "Contributors, mean per month", type: FLOAT64, format: integer, rollup: never, unit: people}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: month}
chart: {kind: counter, y: created}
over: range
trend: batch_changes/by_month
drill: batch_changes/instance_months
budget: 100 MB
*/
WITH months AS (
  SELECT
    month,
    SUM(created) AS created,
    SUM(published) AS published,
    SUM(merged) AS merged,
    SUM(contributors) AS contributors
  FROM analytics.batch_change_months
  WHERE @filters
  GROUP BY month
)
SELECT
  SUM(created) AS created,
  SUM(published) AS published,
  SUM(merged) AS merged,
  SAFE_DIVIDE(SUM(merged), SUM(published)) AS merge_rate,
  AVG(contributors) AS contributors
FROM months
