/*
title: Active subscribers
label: Active
question: How many people subscribe to Cody Pro?
definition: Persons with an active subscription at the end of the range's last complete day of Pacific time. Trials count once the first paid cycle has started; who is past due does not count. Subscriptions of several seats are no part of this board. The change compares with as many days before.
caption: Persons at the end of the last complete day.
grain: one row
period: day
zone: America/Los_Angeles
columns:
  active_subscribers: {label: Active, type: INT64, format: integer, unit: persons}
  mrr: {label: MRR, type: INT64, format: usd}
  arr: {label: ARR, type: INT64, format: usd}
  new_subscribers: {label: New, type: INT64, format: integer, unit: persons}
  canceled_subscribers: {label: Cancelled, type: INT64, format: integer, unit: persons}
  net_change: {label: Net change, type: INT64, format: change, unit: persons}
filters: {date: day}
chart: {kind: counter, y: active_subscribers}
over: range
trend: cody_pro/active_subscribers
budget: 50 MB
*/
WITH days AS (
  SELECT
    active_at_start,
    active_subscribers,
    mrr,
    arr,
    new_subscribers,
    canceled_subscribers,
    ROW_NUMBER() OVER (ORDER BY day) AS from_first,
    ROW_NUMBER() OVER (ORDER BY day DESC) AS from_last
  FROM analytics.cody_pro_days
  WHERE @filters
)
SELECT
  SUM(IF(from_last = 1, active_subscribers, NULL)) AS active_subscribers,
  SUM(IF(from_last = 1, mrr, NULL)) AS mrr,
  SUM(IF(from_last = 1, arr, NULL)) AS arr,
  SUM(new_subscribers) AS new_subscribers,
  SUM(canceled_subscribers) AS canceled_subscribers,
  SUM(IF(from_last = 1, active_subscribers, NULL)) - SUM(IF(from_first = 1, active_at_start, NULL)) AS net_change
FROM days
