/*
title: Seats in use, customers
question: How much of what they bought do customers use?
definition: Monthly users divided by seats, for each customer that has both, and then the mean of these shares, whatever a customer's size. Seats are those in force on the month's last day. An installer email or instance type selects whole accounts.
caption: "Monthly users divided by seats, mean of customers. Dashed: not over."
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  average_seat_consumption: {label: Seats in use, type: FLOAT64, format: percent, rollup: never}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: line, x: month, y: average_seat_consumption}
drill: company_metrics/customer_months
budget: 100 MB
looker: look 1522
*/
SELECT
  month,
  AVG(SAFE_DIVIDE(monthly_users, seats)) AS average_seat_consumption
FROM analytics.account_months
WHERE @filters
  AND account_type = 'Customer'
  AND monthly_users IS NOT NULL
  AND seats IS NOT NULL
GROUP BY month
ORDER BY month
