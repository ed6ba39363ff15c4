/*
title: New and cancelled
question: Do more people come to Cody Pro than leave it?
definition: Persons whose first paid cycle starts, and below zero those whose last running subscription ends, by day of Pacific time, week from Monday or month. Days are added up, so somebody who left twice counts twice. The table has renewals, revenue and those active at the end of the last day besides.
caption: "Cancelled on the day the paid time ends. Pale: not over."
grain: one row a day, week (from Monday) or month, Pacific time
period: grain
zone: America/Los_Angeles
columns:
  day: {label: From, type: DATE, format: date}
  new_subscribers: {label: New, type: INT64, format: integer, unit: persons, rollup: sum}
  canceled_subscribers: {label: Cancelled, type: INT64, format: integer, unit: persons, rollup: sum}
  retained_subscribers: {label: Retained, type: INT64, format: integer, unit: persons, rollup: sum}
  active_subscribers: {label: Active at the end, type: INT64, format: integer, unit: persons}
  daily_revenue_added: {label: Added, type: INT64, format: usd, rollup: sum}
  daily_revenue_retained: {label: Retained, type: INT64, format: usd, rollup: sum, hidden: true}
  revenue: {label: Revenue, type: INT64, format: usd, rollup: sum}
filters: {date: day}
options: {grain: [day, week, month]}
chart: {kind: stacked_bar, x: day, y: [new_subscribers, canceled_subscribers], below: canceled_subscribers}
drill: cody_pro/days
budget: 50 MB
*/
SELECT
  CASE @grain
    WHEN 'month' THEN DATE_TRUNC(days.day, MONTH)
    WHEN 'week' THEN DATE_TRUNC(days.day, WEEK(MONDAY))
    ELSE days.day
  END AS day,
  SUM(new_subscribers) AS new_subscribers,
  SUM(canceled_subscribers) AS canceled_subscribers,
  SUM(retained_subscribers) AS retained_subscribers,
  ARRAY_AGG(active_subscribers ORDER BY days.day DESC LIMIT 1)[OFFSET(0)] AS active_subscribers,
  SUM(daily_revenue_added) AS daily_revenue_added,
  SUM(daily_revenue_retained) AS daily_revenue_retained,
  SUM(daily_revenue) AS revenue
FROM analytics.cody_pro_days AS days
WHERE @filters
GROUP BY day
ORDER BY day
