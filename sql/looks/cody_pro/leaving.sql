/*
title: About to leave
question: Who is about to churn from Cody Pro?
definition: Subscribers as they are now, whatever the date above, of whom an end can be seen coming. Either they cancelled and leave when the paid time ends, with several subscriptions when the last one does; or their payment failed, so that they are not active until it is paid. Last paid time first.
caption: As of now. Cancelled, but paid until then; or payment failed.
grain: one row a person
period: instant
zone: America/Los_Angeles
columns:
  leaves_on: {label: Leaves on, type: DATE, format: date}
  unpaid_since: {label: Unpaid since, type: DATE, format: date}
  leaving: {label: Why, type: STRING, names: {cancelled: Cancelled, payment failed: Payment failed}}
  email: {label: Email, type: STRING}
  sams_account_id: {label: Account, type: STRING, format: code}
  first_day: {label: First paid, type: DATE, format: date}
  paid_cycles: {label: Paid cycles, type: INT64, format: integer}
chart: {kind: table}
budget: 50 MB
*/
SELECT
  leaves_on,
  unpaid_since,
  leaving,
  email,
  sams_account_id,
  first_day,
  paid_cycles
FROM analytics.cody_pro_subscribers
WHERE leaving IS NOT NULL
ORDER BY leaves_on IS NULL, leaves_on, unpaid_since, sams_account_id
