/*
title: Batch changes of instances by month
question: Which instances do the batch changes belong to?
definition: One row for each instance and month that sends batch change counters. Created, closed, published and merged are the month's day-to-day rises; contributors and users are the month's last values. Account and type are those of the month's last ping.
grain: one row an instance and month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  account_name: {label: Account, type: STRING}
  site_id: {label: Site id, type: STRING, format: code}
  installer_email: {label: Installer email, type: STRING}
  created: {label: Created, type: INT64, format: integer, unit: batch changes}
  closed: {label: Closed, type: INT64, format: integer, unit: batch changes}
  created_executor: {label: From the UI, type: INT64, format: integer, unit: batch changes}
  created_local: {label: Command line, type: INT64, format: integer, unit: batch changes}
  published: {label: Published, type: INT64, format: integer, unit: changesets}
  merged: {label: Merged, type: INT64, format: integer, unit: changesets}
  contributors: {label: Contributors, type: INT64, format: integer, unit: people}
  users: {label: Users, type: INT64, format: integer, unit: users}
  in_use: {label: In use, type: STRING}
  last_day: {label: Last activity, type: DATE, format: date}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, products: products, date: month}
chart: {kind: table, x: month, series: site_id}
opens: {page: single_instance, filters: {site: site_id}}
budget: 100 MB
*/
SELECT
  month,
  account_name,
  site_id,
  installer_email,
  created,
  closed,
  created_executor,
  created_local,
  published,
  merged,
  contributors,
  users,
  IF(users > 0, 'Yes', 'No') AS in_use,
  last_day,
  account_id
FROM analytics.batch_change_months
WHERE @filters
ORDER BY month DESC, merged DESC, site_id
