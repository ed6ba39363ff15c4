/*
title: Code insights use
question: How much are code insights looked at?
definition: Page views of code insights in the week, and the users who viewed them, as the instance reports them. Insights are counted from Monday.
caption: "Per week, from Monday. Dashed: not over."
grain: one row a week (from Monday)
period: week_monday
columns:
  week: {label: Week, type: DATE, format: week}
  page_views: {label: Page views, type: INT64, format: integer, rollup: sum}
  page_viewers: {label: Viewers, type: INT64, format: integer}
  creators: {label: Creators, type: INT64, format: integer, unit: users}
  additions: {label: Insights added, type: INT64, format: integer, rollup: sum}
  edits: {label: Insights edited, type: INT64, format: integer, rollup: sum}
  removals: {label: Insights removed, type: INT64, format: integer, rollup: sum}
filters: {site: site_id, date: week}
chart: {kind: line, x: week, y: [page_views, page_viewers]}
sent: {field: code_insights_usage, since: "4.0"}
budget: 200 MB
*/
SELECT
  week,
  SUM(page_views) AS page_views,
  SUM(page_viewers) AS page_viewers,
  SUM(creators) AS creators,
  SUM(additions) AS additions,
  SUM(edits) AS edits,
  SUM(removals) AS removals
FROM analytics.insight_weeks
WHERE @filters
GROUP BY week
ORDER BY week
