/*
title: Customers on the latest version
label: On latest version
question: How many customers run the latest release?
definition: Customers whose highest version is on the latest minor release, divided by customers with an active instance, in the last complete month. Releases are those known on the month's last day. Versions that say nothing (dev, blank, App) are unknown and count among all customers. An installer email or instance type selects whole accounts.
caption: Customers whose highest version is the latest, last complete month.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  latest_version_share: {label: On latest version, type: FLOAT64, format: percent, rollup: never}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: counter, x: month, y: latest_version_share}
over: last
drill: company_metrics/customer_versions
budget: 200 MB
*/
SELECT
  month,
  SAFE_DIVIDE(COUNTIF(releases_behind = 0), COUNT(*)) AS latest_version_share
FROM analytics.account_months
WHERE @filters
  AND account_type = 'Customer'
  AND pings > 0
GROUP BY month
ORDER BY month
