/*
title: Mean daily users
question: How many people use it on a day?
definition: Mean of the days of the period.
grain: one row a day, week or month
period: grain
zone: America/Los_Angeles
columns:
  period: {label: Period, type: DATE, format: date}
  daily_users: {label: Daily users, type: FLOAT64, format: decimal}
filters: {account_name: account_key, account_type: account_type, date: day}
options: {grain: [day, week, month]}
chart: {kind: line, x: period, y: daily_users}
budget: 200 MB
*/
WITH days AS (
  SELECT
    CASE @grain
      WHEN 'week' THEN DATE_TRUNC(day, WEEK(MONDAY))
      WHEN 'month' THEN DATE_TRUNC(day, MONTH)
      ELSE day
    END AS period,
    SUM(daily_users) AS daily_users
  FROM analytics.instance_days
  WHERE @filters
  GROUP BY day
)
SELECT
  period,
  AVG(daily_users) AS daily_users
FROM days
GROUP BY period
ORDER BY period
