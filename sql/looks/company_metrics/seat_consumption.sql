/*
title: Seats in use
label: Seats in use
question: How much of what they bought do customers use?
definition: Monthly users of the last complete month divided by seats, over all customers that have both (a ratio of sums, so large customers weigh more than in the chart). Seats are those in force on the month's last day. An installer email or instance type selects whole accounts.
caption: Monthly users of all customers divided by their seats.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  seat_consumption: {label: Seats in use, type: FLOAT64, format: percent, rollup: never}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: counter, x: month, y: seat_consumption}
over: last
drill: company_metrics/customer_months
budget: 100 MB
*/
SELECT
  month,
  SAFE_DIVIDE(SUM(monthly_users), SUM(seats)) AS seat_consumption
FROM analytics.account_months
WHERE @filters
  AND account_type = 'Customer'
  AND monthly_users IS NOT NULL
  AND seats IS NOT NULL
GROUP BY month
ORDER BY month
