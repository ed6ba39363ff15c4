/*
title: SSC and Stripe compared
question: Do SSC and Stripe agree on who subscribes to Cody Pro?
definition: "SSC is the source of truth for subscribers, Stripe for accounting. Active by Stripe at the end of a day: a paid invoice's period covers it and the subscription had not ended by then, since Stripe keeps no history. Match is the share of subscribers on either side who are active on both. New by Stripe: the first paid invoice's period starts. Others are counted by reason: one side has no subscription of that time; it has one that is not active; it begins or ends it on another day; both have it with other amounts, after refunds. Who is active on both with another amount or first day matches in status, so reasons may add up to more than the difference."
caption: "Match {match_share} on the newest day. Click a day to see who differs."
grain: one row a day (Pacific time)
period: day
zone: America/Los_Angeles
columns:
  day: {label: Day, type: DATE, format: date}
  active_ssc: {label: "Active, SSC", type: INT64, format: integer, unit: persons}
  active_stripe: {label: "Active, Stripe", type: INT64, format: integer, unit: persons}
  active_both: {label: "Active, both", type: INT64, format: integer, unit: persons, hidden: true}
  difference: {label: Difference, type: INT64, format: integer, unit: persons}
  match_share: {label: Match, type: FLOAT64, format: percent}
  new_ssc: {label: "New, SSC", type: INT64, format: integer, unit: persons}
  new_stripe: {label: "New, Stripe", type: INT64, format: integer, unit: persons}
  missing_in_stripe: {label: Missing in Stripe, type: INT64, format: integer, unit: persons}
  missing_in_ssc: {label: Missing in SSC, type: INT64, format: integer, unit: persons}
  other_status: {label: Other status, type: INT64, format: integer, unit: persons}
  other_date: {label: Other date, type: INT64, format: integer, unit: persons}
  other_amount: {label: Other amount, type: INT64, format: integer, unit: persons}
filters: {date: day}
chart: {kind: table, x: day}
opens: {filters: {chosen_day: day}}
budget: 50 MB
*/
SELECT
  day,
  active_ssc,
  active_stripe,
  active_both,
  active_ssc - active_stripe AS difference,
  SAFE_DIVIDE(active_both, active_either) AS match_share,
  new_ssc,
  new_stripe,
  missing_in_stripe,
  missing_in_ssc,
  other_status,
  other_date,
  other_amount
FROM analytics.cody_pro_reconciliation_days
WHERE @filters
ORDER BY day DESC
