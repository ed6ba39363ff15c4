/*
title: Account and licence
question: Whose is the instance, and what did they buy?
definition: Account and type of the instance today. Plan, seats, products and end are those of the account's licence in force, or of the one that ended last. The day a licence ends is the first on which it is not in force; days are counted from the newest day with data. Instances are all of the account.
caption: Whose it is, and what they bought.
grain: one row an instance
period: instant
columns:
  account_name: {label: Account, type: STRING, badge: deleted}
  account_type: {label: Type, type: STRING}
  plan: {label: Plan, type: STRING, names: {enterprise: Enterprise, team: Team, trial: Trial, free: Free}}
  seats: {label: Seats, type: INT64, format: integer}
  licence_ends: {label: Licence ends, type: DATE, format: date, badge: ends_in}
  products:
    label: Products
    type: ARRAY<STRING>
    names: {batch-changes: Batch Changes, code-insights: Code Insights, cody: Cody, managed: Managed instance}
  instances: {label: Instances, type: INT64, format: integer}
  account_executive: {label: Executive, type: STRING}
  customer_engineer: {label: Engineer, type: STRING}
  deleted: {label: Deleted, type: STRING, hidden: true}
  ends_in: {label: Ends in, type: STRING, hidden: true}
filters: {site: site_id}
chart: {kind: facts}
budget: 500 MB
*/
WITH chosen AS (
  SELECT site_id, account_id, account_name, account_type
  FROM analytics.instances
  WHERE @filters
),
newest_days AS (
  SELECT MAX(last_day) AS day
  FROM analytics.instances
),
licences AS (
  SELECT account_id, plan, seats, products, DATE(expires_at) AS ends_on
  FROM analytics.licence_days
  WHERE account_id IN (SELECT account_id FROM chosen)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY day DESC) = 1
),
dated_licences AS (
  SELECT
    licences.account_id,
    licences.plan,
    licences.seats,
    licences.products,
    licences.ends_on,
    DATE_DIFF(licences.ends_on, newest_days.day, DAY) AS days_left
  FROM licences
  CROSS JOIN newest_days
)
SELECT
  chosen.account_name,
  chosen.account_type,
  licences.plan,
  licences.seats,
  licences.ends_on AS licence_ends,
  COALESCE(licences.products, CAST([] AS ARRAY<STRING>)) AS products,
  accounts.instances,
  accounts.account_executive,
  accounts.customer_engineer,
  CASE WHEN accounts.is_deleted THEN 'deleted in Salesforce' END AS deleted,
  CASE
    WHEN licences.days_left < -1 THEN CONCAT('expired ', CAST(-licences.days_left AS STRING), ' days ago')
    WHEN licences.days_left = -1 THEN 'expired 1 day ago'
    WHEN licences.days_left = 0 THEN 'expired today'
    WHEN licences.days_left = 1 THEN 'in 1 day'
    WHEN licences.days_left <= 90 THEN CONCAT('in ', CAST(licences.days_left AS STRING), ' days')
  END AS ends_in
FROM chosen
LEFT JOIN dated_licences AS licences ON chosen.account_id = licences.account_id
LEFT JOIN analytics.accounts AS accounts ON chosen.account_id = accounts.account_id
ORDER BY chosen.site_id
