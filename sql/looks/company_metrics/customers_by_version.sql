/*
title: Customers by version
question: How current are our customers' instances?
definition: Customers with an active instance in the last complete month of the range, each by the highest version among its instances that pinged in the month (major and minor; patches are ignored). Releases are those known on the month's last day. Versions that say nothing (dev, blank, App) are unknown and count among all customers. An installer email or instance type selects whole accounts.
caption: "{period}: {on_latest} on the latest, {on_latest_two} on the latest two."
grain: one row a version, newest first
period: month
columns:
  version: {label: Version, type: STRING}
  release: {label: Release, type: STRING}
  customers: {label: Customers, type: INT64, format: integer, rollup: sum, unit: customers}
  on_latest: {label: On the latest version, type: FLOAT64, format: percent, hidden: true}
  on_latest_two: {label: On the latest two, type: FLOAT64, format: percent, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: bar, x: version, y: customers, series: release, order: given}
over: last
drill: company_metrics/customer_versions
budget: 200 MB
*/
WITH customers AS (
  SELECT
    CASE
      WHEN releases_behind IS NULL THEN 'unknown'
      WHEN releases_behind > 8 THEN 'older'
      ELSE version
    END AS version_shown,
    CASE
      WHEN releases_behind IS NULL THEN 'Unknown'
      WHEN releases_behind = 0 THEN 'Latest'
      WHEN releases_behind = 1 THEN 'One behind'
      ELSE 'Older'
    END AS release,
    releases_behind
  FROM analytics.account_months
  WHERE @filters
    AND account_type = 'Customer'
    AND pings > 0
),
versions AS (
  SELECT
    version_shown,
    release,
    MIN(releases_behind) AS releases_behind,
    COUNT(*) AS customers
  FROM customers
  GROUP BY version_shown, release
)
SELECT
  version_shown AS version,
  release,
  customers,
  SAFE_DIVIDE(SUM(IF(releases_behind = 0, customers, 0)) OVER (), SUM(customers) OVER ()) AS on_latest,
  SAFE_DIVIDE(SUM(IF(releases_behind <= 1, customers, 0)) OVER (), SUM(customers) OVER ()) AS on_latest_two
FROM versions
ORDER BY releases_behind IS NULL, releases_behind, version
