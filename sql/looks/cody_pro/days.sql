/*
title: All figures by day
question: What are Cody Pro's figures of each day?
definition: All figures of each calendar day of Pacific time. New and retained are persons whose first, or second or later, paid cycle starts; daily is both; cancelled are persons whose last running subscription ends; active is at the end of the day, today as it is now. Revenue is 9 dollars for each daily subscriber, MRR 9 dollars for each active one, ARR twelve times that. MRR, ARR and active are never added over days.
caption: One row a calendar day of Pacific time. Newest first.
grain: one row a day (Pacific time)
period: day
zone: America/Los_Angeles
columns:
  day: {label: Date, type: DATE, format: date}
  new_subscribers: {label: New, type: INT64, format: integer, unit: persons}
  retained_subscribers: {label: Retained, type: INT64, format: integer, unit: persons}
  daily_subscribers: {label: Daily, type: INT64, format: integer, unit: persons}
  canceled_subscribers: {label: Cancelled, type: INT64, format: integer, unit: persons}
  active_subscribers: {label: Active, type: INT64, format: integer, unit: persons}
  daily_revenue: {label: Revenue, type: INT64, format: usd}
  daily_revenue_added: {label: Revenue added, type: INT64, format: usd}
  daily_revenue_retained: {label: Revenue retained, type: INT64, format: usd}
  mrr: {label: MRR, type: INT64, format: usd}
  arr: {label: ARR, type: INT64, format: usd}
filters: {date: day}
chart: {kind: table, x: day}
budget: 50 MB
*/
SELECT
  day,
  new_subscribers,
  retained_subscribers,
  daily_subscribers,
  canceled_subscribers,
  active_subscribers,
  daily_revenue,
  daily_revenue_added,
  daily_revenue_retained,
  mrr,
  arr
FROM analytics.cody_pro_days
WHERE @filters
ORDER BY day DESC
