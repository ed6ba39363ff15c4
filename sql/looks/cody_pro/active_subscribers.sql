/*
title: Subscribers over time
question: Do more people subscribe to Cody Pro than before?
definition: Persons with an active subscription at the end of each day of Pacific time, 23:59:59; today as it is now. Trials count once the first paid cycle has started, who is past due does not count, two subscriptions are one person.
caption: "At the end of each day. The axis does not start at zero."
grain: one row a day (Pacific time)
period: day
zone: America/Los_Angeles
columns:
  day: {label: Day, type: DATE, format: date}
  active_subscribers: {label: Active, type: INT64, format: integer, unit: persons}
  mrr: {label: MRR, type: INT64, format: usd}
  arr: {label: ARR, type: INT64, format: usd}
  new_subscribers: {label: New, type: INT64, format: integer, unit: persons, rollup: sum}
  canceled_subscribers: {label: Cancelled, type: INT64, format: integer, unit: persons, rollup: sum}
  net_change: {label: Net change, type: INT64, format: change, unit: persons}
filters: {date: day}
chart: {kind: line, x: day, y: active_subscribers, zero: false}
drill: cody_pro/days
budget: 50 MB
*/
SELECT
  day,
  active_subscribers,
  mrr,
  arr,
  new_subscribers,
  canceled_subscribers,
  active_subscribers - active_at_start AS net_change
FROM analytics.cody_pro_days
WHERE @filters
ORDER BY day
