/*
title: Daily, weekly and monthly users
question: How many people use the instance?
definition: Users active in the month as the instance reports them. Daily and weekly users are the means over the month's complete days and weeks that have a figure; a week (Sunday to Saturday) belongs to the month in which it begins.
caption: Daily and weekly are means over the month.
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  monthly_users: {label: Monthly, type: INT64, format: integer, unit: users}
  weekly_users: {label: Weekly, type: FLOAT64, format: integer, unit: users}
  daily_users: {label: Daily, type: FLOAT64, format: integer, unit: users}
  dau_mau: {label: Daily / monthly, type: FLOAT64, format: percent, hidden: true}
  created_users: {label: New, type: INT64, format: integer, unit: users, hidden: true}
  resurrected_users: {label: Came back, type: INT64, format: integer, unit: users, hidden: true}
  churned_users: {label: Left, type: INT64, format: integer, unit: users, hidden: true}
  deleted_users: {label: Deleted, type: INT64, format: integer, unit: users, hidden: true}
  retained_users: {label: Retained, type: INT64, format: integer, unit: users, hidden: true}
  cody_users: {label: Cody users, type: INT64, format: integer, unit: users, hidden: true}
  releases_behind: {label: Releases behind, type: INT64, format: integer, unit: releases, hidden: true}
filters: {site: site_id, date: month}
chart: {kind: line, x: month, y: [monthly_users, weekly_users, daily_users], order: given}
sent: {field: site_activity, since: "4.0"}
budget: 200 MB
*/
SELECT
  month,
  SUM(monthly_users) AS monthly_users,
  SUM(mean_weekly_users) AS weekly_users,
  SUM(mean_daily_users) AS daily_users,
  SAFE_DIVIDE(
    SUM(IF(monthly_users IS NULL, NULL, mean_daily_users)),
    SUM(IF(mean_daily_users IS NULL, NULL, monthly_users))
  ) AS dau_mau,
  SUM(created_users) AS created_users,
  SUM(resurrected_users) AS resurrected_users,
  SUM(churned_users) AS churned_users,
  SUM(deleted_users) AS deleted_users,
  SUM(retained_users) AS retained_users,
  SUM(cody_users) AS cody_users,
  MAX(releases_behind) AS releases_behind
FROM analytics.instance_months
WHERE @filters
GROUP BY month
ORDER BY month
