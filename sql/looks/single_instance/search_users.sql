/*
title: Users who searched
question: How many people search in a week?
definition: Users who searched at least once in the week, as the instance reports them. One user may search in several ways and still counts once. Instances count weeks from Sunday.
caption: "Per week, from Sunday. Dashed: not over."
grain: one row a week (from Sunday)
period: week_sunday
columns:
  week: {label: Week, type: DATE, format: week}
  search_users: {label: Users who searched, type: INT64, format: integer, unit: users}
  latency_p50: {label: P50, type: FLOAT64, format: integer, unit: ms, hidden: true}
  latency_p90: {label: P90, type: FLOAT64, format: integer, unit: ms, hidden: true}
  latency_p99: {label: P99, type: FLOAT64, format: integer, unit: ms, hidden: true}
  code_navigation_users: {label: All, type: INT64, format: integer, unit: users, hidden: true}
  precise_navigation_users: {label: Precise, type: INT64, format: integer, unit: users, hidden: true}
  search_based_navigation_users: {label: Search-based, type: INT64, format: integer, unit: users, hidden: true}
  precise_navigation_events: {label: Precise, type: INT64, format: integer, rollup: sum, unit: events, hidden: true}
  search_based_navigation_events: {label: Search-based, type: INT64, format: integer, rollup: sum, unit: events, hidden: true}
  precise_share: {label: Navigation events, type: FLOAT64, format: percent, hidden: true}
  repositories: {label: Repositories in all, type: INT64, format: integer, hidden: true}
  indexed_share: {label: Repositories, type: FLOAT64, format: percent, hidden: true}
  browser_extension_users: {label: Browser extension, type: INT64, format: integer, unit: users, hidden: true}
  native_integration_users: {label: Native integration, type: INT64, format: integer, unit: users, hidden: true}
  vscode_users: {label: VS Code, type: INT64, format: integer, unit: users, hidden: true}
  jetbrains_users: {label: JetBrains, type: INT64, format: integer, unit: users, hidden: true}
  vscode_searches: {label: VS Code, type: INT64, format: integer, rollup: sum, unit: searches, hidden: true}
  jetbrains_searches: {label: JetBrains, type: INT64, format: integer, rollup: sum, unit: searches, hidden: true}
filters: {site: site_id, date: week}
chart: {kind: line, x: week, y: search_users}
sent: {field: search_usage, since: "4.0"}
budget: 500 MB
*/
WITH weeks AS (
  SELECT
    week,
    search_users,
    search_kinds,
    code_navigation_users,
    precise_navigation_users,
    search_based_navigation_users,
    code_navigation_events,
    precise_navigation_events,
    search_based_navigation_events,
    repositories,
    repositories_with_indexes,
    browser_extension_users,
    native_integration_users,
    vscode_users,
    jetbrains_users,
    vscode_searches,
    jetbrains_searches
  FROM analytics.instance_weeks
  WHERE @filters
),
latencies AS (
  SELECT
    week,
    SAFE_DIVIDE(SUM(kind.p50 * kind.searches), SUM(IF(kind.p50 IS NULL, NULL, kind.searches))) AS latency_p50,
    SAFE_DIVIDE(SUM(kind.p90 * kind.searches), SUM(IF(kind.p90 IS NULL, NULL, kind.searches))) AS latency_p90,
    SAFE_DIVIDE(SUM(kind.p99 * kind.searches), SUM(IF(kind.p99 IS NULL, NULL, kind.searches))) AS latency_p99
  FROM weeks
  CROSS JOIN UNNEST(search_kinds) AS kind
  GROUP BY week
),
totals AS (
  SELECT
    week,
    SUM(search_users) AS search_users,
    SUM(code_navigation_users) AS code_navigation_users,
    SUM(precise_navigation_users) AS precise_navigation_users,
    SUM(search_based_navigation_users) AS search_based_navigation_users,
    SUM(precise_navigation_events) AS precise_navigation_events,
    SUM(search_based_navigation_events) AS search_based_navigation_events,
    SAFE_DIVIDE(SUM(precise_navigation_events), SUM(code_navigation_events)) AS precise_share,
    SUM(repositories) AS repositories,
    SAFE_DIVIDE(SUM(repositories_with_indexes), SUM(repositories)) AS indexed_share,
    SUM(browser_extension_users) AS browser_extension_users,
    SUM(native_integration_users) AS native_integration_users,
    SUM(vscode_users) AS vscode_users,
    SUM(jetbrains_users) AS jetbrains_users,
    SUM(vscode_searches) AS vscode_searches,
    SUM(jetbrains_searches) AS jetbrains_searches
  FROM weeks
  GROUP BY week
)
SELECT
  totals.week,
  totals.search_users,
  latencies.latency_p50,
  latencies.latency_p90,
  latencies.latency_p99,
  totals.code_navigation_users,
  totals.precise_navigation_users,
  totals.search_based_navigation_users,
  totals.precise_navigation_events,
  totals.search_based_navigation_events,
  totals.precise_share,
  totals.repositories,
  totals.indexed_share,
  totals.browser_extension_users,
  totals.native_integration_users,
  totals.vscode_users,
  totals.jetbrains_users,
  totals.vscode_searches,
  totals.jetbrains_searches
FROM totals
LEFT JOIN latencies ON totals.week = latencies.week
ORDER BY totals.week
