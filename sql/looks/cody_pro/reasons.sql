/*
title: Differences by reason
question: Why do SSC and Stripe differ?
definition: Persons whom SSC and Stripe see differently at the end of the day, by the reason found. Missing, a side has no subscription of that time. Other status, it has one that is not active. Other date, it begins or ends it, or dates the first one, on another day. Other amount, both are active and what was paid, after refunds, is not the same.
caption: "Persons at the end of each day, by reason. Pale: not over."
rows_of: cody_pro/reconciliation
chart:
  kind: stacked_bar
  x: day
  y: [other_status, missing_in_stripe, missing_in_ssc, other_amount, other_date]
*/
