/*
title: Weekly users
label: Weekly users
question: How many people use Sourcegraph in a week?
definition: Users active in the last complete week (Sunday to Saturday, as instances count), added over instances.
caption: Users active in the last complete week, Sunday to Saturday.
grain: one row a week (from Sunday)
period: week_sunday
columns:
  week: {label: Week, type: DATE, format: week}
  weekly_users: {label: Weekly users, type: INT64, format: integer, rollup: never, unit: users}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: week}
chart: {kind: counter, x: week, y: weekly_users}
over: last
drill: company_metrics/instance_weeks
budget: 200 MB
*/
SELECT
  week,
  SUM(weekly_users) AS weekly_users
FROM analytics.instance_weeks
WHERE @filters
GROUP BY week
ORDER BY week
