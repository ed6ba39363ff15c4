/*
title: Searches by type
question: How much is searched in a week, and for what?
definition: Searches of the week by type, as the instance counts them. Text searches are literal ones. Instances count weeks from Sunday.
caption: "Per week, from Sunday. Pale: not over."
grain: one row a week (from Sunday) and type
period: week_sunday
columns:
  week: {label: Week, type: DATE, format: week}
  kind:
    label: Type
    type: STRING
    names: {literal: Text, regexp: Regexp, symbol: Symbol, file: File, diff: Diff, commit: Commit, structural: Structural}
  searches: {label: Searches, type: INT64, format: integer, rollup: sum, unit: searches}
filters: {site: site_id, date: week}
chart: {kind: stacked_bar, x: week, y: searches, series: kind}
sent: {field: search_usage, since: "4.0"}
budget: 200 MB
*/
SELECT
  week,
  search.kind,
  SUM(search.searches) AS searches
FROM analytics.instance_weeks
CROSS JOIN UNNEST(search_kinds) AS search
WHERE @filters
  AND search.searches IS NOT NULL
GROUP BY week, search.kind
ORDER BY week, search.kind
