/*
title: How far changesets of instances get
question: Which instances do the changesets of a step belong to?
definition: One row for each instance and step, over the batch changes created in the weeks (from Monday) of the range, as the instance last told.
grain: one row an instance and step
period: week_monday
columns:
  step: {label: Step, type: STRING}
  account_name: {label: Account, type: STRING}
  site_id: {label: Site id, type: STRING, format: code}
  installer_email: {label: Installer email, type: STRING}
  changesets: {label: Changesets, type: INT64, format: integer, unit: changesets}
  reported_on: {label: Told on, type: DATE, format: date}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: week}
chart: {kind: table, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 100 MB
*/
SELECT
  steps.step,
  MAX(cohorts.account_name) AS account_name,
  cohorts.site_id,
  MAX(cohorts.installer_email) AS installer_email,
  SUM(states.changesets) AS changesets,
  MAX(cohorts.reported_on) AS reported_on
FROM analytics.batch_change_cohorts AS cohorts
CROSS JOIN UNNEST([
  STRUCT(1 AS reached, cohorts.unpublished AS changesets),
  STRUCT(2 AS reached, cohorts.open AS changesets),
  STRUCT(2 AS reached, cohorts.draft AS changesets),
  STRUCT(2 AS reached, cohorts.closed AS changesets),
  STRUCT(3 AS reached, cohorts.merged AS changesets)
]) AS states
INNER JOIN UNNEST([
  STRUCT(1 AS place, 'All changesets' AS step),
  STRUCT(2 AS place, 'Published' AS step),
  STRUCT(3 AS place, 'Merged' AS step)
]) AS steps
  ON steps.place <= states.reached
WHERE @filters
  AND states.changesets IS NOT NULL
GROUP BY steps.step, cohorts.site_id
ORDER BY changesets DESC, site_id, step
