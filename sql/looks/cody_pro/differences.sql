/*
title: Who differs
question: Which subscribers do SSC and Stripe see differently on that day, and why?
definition: "Persons on one side only at the end of the chosen day of Pacific time, or on both with another amount or first day, with the reason found. Missing: the side has no subscription of that time. Other status: it has one that is not active; Stripe shows what was paid late as if it had been paid at once. Other date: it begins or ends it, or dates the first one, on another day. Other amount: both are active and what was paid, after refunds, is not the same. A dash is a side that does not know the person; amounts are those of the paid time that covers the day."
caption: "{day}: on one side only, or on both with another amount or date."
grain: one row a day (Pacific time) and person
period: day
zone: America/Los_Angeles
columns:
  day: {label: Day, type: DATE, format: date}
  reason:
    label: Reason
    type: STRING
    names:
      missing in Stripe: Missing in Stripe
      missing in SSC: Missing in SSC
      other status: Other status
      other date: Other date
      other amount: Other amount
  email: {label: Email, type: STRING}
  subscriber: {label: Account, type: STRING, format: code}
  ssc_status: {label: SSC says, type: STRING, names: {active: Active, past_due: Past due, trialing: Trial, canceled: Ended}}
  stripe_status: {label: Stripe says, type: STRING, names: {active: Active, not paid: Not paid, canceled: Ended}}
  ssc_cents: {label: "Amount, SSC", type: INT64, format: usd}
  stripe_cents: {label: "Amount, Stripe", type: INT64, format: usd}
  new_in_ssc: {label: "New, SSC", type: BOOL}
  new_in_stripe: {label: "New, Stripe", type: BOOL}
filters: {chosen_day: day}
chart: {kind: table}
budget: 200 MB
*/
SELECT
  day,
  reason,
  email,
  subscriber,
  ssc_status,
  stripe_status,
  ssc_cents,
  stripe_cents,
  new_in_ssc,
  new_in_stripe
FROM analytics.cody_pro_reconciliation
WHERE @filters
ORDER BY day DESC, reason, email, subscriber
