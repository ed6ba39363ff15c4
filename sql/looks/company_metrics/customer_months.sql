/*
title: Customers and their seats
question: Which customers use how much of what they bought?
definition: One row for each customer and month that has monthly users and seats. Seats are those in force on the month's last day. An installer email or instance type selects whole accounts.
grain: one row a customer and month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  account_name: {label: Account, type: STRING}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users}
  seats: {label: Seats, type: INT64, format: integer, unit: seats}
  seat_consumption: {label: Seats in use, type: FLOAT64, format: percent}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: table, x: month, series: account_id}
drill: company_metrics/instance_months
opens: {page: single_instance, filters: {account_name: account_name}}
budget: 100 MB
*/
SELECT
  month,
  account_name,
  monthly_users,
  seats,
  SAFE_DIVIDE(monthly_users, seats) AS seat_consumption,
  account_id
FROM analytics.account_months
WHERE @filters
  AND account_type = 'Customer'
  AND monthly_users IS NOT NULL
  AND seats IS NOT NULL
ORDER BY month DESC, seat_consumption DESC, account_name, account_id
