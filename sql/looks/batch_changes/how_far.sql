/*
title: How far changesets get
question: How many of the changesets are published, and how many are merged?
definition: Changesets of the batch changes created in the weeks (from Monday) of the range, by how far they have got when their instance last told. Published ones may be open, drafts, closed or merged. Instances tell of the last 12 months. Batch specs run are counted apart and without a share, since instances count those of the 93 days before their last ping, and forget older ones. Instances silent for three months are left out there.
caption: "Share of all. {batch_specs} batch specs ran in the last 93 days."
grain: one row a step
period: week_monday
columns:
  step: {label: Step, type: STRING}
  changesets: {label: Changesets, type: INT64, format: integer, unit: changesets}
  batch_specs: {label: Batch specs of the last 93 days, type: INT64, format: integer, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: week}
chart: {kind: funnel, x: step, y: changesets, order: given}
drill: batch_changes/instance_steps
budget: 200 MB
*/
WITH steps AS (
  SELECT
    steps.step,
    MIN(steps.place) AS place,
    SUM(states.changesets) AS changesets
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
  WHERE @filter_date
    AND @filters
  GROUP BY steps.step
),
last_months AS (
  SELECT
    account_key,
    installer_email,
    account_type,
    products,
    batch_specs_93_days
  FROM analytics.batch_change_months
  WHERE month > (
    SELECT DATE_SUB(MAX(month), INTERVAL 3 MONTH)
    FROM analytics.batch_change_months
  )
  QUALIFY ROW_NUMBER() OVER (PARTITION BY site_id ORDER BY month DESC) = 1
)
SELECT
  step,
  changesets,
  (
    SELECT SUM(batch_specs_93_days)
    FROM last_months
    WHERE @filters
  ) AS batch_specs
FROM steps
ORDER BY place
