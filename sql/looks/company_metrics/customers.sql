/*
title: Customers
question: Which customers run an old version, and which use few of their seats?
definition: One row for each customer in the last complete month of the range. Version is the highest among its instances that pinged in the month; behind counts newer minor releases known on the month's last day, a dash stands for versions that say nothing (dev, blank, App) and for customers without a ping. Seats are those in force on that day, seats in use is monthly users divided by seats (more than the bar shows where it exceeds 100 %). An installer email or instance type selects whole accounts.
caption: "{period}, farthest behind first. Select one to open it."
grain: one row a customer
period: month
columns:
  account_name: {label: Account, type: STRING}
  version: {label: Version, type: STRING}
  releases_behind: {label: Behind, type: INT64, format: integer, unit: releases}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  seats: {label: Seats, type: INT64, format: integer, unit: seats}
  seat_consumption: {label: Seats in use, type: FLOAT64, format: percent, show: progress}
  instances: {label: Instances, type: INT64, format: integer, unit: instances}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: table, series: account_id}
over: last
opens: {page: single_instance, filters: {account_name: account_name}}
budget: 200 MB
*/
SELECT
  account_name,
  IF(releases_behind IS NULL, NULL, version) AS version,
  releases_behind,
  monthly_users,
  seats,
  SAFE_DIVIDE(monthly_users, seats) AS seat_consumption,
  instances,
  last_ping_at,
  account_id
FROM analytics.account_months
WHERE @filters
  AND account_type = 'Customer'
ORDER BY releases_behind DESC, seat_consumption, account_name, account_id
