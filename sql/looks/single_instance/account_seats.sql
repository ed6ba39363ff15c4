/*
title: User accounts against seats
question: Do all who may use Sourcegraph have a seat?
definition: User accounts of all instances of the instance's present account, as the month's last pings have them, and the seats of the account's licence on the month's last day. An account that the instance left is not counted.
caption: The account's, over all its instances.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  user_accounts: {label: User accounts, type: INT64, format: integer, unit: accounts}
  seats: {label: Seats, type: INT64, format: integer, unit: seats}
  monthly_users: {label: Monthly users, type: INT64, format: integer, unit: users, hidden: true}
  seat_consumption: {label: Seats in use, type: FLOAT64, format: percent, hidden: true}
filters: {site: site_id, date: month}
chart: {kind: line, x: month, y: user_accounts, limit: seats}
drill: single_instance/account_instances
budget: 200 MB
*/
SELECT
  month,
  SUM(user_accounts) AS user_accounts,
  SUM(seats) AS seats,
  SUM(monthly_users) AS monthly_users,
  SAFE_DIVIDE(
    SUM(IF(account_type = 'Customer' AND seats IS NOT NULL, monthly_users, NULL)),
    SUM(IF(account_type = 'Customer' AND monthly_users IS NOT NULL, seats, NULL))
  ) AS seat_consumption
FROM analytics.account_months
WHERE @filters
  AND account_id IN (SELECT account_id FROM analytics.instances WHERE @filter_site)
GROUP BY month
ORDER BY month
