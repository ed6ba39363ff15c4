/*
title: Accounts by seats
question: Which accounts have how many seats?
definition: One row an account.
grain: one row an account
columns:
  account_id: {label: Account id, type: STRING}
  seats: {label: Seats, type: INT64, format: integer}
filters: {seats: seats, is_deleted: is_deleted, account_name: account_key}
chart: {kind: table, series: account_id}
budget: 200 MB
*/
SELECT
  account_id,
  seats
FROM analytics.accounts
WHERE @filters
ORDER BY account_id
