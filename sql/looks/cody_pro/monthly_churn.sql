/*
title: Monthly churn
question: Which share of subscribers leaves Cody Pro in a month?
definition: Persons whose last running subscription ended in the month of Pacific time, divided by those active at the end of the day before the month. A month that runs holds what has ended so far.
caption: "Cancelled divided by active at the start. Dashed: not over."
grain: one row a month (Pacific time)
period: month
zone: America/Los_Angeles
columns:
  month: {label: Month, type: DATE, format: month}
  churn: {label: Churn, type: FLOAT64, format: percent}
  canceled_subscribers: {label: Cancelled, type: INT64, format: integer, unit: persons}
  active_at_start: {label: Active at the start, type: INT64, format: integer, unit: persons}
filters: {date: day}
at_least: 12
chart: {kind: line, x: month, y: churn}
drill: cody_pro/days
budget: 50 MB
*/
SELECT
  DATE_TRUNC(day, MONTH) AS month,
  SAFE_DIVIDE(SUM(canceled_subscribers), ARRAY_AGG(active_at_start ORDER BY day LIMIT 1)[OFFSET(0)]) AS churn,
  SUM(canceled_subscribers) AS canceled_subscribers,
  ARRAY_AGG(active_at_start ORDER BY day LIMIT 1)[OFFSET(0)] AS active_at_start
FROM analytics.cody_pro_days
WHERE @filters
GROUP BY month
ORDER BY month
