/*
title: Searches a week
label: Searches a week
question: How much was searched in the last week?
definition: Searches of the last complete week (Sunday to Saturday, as instances count), added over all types.
caption: Searches of the last complete week, Sunday to Saturday.
grain: one row a week (from Sunday)
period: week_sunday
columns:
  week: {label: Week, type: DATE, format: week}
  searches: {label: Searches, type: INT64, format: integer, rollup: sum, unit: searches}
filters: {site: site_id, date: week}
chart: {kind: counter, x: week, y: searches}
over: last
sent: {field: search_usage, since: "4.0"}
budget: 200 MB
*/
SELECT
  week,
  SUM(searches) AS searches
FROM analytics.instance_weeks
WHERE @filters
GROUP BY week
ORDER BY week
