/*
title: Instances
question: Which instances does the account or installer have, and what do batch changes do there?
definition: One row for each instance that the filters choose in the range. Batch changes, changesets and merged are day-to-day rises over the complete months in which they do, merge rate is merged divided by published (it may exceed 100 %), contributors are the mean per month; the running month is left out of these, as in the counters. A dash means that the instance sends no figures, which is not the same as 0.
caption: Most changesets merged first. Select one to open the instance.
grain: one row an instance
period: month
columns:
  site_id: {label: Site id, type: STRING, format: code}
  installer_email: {label: Installer email, type: STRING}
  instance_type: {label: Hosting, type: STRING}
  created: {label: Batch changes, type: INT64, format: integer, unit: batch changes}
  published: {label: Changesets, type: INT64, format: integer, unit: changesets}
  merged: {label: Merged, type: INT64, format: integer, unit: changesets}
  merge_rate: {label: Merge rate, type: FLOAT64, format: percent, show: progress}
  contributors: {label: Contributors, type: FLOAT64, format: decimal, unit: people}
  last_day: {label: Last activity, type: DATE, format: date}
  last_ping_at: {label: Last ping, type: TIMESTAMP, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: month}
chart: {kind: table, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 200 MB
*/
WITH instances AS (
  SELECT
    site_id,
    month,
    installer_email,
    instance_type,
    last_ping_at,
    ROW_NUMBER() OVER (PARTITION BY site_id ORDER BY month DESC) AS months_back
  FROM analytics.instance_months
  WHERE @filters
)
SELECT
  instances.site_id,
  MAX(IF(instances.months_back = 1, instances.installer_email, NULL)) AS installer_email,
  MAX(IF(instances.months_back = 1, instances.instance_type, NULL)) AS instance_type,
  SUM(IF(figures.complete, figures.created, NULL)) AS created,
  SUM(IF(figures.complete, figures.published, NULL)) AS published,
  SUM(IF(figures.complete, figures.merged, NULL)) AS merged,
  SAFE_DIVIDE(
    SUM(IF(figures.complete, figures.merged, NULL)), SUM(IF(figures.complete, figures.published, NULL))
  ) AS merge_rate,
  AVG(IF(figures.complete, figures.contributors, NULL)) AS contributors,
  MAX(figures.last_day) AS last_day,
  MAX(instances.last_ping_at) AS last_ping_at
FROM instances
LEFT JOIN analytics.batch_change_months AS figures
  ON instances.site_id = figures.site_id AND instances.month = figures.month
GROUP BY instances.site_id
ORDER BY merged DESC, last_ping_at DESC, site_id
