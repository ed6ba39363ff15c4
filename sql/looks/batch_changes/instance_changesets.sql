/*
title: Changesets of instances by state
question: Which instances do the changesets belong to?
definition: One row for each instance, week in which batch changes were created (from Monday) and state of their changesets, as the instance last told.
grain: one row an instance, week and state
period: week_monday
columns:
  week: {label: Created in, type: DATE, format: week}
  account_name: {label: Account, type: STRING}
  site_id: {label: Site id, type: STRING, format: code}
  installer_email: {label: Installer email, type: STRING}
  state: {label: State now, type: STRING}
  changesets: {label: Changesets, type: INT64, format: integer, unit: changesets}
  reported_on: {label: Told on, type: DATE, format: date}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: week}
chart: {kind: table, x: week, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 100 MB
*/
SELECT
  cohorts.week,
  cohorts.account_name,
  cohorts.site_id,
  cohorts.installer_email,
  states.state,
  states.changesets,
  cohorts.reported_on
FROM analytics.batch_change_cohorts AS cohorts
CROSS JOIN UNNEST([
  STRUCT('Merged' AS state, cohorts.merged AS changesets),
  STRUCT('Open' AS state, cohorts.open AS changesets),
  STRUCT('Draft' AS state, cohorts.draft AS changesets),
  STRUCT('Unpublished' AS state, cohorts.unpublished AS changesets),
  STRUCT('Closed' AS state, cohorts.closed AS changesets)
]) AS states
WHERE @filters
  AND states.changesets IS NOT NULL
ORDER BY week DESC, changesets DESC, site_id, state
