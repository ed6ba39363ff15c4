/*
title: Accounts
question: Which accounts use the batch changes that they bought, and which do not?
definition: One row for each account with a licence or an instance in the range. Batch changes, changesets and merged are day-to-day rises over the complete months of the range, merge rate is merged divided by published (it may exceed 100 %), contributors are the mean per month; the running month is left out of these, as in the counters. A dash means that no instance sends figures, which is not the same as 0. The line shows merged changesets of 12 complete months. Bought says whether a licence in the range held batch changes. Seats are those of the whole account on the last day of the range's last month. Figures are of the instances that the filters choose and of the months in which they belong to the account; instances without an account share a row without a name. Idle shows who bought batch changes and merged nothing in the range (widen the date for longer), Silent who bought them and sends no figures.
caption: "{accounts} in all, most merged first. Select one to open it."
grain: one row an account
period: month
columns:
  account_name: {label: Account, type: STRING}
  bought: {label: Bought, type: STRING}
  created: {label: Batch changes, type: INT64, format: integer, unit: batch changes}
  published: {label: Changesets, type: INT64, format: integer, unit: changesets}
  merged: {label: Merged, type: INT64, format: integer, unit: changesets}
  merged_by_month: {label: "Merged, 12 months", type: ARRAY<INT64>, show: sparkline}
  merge_rate: {label: Merge rate, type: FLOAT64, format: percent, show: progress}
  contributors: {label: Contributors, type: FLOAT64, format: decimal, unit: people}
  seats: {label: Seats, type: INT64, format: integer, unit: seats}
  last_day: {label: Last activity, type: DATE, format: date}
  accounts: {label: Accounts, type: INT64, format: integer, hidden: true}
  account_id: {label: Account id, type: STRING, hidden: true}
filters: {account_name: account_key, installer_email: instances.installer_email, account_type: account_type, products: products, date: month}
options: {show: [all, idle, silent]}
chart: {kind: table, series: account_id}
opens: {filters: {account_name: account_name}}
budget: 200 MB
*/
WITH account_figures AS (
  SELECT
    COALESCE(account_id, '') AS account,
    month,
    complete,
    SUM(created) AS created,
    SUM(published) AS published,
    SUM(merged) AS merged,
    SUM(contributors) AS contributors,
    MAX(last_day) AS last_day
  FROM analytics.batch_change_months AS instances
  WHERE @filters
    AND @filter_installer_email
  GROUP BY account, month, complete
),
usage AS (
  SELECT
    account,
    SUM(IF(complete, created, NULL)) AS created,
    SUM(IF(complete, published, NULL)) AS published,
    SUM(IF(complete, merged, NULL)) AS merged,
    AVG(IF(complete, contributors, NULL)) AS contributors,
    MAX(last_day) AS last_day
  FROM account_figures
  WHERE @filter_date
  GROUP BY account
),
-- An account without instances has one row without an address.
account_emails AS (
  SELECT
    months.account_id,
    months.account_key,
    months.account_type,
    months.products,
    email AS installer_email
  FROM analytics.account_months AS months
  LEFT JOIN UNNEST(months.installer_email) AS email
  WHERE @filter_date
),
chosen AS (
  SELECT account_id AS account
  FROM account_emails AS instances
  WHERE @filters
    AND @filter_installer_email
  UNION DISTINCT
  SELECT account
  FROM usage
),
range_months AS (
  SELECT
    account_id AS account,
    account_name,
    products,
    IF(month = MAX(month) OVER (), seats, NULL) AS last_seats
  FROM analytics.account_months
  WHERE @filter_date
),
licences AS (
  SELECT
    account,
    MAX(account_name) AS account_name,
    IF(COUNTIF('batch-changes' IN UNNEST(products)) > 0, 'Yes', 'No') AS bought,
    MAX(last_seats) AS seats
  FROM range_months
  GROUP BY account
),
last_complete AS (
  SELECT MAX(month) AS month
  FROM analytics.batch_change_months
  WHERE complete
    AND month <= (SELECT MAX(month) FROM analytics.batch_change_months WHERE @filter_date)
),
trends AS (
  SELECT
    chosen.account,
    ARRAY_AGG(COALESCE(figures.merged, 0) ORDER BY shown) AS merged_by_month
  FROM chosen
  CROSS JOIN last_complete
  CROSS JOIN UNNEST(
    GENERATE_DATE_ARRAY(DATE_SUB(last_complete.month, INTERVAL 11 MONTH), last_complete.month, INTERVAL 1 MONTH)
  ) AS shown
  LEFT JOIN account_figures AS figures
    ON chosen.account = figures.account AND shown = figures.month
  GROUP BY chosen.account
  HAVING COUNT(figures.merged) > 0
)
SELECT
  licences.account_name,
  COALESCE(licences.bought, 'No') AS bought,
  usage.created,
  usage.published,
  usage.merged,
  COALESCE(trends.merged_by_month, CAST([] AS ARRAY<INT64>)) AS merged_by_month,
  SAFE_DIVIDE(usage.merged, usage.published) AS merge_rate,
  usage.contributors,
  licences.seats,
  usage.last_day,
  COUNT(*) OVER () AS accounts,
  NULLIF(chosen.account, '') AS account_id
FROM chosen
LEFT JOIN licences ON chosen.account = licences.account
LEFT JOIN usage ON chosen.account = usage.account
LEFT JOIN trends ON chosen.account = trends.account
WHERE @show = 'all'
  OR (@show = 'idle' AND licences.bought = 'Yes' AND usage.merged = 0)
  OR (@show = 'silent' AND licences.bought = 'Yes' AND usage.merged IS NULL)
ORDER BY merged DESC, seats DESC, account_name, account_id
