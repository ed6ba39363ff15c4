/*
title: Cody users
question: How many people use Cody in a month?
definition: Users with any activity of Cody in the month, and those who used one of its features in an editor or on the web, as the instance reports them.
caption: "Users in the month. Dashed: not over."
grain: one row a month
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  cody_users: {label: All users, type: INT64, format: integer, unit: users}
  cody_product_users: {label: Feature users, type: INT64, format: integer, unit: users}
  cody_vscode_users: {label: VS Code, type: INT64, format: integer, unit: users, hidden: true}
  cody_jetbrains_users: {label: JetBrains, type: INT64, format: integer, unit: users, hidden: true}
  cody_web_users: {label: Web, type: INT64, format: integer, unit: users, hidden: true}
  cody_events: {label: Events, type: INT64, format: integer, rollup: sum, unit: events, hidden: true}
filters: {site: site_id, date: month}
chart: {kind: line, x: month, y: [cody_users, cody_product_users]}
sent: {field: cody_usage, since: "5.3"}
budget: 200 MB
*/
SELECT
  month,
  SUM(cody_users) AS cody_users,
  SUM(cody_product_users) AS cody_product_users,
  SUM(cody_vscode_users) AS cody_vscode_users,
  SUM(cody_jetbrains_users) AS cody_jetbrains_users,
  SUM(cody_web_users) AS cody_web_users,
  SUM(cody_events) AS cody_events
FROM analytics.instance_months
WHERE @filters
GROUP BY month
ORDER BY month
