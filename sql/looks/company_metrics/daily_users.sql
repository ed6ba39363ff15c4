/*
title: Daily users
label: Daily users
question: How many people use Sourcegraph on a day?
definition: Users active on a day, added over instances, as the mean of the days of the last complete week (Monday to Sunday).
caption: Mean of the days of the last complete week, Monday to Sunday.
grain: one row a week (from Monday)
period: week_monday
columns:
  week: {label: Week, type: DATE, format: week}
  daily_users: {label: Daily users, type: FLOAT64, format: integer, rollup: never, unit: users}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: day}
chart: {kind: counter, x: week, y: daily_users}
over: last
drill: company_metrics/instance_days
budget: 500 MB
*/
WITH days AS (
  SELECT
    day,
    SUM(daily_users) AS daily_users
  FROM analytics.instance_days
  WHERE @filters
  GROUP BY day
)
SELECT
  DATE_TRUNC(day, WEEK(MONDAY)) AS week,
  AVG(daily_users) AS daily_users
FROM days
GROUP BY week
ORDER BY week
