MODEL (
  name analytics.instance_weeks,
  description 'Users, searches, code navigation and integrations, one row an instance and week from Sunday',
  kind FULL,
  grain (site_id, week),
  partitioned_by week,
  clustered_by (account_key, site_id),
  audits (unique_combination_of_columns(columns := (site_id, week)), not_null(columns := (account_type, instance_type))),
  columns (
    site_id STRING,
    week DATE,
    account_id STRING,
    account_name STRING,
    account_key STRING,
    installer_email STRING,
    account_type STRING,
    instance_type STRING,
    products ARRAY<STRING>,
    pings INT64,
    last_ping_at TIMESTAMP,
    version STRING,
    deploy_type STRING,
    weekly_users INT64,
    search_users INT64,
    searches INT64,
    search_kinds ARRAY<STRUCT<kind STRING, users INT64, searches INT64, p50 FLOAT64, p90 FLOAT64, p99 FLOAT64>>,
    code_navigation_users INT64,
    precise_navigation_users INT64,
    search_based_navigation_users INT64,
    cross_repository_navigation_users INT64,
    code_navigation_events INT64,
    precise_navigation_events INT64,
    search_based_navigation_events INT64,
    navigation_languages ARRAY<STRUCT<language STRING, events INT64, precise_events INT64>>,
    repositories INT64,
    repositories_with_indexes INT64,
    repositories_with_fresh_indexes INT64,
    browser_extension_users INT64,
    browser_extension_events INT64,
    native_integration_users INT64,
    native_integration_events INT64,
    vscode_users INT64,
    vscode_searches INT64,
    jetbrains_users INT64,
    jetbrains_searches INT64,
    cody_users INT64,
    cody_events INT64
  )
);

WITH own_weeks AS (
  SELECT
    site_id,
    DATE_TRUNC(day, WEEK) AS week,
    SUM(pings) AS pings,
    MAX(last_ping_at) AS last_ping_at,
    MAX(CASE WHEN pings > 0 THEN day END) AS last_ping_day,
    MAX(day) AS last_day
  FROM analytics.instance_days
  GROUP BY site_id, DATE_TRUNC(day, WEEK)
),
reported_weeks AS (
  SELECT pings.site_id, entry.week, MAX(entry.users) AS weekly_users, MIN(pings.day) AS reported_on
  FROM analytics.ping_days AS pings
  CROSS JOIN UNNEST(pings.week_users) AS entry
  GROUP BY pings.site_id, entry.week
  UNION ALL
  SELECT
    'sourcegraph.com' AS site_id,
    DATE_TRUNC(day, WEEK) AS week,
    COUNT(DISTINCT user_id) AS weekly_users,
    MAX(day) AS reported_on
  FROM analytics.dotcom_user_days
  GROUP BY DATE_TRUNC(day, WEEK)
),
site_weeks AS (
  SELECT
    COALESCE(own.site_id, reported.site_id) AS site_id,
    COALESCE(own.week, reported.week) AS week,
    COALESCE(own.pings, 0) AS pings,
    own.last_ping_at,
    reported.weekly_users,
    COALESCE(own.last_ping_day, own.last_day, reported.reported_on) AS described_on
  FROM own_weeks AS own
  FULL JOIN reported_weeks AS reported ON own.site_id = reported.site_id AND own.week = reported.week
),
-- A payload says itself which week it counts: the last one that counts the week.
dated_payloads AS (
  SELECT
    site_id,
    day,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(search_usage, '$.Weekly.StartTime') AS TIMESTAMP)), WEEK) AS search_week,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(code_intel_usage, '$.start_time') AS TIMESTAMP)), WEEK) AS navigation_week,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(code_host_integration_usage, '$.Week.StartTime') AS TIMESTAMP)), WEEK)
      AS integration_week,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(ide_extensions_usage, '$.IDEs[0].Week.StartTime') AS TIMESTAMP)), WEEK)
      AS ide_week,
    DATE_TRUNC(DATE(SAFE_CAST(JSON_VALUE(cody_usage, '$.Weekly.StartTime') AS TIMESTAMP)), WEEK) AS cody_week
  FROM analytics.ping_days
  WHERE pings > 0
),
last_search_days AS (
  SELECT site_id, search_week AS week, MAX(day) AS day
  FROM dated_payloads
  WHERE search_week IS NOT NULL
  GROUP BY site_id, search_week
),
sent_searches AS (
  SELECT
    last.site_id,
    last.week,
    JSON_VALUE(pings.search_usage, '$.Weekly.TotalUsers') AS search_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Literal.UserCount') AS literal_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Literal.EventsCount') AS literal_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.Literal.EventLatencies.P50') AS literal_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.Literal.EventLatencies.P90') AS literal_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.Literal.EventLatencies.P99') AS literal_p99,
    JSON_VALUE(pings.search_usage, '$.Weekly.Regexp.UserCount') AS regexp_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Regexp.EventsCount') AS regexp_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.Regexp.EventLatencies.P50') AS regexp_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.Regexp.EventLatencies.P90') AS regexp_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.Regexp.EventLatencies.P99') AS regexp_p99,
    JSON_VALUE(pings.search_usage, '$.Weekly.Commit.UserCount') AS commit_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Commit.EventsCount') AS commit_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.Commit.EventLatencies.P50') AS commit_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.Commit.EventLatencies.P90') AS commit_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.Commit.EventLatencies.P99') AS commit_p99,
    JSON_VALUE(pings.search_usage, '$.Weekly.Diff.UserCount') AS diff_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Diff.EventsCount') AS diff_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.Diff.EventLatencies.P50') AS diff_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.Diff.EventLatencies.P90') AS diff_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.Diff.EventLatencies.P99') AS diff_p99,
    JSON_VALUE(pings.search_usage, '$.Weekly.File.UserCount') AS file_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.File.EventsCount') AS file_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.File.EventLatencies.P50') AS file_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.File.EventLatencies.P90') AS file_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.File.EventLatencies.P99') AS file_p99,
    JSON_VALUE(pings.search_usage, '$.Weekly.Structural.UserCount') AS structural_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Structural.EventsCount') AS structural_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.Structural.EventLatencies.P50') AS structural_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.Structural.EventLatencies.P90') AS structural_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.Structural.EventLatencies.P99') AS structural_p99,
    JSON_VALUE(pings.search_usage, '$.Weekly.Symbol.UserCount') AS symbol_users,
    JSON_VALUE(pings.search_usage, '$.Weekly.Symbol.EventsCount') AS symbol_searches,
    JSON_VALUE(pings.search_usage, '$.Weekly.Symbol.EventLatencies.P50') AS symbol_p50,
    JSON_VALUE(pings.search_usage, '$.Weekly.Symbol.EventLatencies.P90') AS symbol_p90,
    JSON_VALUE(pings.search_usage, '$.Weekly.Symbol.EventLatencies.P99') AS symbol_p99
  FROM last_search_days AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
),
counted_searches AS (
  SELECT
    site_id,
    week,
    @whole_number(search_users) AS search_users,
    @whole_number(literal_users) AS literal_users,
    @whole_number(literal_searches) AS literal_searches,
    SAFE_CAST(literal_p50 AS FLOAT64) AS literal_p50,
    SAFE_CAST(literal_p90 AS FLOAT64) AS literal_p90,
    SAFE_CAST(literal_p99 AS FLOAT64) AS literal_p99,
    @whole_number(regexp_users) AS regexp_users,
    @whole_number(regexp_searches) AS regexp_searches,
    SAFE_CAST(regexp_p50 AS FLOAT64) AS regexp_p50,
    SAFE_CAST(regexp_p90 AS FLOAT64) AS regexp_p90,
    SAFE_CAST(regexp_p99 AS FLOAT64) AS regexp_p99,
    @whole_number(commit_users) AS commit_users,
    @whole_number(commit_searches) AS commit_searches,
    SAFE_CAST(commit_p50 AS FLOAT64) AS commit_p50,
    SAFE_CAST(commit_p90 AS FLOAT64) AS commit_p90,
    SAFE_CAST(commit_p99 AS FLOAT64) AS commit_p99,
    @whole_number(diff_users) AS diff_users,
    @whole_number(diff_searches) AS diff_searches,
    SAFE_CAST(diff_p50 AS FLOAT64) AS diff_p50,
    SAFE_CAST(diff_p90 AS FLOAT64) AS diff_p90,
    SAFE_CAST(diff_p99 AS FLOAT64) AS diff_p99,
    @whole_number(file_users) AS file_users,
    @whole_number(file_searches) AS file_searches,
    SAFE_CAST(file_p50 AS FLOAT64) AS file_p50,
    SAFE_CAST(file_p90 AS FLOAT64) AS file_p90,
    SAFE_CAST(file_p99 AS FLOAT64) AS file_p99,
    @whole_number(structural_users) AS structural_users,
    @whole_number(structural_searches) AS structural_searches,
    SAFE_CAST(structural_p50 AS FLOAT64) AS structural_p50,
    SAFE_CAST(structural_p90 AS FLOAT64) AS structural_p90,
    SAFE_CAST(structural_p99 AS FLOAT64) AS structural_p99,
    @whole_number(symbol_users) AS symbol_users,
    @whole_number(symbol_searches) AS symbol_searches,
    SAFE_CAST(symbol_p50 AS FLOAT64) AS symbol_p50,
    SAFE_CAST(symbol_p90 AS FLOAT64) AS symbol_p90,
    SAFE_CAST(symbol_p99 AS FLOAT64) AS symbol_p99
  FROM sent_searches
),
search_weeks AS (
  SELECT
    site_id,
    week,
    search_users,
    CASE
      WHEN COALESCE(
        literal_searches, regexp_searches, commit_searches, diff_searches, file_searches, structural_searches,
        symbol_searches
      ) IS NOT NULL
      THEN COALESCE(literal_searches, 0)
      + COALESCE(regexp_searches, 0)
      + COALESCE(commit_searches, 0)
      + COALESCE(diff_searches, 0)
      + COALESCE(file_searches, 0)
      + COALESCE(structural_searches, 0)
      + COALESCE(symbol_searches, 0)
    END AS searches,
    [
      STRUCT(
        'literal' AS kind,
        literal_users AS users,
        literal_searches AS searches,
        literal_p50 AS p50,
        literal_p90 AS p90,
        literal_p99 AS p99
      ),
      STRUCT(
        'regexp' AS kind,
        regexp_users AS users,
        regexp_searches AS searches,
        regexp_p50 AS p50,
        regexp_p90 AS p90,
        regexp_p99 AS p99
      ),
      STRUCT(
        'commit' AS kind,
        commit_users AS users,
        commit_searches AS searches,
        commit_p50 AS p50,
        commit_p90 AS p90,
        commit_p99 AS p99
      ),
      STRUCT(
        'diff' AS kind,
        diff_users AS users,
        diff_searches AS searches,
        diff_p50 AS p50,
        diff_p90 AS p90,
        diff_p99 AS p99
      ),
      STRUCT(
        'file' AS kind,
        file_users AS users,
        file_searches AS searches,
        file_p50 AS p50,
        file_p90 AS p90,
        file_p99 AS p99
      ),
      STRUCT(
        'structural' AS kind,
        structural_users AS users,
        structural_searches AS searches,
        structural_p50 AS p50,
        structural_p90 AS p90,
        structural_p99 AS p99
      ),
      STRUCT(
        'symbol' AS kind,
        symbol_users AS users,
        symbol_searches AS searches,
        symbol_p50 AS p50,
        symbol_p90 AS p90,
        symbol_p99 AS p99
      )
    ] AS search_kinds
  FROM counted_searches
),
last_navigation_days AS (
  SELECT site_id, navigation_week AS week, MAX(day) AS day
  FROM dated_payloads
  WHERE navigation_week IS NOT NULL
  GROUP BY site_id, navigation_week
),
sent_navigation AS (
  SELECT
    last.site_id,
    last.week,
    pings.code_intel_usage,
    JSON_QUERY_ARRAY(pings.code_intel_usage, '$.event_summaries') AS summaries
  FROM last_navigation_days AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
),
sent_summaries AS (
  SELECT
    site_id,
    week,
    JSON_VALUE(summary, '$.source') AS source,
    JSON_VALUE(summary, '$.language_id') AS language,
    JSON_VALUE(summary, '$.total_actions') AS events
  FROM sent_navigation
  CROSS JOIN UNNEST(summaries) AS summary
),
summaries AS (
  SELECT site_id, week, source, language, @whole_number(events) AS events
  FROM sent_summaries
),
event_weeks AS (
  SELECT
    site_id,
    week,
    SUM(events) AS events,
    SUM(CASE WHEN source = 'precise' THEN events ELSE 0 END) AS precise_events,
    SUM(CASE WHEN source = 'search' THEN events ELSE 0 END) AS search_based_events
  FROM summaries
  GROUP BY site_id, week
),
language_weeks AS (
  SELECT
    site_id,
    week,
    COALESCE(language, '') AS language,
    SUM(events) AS events,
    SUM(CASE WHEN source = 'precise' THEN events ELSE 0 END) AS precise_events
  FROM summaries
  GROUP BY site_id, week, COALESCE(language, '')
),
listed_languages AS (
  SELECT
    site_id,
    week,
    ARRAY_AGG(
      STRUCT(language AS language, events AS events, precise_events AS precise_events) ORDER BY language
    ) AS navigation_languages
  FROM language_weeks
  GROUP BY site_id, week
),
navigation_weeks AS (
  SELECT
    site_id,
    week,
    JSON_VALUE(code_intel_usage, '$.waus') AS users,
    JSON_VALUE(code_intel_usage, '$.precise_waus') AS precise_users,
    JSON_VALUE(code_intel_usage, '$.search_waus') AS search_based_users,
    JSON_VALUE(code_intel_usage, '$.xrepo_waus') AS cross_repository_users,
    JSON_VALUE(code_intel_usage, '$.num_repositories') AS repositories,
    JSON_VALUE(code_intel_usage, '$.num_repositories_with_upload_records') AS repositories_with_indexes,
    JSON_VALUE(code_intel_usage, '$.num_repositories_with_fresh_upload_records') AS repositories_with_fresh_indexes
  FROM sent_navigation
),
last_integration_days AS (
  SELECT site_id, integration_week AS week, MAX(day) AS day
  FROM dated_payloads
  WHERE integration_week IS NOT NULL
  GROUP BY site_id, integration_week
),
integration_weeks AS (
  SELECT
    last.site_id,
    last.week,
    JSON_VALUE(pings.code_host_integration_usage, '$.Week.BrowserExtension.UniquesCount') AS browser_users,
    JSON_VALUE(pings.code_host_integration_usage, '$.Week.BrowserExtension.TotalCount') AS browser_events,
    JSON_VALUE(pings.code_host_integration_usage, '$.Week.NativeIntegration.UniquesCount') AS native_users,
    JSON_VALUE(pings.code_host_integration_usage, '$.Week.NativeIntegration.TotalCount') AS native_events
  FROM last_integration_days AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
),
last_ide_days AS (
  SELECT site_id, ide_week AS week, MAX(day) AS day
  FROM dated_payloads
  WHERE ide_week IS NOT NULL
  GROUP BY site_id, ide_week
),
sent_ides AS (
  SELECT
    last.site_id,
    last.week,
    LOWER(JSON_VALUE(ide, '$.IdeKind')) AS kind,
    JSON_VALUE(ide, '$.Week.SearchesPerformed.UniquesCount') AS users,
    JSON_VALUE(ide, '$.Week.SearchesPerformed.TotalCount') AS searches
  FROM last_ide_days AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
  CROSS JOIN UNNEST(JSON_QUERY_ARRAY(pings.ide_extensions_usage, '$.IDEs')) AS ide
),
ide_weeks AS (
  SELECT
    site_id,
    week,
    MAX(CASE WHEN kind = 'vscode' THEN @whole_number(users) END) AS vscode_users,
    MAX(CASE WHEN kind = 'vscode' THEN @whole_number(searches) END) AS vscode_searches,
    MAX(CASE WHEN kind = 'jetbrains' THEN @whole_number(users) END) AS jetbrains_users,
    MAX(CASE WHEN kind = 'jetbrains' THEN @whole_number(searches) END) AS jetbrains_searches
  FROM sent_ides
  GROUP BY site_id, week
),
last_cody_days AS (
  SELECT site_id, cody_week AS week, MAX(day) AS day
  FROM dated_payloads
  WHERE cody_week IS NOT NULL
  GROUP BY site_id, cody_week
),
cody_weeks AS (
  SELECT
    last.site_id,
    last.week,
    JSON_VALUE(pings.cody_usage, '$.Weekly.TotalCodyUsers.UserCount') AS cody_users,
    JSON_VALUE(pings.cody_usage, '$.Weekly.TotalCodyUsers.EventsCount') AS cody_events
  FROM last_cody_days AS last
  INNER JOIN analytics.ping_days AS pings ON last.site_id = pings.site_id AND last.day = pings.day
)
SELECT
  weeks.site_id,
  weeks.week,
  days.account_id,
  days.account_name,
  days.account_key,
  days.installer_email,
  days.account_type,
  days.instance_type,
  days.products,
  weeks.pings,
  weeks.last_ping_at,
  days.version,
  days.deploy_type,
  weeks.weekly_users,
  search_weeks.search_users,
  search_weeks.searches,
  COALESCE(
    search_weeks.search_kinds,
    CAST(
      [] AS ARRAY<STRUCT<kind STRING, users INT64, searches INT64, p50 FLOAT64, p90 FLOAT64, p99 FLOAT64>>
    )
  ) AS search_kinds,
  @whole_number(navigation.users) AS code_navigation_users,
  @whole_number(navigation.precise_users) AS precise_navigation_users,
  @whole_number(navigation.search_based_users) AS search_based_navigation_users,
  @whole_number(navigation.cross_repository_users) AS cross_repository_navigation_users,
  CASE WHEN navigation.site_id IS NOT NULL THEN COALESCE(event_weeks.events, 0) END AS code_navigation_events,
  CASE WHEN navigation.site_id IS NOT NULL THEN COALESCE(event_weeks.precise_events, 0) END
    AS precise_navigation_events,
  CASE WHEN navigation.site_id IS NOT NULL THEN COALESCE(event_weeks.search_based_events, 0) END
    AS search_based_navigation_events,
  COALESCE(
    listed_languages.navigation_languages,
    CAST([] AS ARRAY<STRUCT<language STRING, events INT64, precise_events INT64>>)
  ) AS navigation_languages,
  @whole_number(navigation.repositories) AS repositories,
  @whole_number(navigation.repositories_with_indexes) AS repositories_with_indexes,
  @whole_number(navigation.repositories_with_fresh_indexes) AS repositories_with_fresh_indexes,
  @whole_number(integration_weeks.browser_users) AS browser_extension_users,
  @whole_number(integration_weeks.browser_events) AS browser_extension_events,
  @whole_number(integration_weeks.native_users) AS native_integration_users,
  @whole_number(integration_weeks.native_events) AS native_integration_events,
  ide_weeks.vscode_users,
  ide_weeks.vscode_searches,
  ide_weeks.jetbrains_users,
  ide_weeks.jetbrains_searches,
  @whole_number(cody_weeks.cody_users) AS cody_users,
  @whole_number(cody_weeks.cody_events) AS cody_events
FROM site_weeks AS weeks
INNER JOIN analytics.instance_days AS days ON weeks.site_id = days.site_id AND weeks.described_on = days.day
LEFT JOIN search_weeks ON weeks.site_id = search_weeks.site_id AND weeks.week = search_weeks.week
LEFT JOIN navigation_weeks AS navigation ON weeks.site_id = navigation.site_id AND weeks.week = navigation.week
LEFT JOIN event_weeks ON weeks.site_id = event_weeks.site_id AND weeks.week = event_weeks.week
LEFT JOIN listed_languages ON weeks.site_id = listed_languages.site_id AND weeks.week = listed_languages.week
LEFT JOIN integration_weeks ON weeks.site_id = integration_weeks.site_id AND weeks.week = integration_weeks.week
LEFT JOIN ide_weeks ON weeks.site_id = ide_weeks.site_id AND weeks.week = ide_weeks.week
LEFT JOIN cody_weeks ON weeks.site_id = cody_weeks.site_id AND weeks.week = cody_weeks.week
