/*
title: What became of changesets
question: What became of the changesets of each week's batch changes?
definition: Changesets of the batch changes created in a week (from Monday), by their state when their instance last told. The last 52 weeks that instances tell of, whatever the date filter says, since only the present state is known.
caption: "By the week of creation and state now. Last 12 months. Pale: not over."
grain: one row a week (from Monday) and state
period: week_monday
columns:
  week: {label: Created in, type: DATE, format: week}
  state: {label: State now, type: STRING}
  changesets: {label: Changesets, type: INT64, format: integer, rollup: sum, unit: changesets}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products}
chart: {kind: stacked_bar, x: week, y: changesets, series: state}
drill: batch_changes/instance_changesets
budget: 100 MB
*/
WITH newest AS (
  SELECT DATE_TRUNC(MAX(reported_on), WEEK(MONDAY)) AS week
  FROM analytics.batch_change_cohorts
)
SELECT
  cohorts.week,
  states.state,
  SUM(states.changesets) AS changesets
FROM analytics.batch_change_cohorts AS cohorts
CROSS JOIN newest
CROSS JOIN UNNEST([
  STRUCT('Merged' AS state, cohorts.merged AS changesets),
  STRUCT('Open' AS state, cohorts.open AS changesets),
  STRUCT('Draft' AS state, cohorts.draft AS changesets),
  STRUCT('Unpublished' AS state, cohorts.unpublished AS changesets),
  STRUCT('Closed' AS state, cohorts.closed AS changesets)
]) AS states
WHERE @filters
  AND cohorts.week > DATE_SUB(newest.week, INTERVAL 52 WEEK)
  AND states.changesets IS NOT NULL
GROUP BY cohorts.week, states.state
ORDER BY cohorts.week, states.state
