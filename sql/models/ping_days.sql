MODEL (
  name analytics.ping_days,
  description 'Facts that pings state, one row an instance and UTC day',
  kind INCREMENTAL_BY_TIME_RANGE (time_column (day, '%Y-%m-%d'), lookback 2, batch_size 184),
  grain (site_id, day),
  clustered_by site_id,
  audits (no_future_day, unique_combination_of_columns(columns := (site_id, day)), few_bad_numbers, users_grow_with_the_period),
  columns (
    site_id STRING,
    day DATE,
    pings INT64,
    first_ping_at TIMESTAMP,
    last_ping_at TIMESTAMP,
    version STRING,
    version_major INT64,
    version_minor INT64,
    version_patch INT64,
    deploy_type STRING,
    os STRING,
    installer_email STRING,
    license_key STRING,
    auth_providers STRING,
    ext_services STRING,
    user_accounts INT64,
    total_repos INT64,
    has_update BOOL,
    builtin_signup_allowed BOOL,
    access_request_enabled BOOL,
    has_external_url BOOL,
    has_repos BOOL,
    ever_searched BOOL,
    ever_find_refs BOOL,
    active_today BOOL,
    has_cody_enabled BOOL,
    postgres_version STRING,
    redis_cache_version STRING,
    redis_store_version STRING,
    code_host_versions JSON,
    daily_users INT64,
    week_users ARRAY<STRUCT<week DATE, users INT64>>,
    month_users ARRAY<STRUCT<month DATE, users INT64>>,
    batch_changes INT64,
    batch_changes_closed INT64,
    batch_changes_local INT64,
    batch_changes_executor INT64,
    batch_specs_created_93_days INT64,
    changeset_specs_created_93_days INT64,
    changesets_published INT64,
    changesets_unpublished INT64,
    changesets_merged INT64,
    changesets_imported INT64,
    changesets_imported_merged INT64,
    changesets_published_local INT64,
    changesets_published_executor INT64,
    changesets_lines_added INT64,
    changesets_lines_deleted INT64,
    changesets_merged_lines_added INT64,
    changesets_merged_lines_deleted INT64,
    active_executors INT64,
    batch_change_contributors INT64,
    batch_change_users INT64,
    batch_change_cohorts JSON,
    created_users INT64,
    deleted_users INT64,
    resurrected_users INT64,
    churned_users INT64,
    retained_users INT64,
    code_insights_usage JSON,
    total_insights INT64,
    search_usage JSON,
    code_intel_usage JSON,
    cody_usage JSON,
    cody_users INT64,
    cody_events INT64,
    code_host_integration_usage JSON,
    ide_extensions_usage JSON,
    saved_searches INT64,
    saved_search_users INT64,
    saved_searches_of_organisations INT64,
    saved_search_notifications_sent INT64,
    saved_search_notifications_clicked INT64,
    saved_search_page_viewers INT64,
    monitors_enabled INT64,
    monitors_enabled_users INT64,
    monitors_repositories INT64,
    monitor_page_views_93_days INT64,
    monitors_submitted_93_days INT64,
    monitor_emails_triggered_93_days INT64,
    monitor_trigger_runs_93_days INT64,
    monitor_trigger_errors_93_days INT64,
    notebook_page_views_93_days INT64,
    notebooks_list_page_views_93_days INT64,
    notebooks_created_93_days INT64,
    notebook_stars_added_93_days INT64,
    numbers_sent INT64,
    numbers_unusable INT64
  )
);

-- A ping counts for its own day and may report users of the day before, so one day more than asked for is read. What
-- is stored over a month late is not looked for: a day's run reads a month of partitions, not all that came since.
WITH pings AS (
  SELECT
    remote_site_id AS site_id,
    SAFE_CAST(timestamp AS TIMESTAMP) AS pinged_at,
    DATE(SAFE_CAST(timestamp AS TIMESTAMP)) AS pinged_on,
    received_at,
    JSON_QUERY_ARRAY(site_activity, '$.DAUs') AS days_sent,
    JSON_QUERY_ARRAY(site_activity, '$.WAUs') AS weeks_sent,
    JSON_QUERY_ARRAY(site_activity, '$.MAUs') AS months_sent,
    unique_users_today,
    total_user_accounts,
    total_repos
  FROM sourcegraph_analytics.update_checks
  WHERE received_at >= TIMESTAMP_SUB(TIMESTAMP(@start_date), INTERVAL 1 DAY)
    AND received_at < TIMESTAMP_ADD(TIMESTAMP(@end_date), INTERVAL 32 DAY)
    AND DATE(SAFE_CAST(timestamp AS TIMESTAMP)) BETWEEN @start_date AND DATE_ADD(@end_date, INTERVAL 1 DAY)
    AND SAFE_CAST(timestamp AS TIMESTAMP) <= TIMESTAMP_ADD(received_at, INTERVAL 1 DAY)
    AND remote_site_id NOT IN ('', 'SourcegraphWeb')
    AND COALESCE(deploy_type, '') != 'dev'
    AND remote_site_id NOT IN (
      SELECT site_id FROM sourcegraph_analytics.internal_instances WHERE site_id IS NOT NULL
    )
),
sent_entries AS (
  SELECT site_id, pinged_at, pinged_on, 'day' AS period, entry
  FROM pings CROSS JOIN UNNEST(days_sent) AS entry
  UNION ALL
  SELECT site_id, pinged_at, pinged_on, 'week' AS period, entry
  FROM pings CROSS JOIN UNNEST(weeks_sent) AS entry
  UNION ALL
  SELECT site_id, pinged_at, pinged_on, 'month' AS period, entry
  FROM pings CROSS JOIN UNNEST(months_sent) AS entry
),
read_entries AS (
  SELECT
    site_id,
    pinged_at,
    pinged_on,
    period,
    DATE(SAFE_CAST(JSON_VALUE(entry, '$.StartTime') AS TIMESTAMP)) AS starts_on,
    JSON_VALUE(entry, '$.UserCount') AS sent_users
  FROM sent_entries
),
entries AS (
  SELECT site_id, pinged_at, pinged_on, period, starts_on, @whole_number(sent_users) AS users
  FROM read_entries
  -- A wrong clock makes periods that begin in the future or in the year 1.
  WHERE DATE_DIFF(pinged_on, starts_on, DAY) BETWEEN 0 AND 400
),
daily_entries AS (
  SELECT
    site_id,
    starts_on AS day,
    MAX(users) AS users,
    MIN(CASE WHEN pinged_on > starts_on THEN pinged_at END) AS reported_next_day_at
  FROM entries
  WHERE period = 'day'
    AND users IS NOT NULL
    AND starts_on BETWEEN @start_date AND @end_date
    AND DATE_DIFF(pinged_on, starts_on, DAY) <= 1
  GROUP BY site_id, starts_on
),
highest_in_week AS (
  SELECT site_id, pinged_on, DATE_TRUNC(starts_on, WEEK) AS week, MAX(users) AS users
  FROM entries
  WHERE period = 'week' AND users IS NOT NULL
  GROUP BY site_id, pinged_on, DATE_TRUNC(starts_on, WEEK)
),
weekly_entries AS (
  SELECT site_id, pinged_on AS day, ARRAY_AGG(STRUCT(week AS week, users AS users) ORDER BY week) AS week_users
  FROM highest_in_week
  GROUP BY site_id, pinged_on
),
highest_in_month AS (
  SELECT site_id, pinged_on, DATE_TRUNC(starts_on, MONTH) AS month, MAX(users) AS users
  FROM entries
  WHERE period = 'month' AND users IS NOT NULL
  GROUP BY site_id, pinged_on, DATE_TRUNC(starts_on, MONTH)
),
monthly_entries AS (
  SELECT site_id, pinged_on AS day, ARRAY_AGG(STRUCT(month AS month, users AS users) ORDER BY month) AS month_users
  FROM highest_in_month
  GROUP BY site_id, pinged_on
),
counted_pings AS (
  SELECT
    site_id,
    pinged_on,
    pinged_at,
    COALESCE(ARRAY_LENGTH(days_sent), 0) AS daily_entries,
    @whole_number(unique_users_today) AS unique_users_today,
    @whole_number(total_user_accounts) AS total_user_accounts,
    @whole_number(total_repos) AS total_repos,
    CASE WHEN unique_users_today IS NULL THEN 0 ELSE 1 END AS sent_users,
    CASE WHEN total_user_accounts IS NULL THEN 0 ELSE 1 END AS sent_accounts,
    CASE WHEN total_repos IS NULL THEN 0 ELSE 1 END AS sent_repos
  FROM pings
  WHERE pinged_on <= @end_date
),
own_days AS (
  SELECT
    site_id,
    pinged_on AS day,
    COUNT(DISTINCT pinged_at) AS pings,
    MIN(pinged_at) AS first_ping_at,
    MAX(pinged_at) AS last_ping_at,
    MAX(CASE WHEN daily_entries = 0 THEN unique_users_today END) AS unique_users_today,
    SUM(sent_users + sent_accounts + sent_repos) AS numbers_sent,
    SUM(
      CASE WHEN sent_users = 1 AND unique_users_today IS NULL THEN 1 ELSE 0 END
      + CASE WHEN sent_accounts = 1 AND total_user_accounts IS NULL THEN 1 ELSE 0 END
      + CASE WHEN sent_repos = 1 AND total_repos IS NULL THEN 1 ELSE 0 END
    ) AS numbers_unusable
  FROM counted_pings
  GROUP BY site_id, pinged_on
),
site_days AS (
  SELECT
    COALESCE(own.site_id, reported.site_id) AS site_id,
    COALESCE(own.day, reported.day) AS day,
    COALESCE(own.pings, 0) AS pings,
    own.first_ping_at,
    own.last_ping_at,
    COALESCE(own.last_ping_at, reported.reported_next_day_at) AS described_at,
    COALESCE(reported.users, own.unique_users_today) AS daily_users,
    COALESCE(own.numbers_sent, 0) AS numbers_sent,
    COALESCE(own.numbers_unusable, 0) AS numbers_unusable
  FROM own_days AS own
  FULL JOIN daily_entries AS reported ON own.site_id = reported.site_id AND own.day = reported.day
),
-- Texts first, then numbers, then what can be a count: each value is read and cast once.
described AS (
  SELECT
    site_days.site_id,
    site_days.day,
    site_days.pings,
    site_days.first_ping_at,
    site_days.last_ping_at,
    site_days.daily_users,
    site_days.numbers_sent,
    site_days.numbers_unusable,
    raw.received_at,
    NULLIF(TRIM(raw.remote_site_version), '') AS version,
    NULLIF(TRIM(raw.deploy_type), '') AS deploy_type,
    NULLIF(TRIM(raw.os), '') AS os,
    NULLIF(LOWER(TRIM(raw.installer_email)), '') AS installer_email,
    NULLIF(TRIM(raw.license_key), '') AS license_key,
    NULLIF(LOWER(TRIM(raw.auth_providers)), '') AS auth_providers,
    NULLIF(UPPER(TRIM(raw.ext_services)), '') AS ext_services,
    raw.total_user_accounts,
    raw.total_repos,
    SAFE_CAST(raw.has_update AS BOOL) AS has_update,
    SAFE_CAST(raw.builtin_signup_allowed AS BOOL) AS builtin_signup_allowed,
    SAFE_CAST(raw.access_request_enabled AS BOOL) AS access_request_enabled,
    SAFE_CAST(raw.has_external_url AS BOOL) AS has_external_url,
    SAFE_CAST(raw.has_repos AS BOOL) AS has_repos,
    SAFE_CAST(raw.ever_searched AS BOOL) AS ever_searched,
    SAFE_CAST(raw.ever_find_refs AS BOOL) AS ever_find_refs,
    SAFE_CAST(raw.active_today AS BOOL) AS active_today,
    SAFE_CAST(raw.has_cody_enabled AS BOOL) AS has_cody_enabled,
    JSON_VALUE(raw.dependency_versions, '$.postgresVersion') AS postgres_version,
    JSON_VALUE(raw.dependency_versions, '$.redisCacheVersion') AS redis_cache_version,
    JSON_VALUE(raw.dependency_versions, '$.redisStoreVersion') AS redis_store_version,
    raw.code_host_versions,
    -- What is counted or dated belongs to the ping's own day, not to the day before that it also reports.
    CASE WHEN site_days.pings > 0 THEN raw.batch_changes_usage END AS batch_changes_usage,
    CASE WHEN site_days.pings > 0 THEN raw.growth_statistics END AS growth_statistics,
    CASE WHEN site_days.pings > 0 THEN raw.code_insights_usage END AS code_insights_usage,
    CASE WHEN site_days.pings > 0 THEN raw.code_insights_critical_telemetry END AS code_insights_critical_telemetry,
    CASE WHEN site_days.pings > 0 THEN raw.search_usage END AS search_usage,
    CASE WHEN site_days.pings > 0 THEN raw.new_code_intel_usage END AS code_intel_usage,
    CASE WHEN site_days.pings > 0 THEN raw.cody_usage END AS cody_usage,
    CASE WHEN site_days.pings > 0 THEN raw.code_host_integration_usage END AS code_host_integration_usage,
    CASE WHEN site_days.pings > 0 THEN raw.ide_extensions_usage END AS ide_extensions_usage,
    CASE WHEN site_days.pings > 0 THEN raw.saved_searches END AS saved_searches,
    CASE WHEN site_days.pings > 0 THEN raw.code_monitoring_usage END AS code_monitoring_usage,
    CASE WHEN site_days.pings > 0 THEN raw.notebooks_usage END AS notebooks_usage
  FROM site_days
  INNER JOIN sourcegraph_analytics.update_checks AS raw
    ON site_days.site_id = raw.remote_site_id
    AND site_days.described_at = SAFE_CAST(raw.timestamp AS TIMESTAMP)
  WHERE raw.received_at >= TIMESTAMP_SUB(TIMESTAMP(@start_date), INTERVAL 1 DAY)
    AND raw.received_at < TIMESTAMP_ADD(TIMESTAMP(@end_date), INTERVAL 32 DAY)
),
sent AS (
  SELECT
    site_id,
    day,
    pings,
    first_ping_at,
    last_ping_at,
    daily_users,
    numbers_sent,
    numbers_unusable,
    received_at,
    version,
    deploy_type,
    os,
    installer_email,
    license_key,
    auth_providers,
    ext_services,
    total_user_accounts,
    total_repos,
    has_update,
    builtin_signup_allowed,
    access_request_enabled,
    has_external_url,
    has_repos,
    ever_searched,
    ever_find_refs,
    active_today,
    has_cody_enabled,
    postgres_version,
    redis_cache_version,
    redis_store_version,
    code_host_versions,
    JSON_VALUE(batch_changes_usage, '$.BatchChangesCount') AS batch_changes,
    JSON_VALUE(batch_changes_usage, '$.BatchChangesClosedCount') AS batch_changes_closed,
    JSON_VALUE(batch_changes_usage, '$.BatchSpecsCreatedCount') AS batch_specs_created,
    JSON_VALUE(batch_changes_usage, '$.ChangesetSpecsCreatedCount') AS changeset_specs_created,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsCount') AS changesets_published,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsUnpublishedCount') AS changesets_unpublished,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsMergedCount') AS changesets_merged,
    JSON_VALUE(batch_changes_usage, '$.ImportedChangesetsCount') AS changesets_imported,
    JSON_VALUE(batch_changes_usage, '$.ImportedChangesetsMergedCount') AS changesets_imported_merged,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsDiffStatAddedSum') AS lines_added,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsDiffStatDeletedSum') AS lines_deleted,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsMergedDiffStatAddedSum') AS merged_lines_added,
    JSON_VALUE(batch_changes_usage, '$.PublishedChangesetsMergedDiffStatDeletedSum') AS merged_lines_deleted,
    JSON_VALUE(batch_changes_usage, '$.ActiveExecutorsCount') AS active_executors,
    JSON_VALUE(batch_changes_usage, '$.CurrentMonthContributorsCount') AS batch_change_contributors,
    JSON_VALUE(batch_changes_usage, '$.CurrentMonthUsersCount') AS batch_change_users,
    ARRAY_LENGTH(JSON_QUERY_ARRAY(batch_changes_usage, '$.BatchChangeStatsBySource')) AS sources,
    JSON_VALUE(batch_changes_usage, '$.BatchChangeStatsBySource[0].Source') AS source_0,
    JSON_VALUE(batch_changes_usage, '$.BatchChangeStatsBySource[0].BatchChangesCount') AS batch_changes_0,
    JSON_VALUE(batch_changes_usage, '$.BatchChangeStatsBySource[0].PublishedChangesetsCount') AS published_0,
    JSON_VALUE(batch_changes_usage, '$.BatchChangeStatsBySource[1].Source') AS source_1,
    JSON_VALUE(batch_changes_usage, '$.BatchChangeStatsBySource[1].BatchChangesCount') AS batch_changes_1,
    JSON_VALUE(batch_changes_usage, '$.BatchChangeStatsBySource[1].PublishedChangesetsCount') AS published_1,
    JSON_QUERY(batch_changes_usage, '$.BatchChangesCohorts') AS batch_change_cohorts,
    JSON_VALUE(growth_statistics, '$.CreatedUsers') AS created_users,
    JSON_VALUE(growth_statistics, '$.DeletedUsers') AS deleted_users,
    JSON_VALUE(growth_statistics, '$.ResurrectedUsers') AS resurrected_users,
    JSON_VALUE(growth_statistics, '$.ChurnedUsers') AS churned_users,
    JSON_VALUE(growth_statistics, '$.RetainedUsers') AS retained_users,
    code_insights_usage,
    JSON_VALUE(code_insights_critical_telemetry, '$.TotalInsights') AS total_insights,
    search_usage,
    code_intel_usage,
    cody_usage,
    JSON_VALUE(cody_usage, '$.Daily.StartTime') AS cody_day,
    JSON_VALUE(cody_usage, '$.Daily.TotalCodyUsers.UserCount') AS cody_users,
    JSON_VALUE(cody_usage, '$.Daily.TotalCodyUsers.EventsCount') AS cody_events,
    code_host_integration_usage,
    ide_extensions_usage,
    JSON_VALUE(saved_searches, '$.TotalSavedSearches') AS saved_searches,
    JSON_VALUE(saved_searches, '$.UniqueUsers') AS saved_search_users,
    JSON_VALUE(saved_searches, '$.OrgSavedSearches') AS saved_searches_of_organisations,
    JSON_VALUE(saved_searches, '$.NotificationsSent') AS saved_search_notifications_sent,
    JSON_VALUE(saved_searches, '$.NotificationsClicked') AS saved_search_notifications_clicked,
    JSON_VALUE(saved_searches, '$.UniqueUserPageViews') AS saved_search_page_viewers,
    JSON_VALUE(code_monitoring_usage, '$.MonitorsEnabled') AS monitors_enabled,
    JSON_VALUE(code_monitoring_usage, '$.MonitorsEnabledUniqueUsers') AS monitors_enabled_users,
    JSON_VALUE(code_monitoring_usage, '$.ReposMonitored') AS monitors_repositories,
    JSON_VALUE(code_monitoring_usage, '$.CodeMonitoringPageViews') AS monitor_page_views,
    JSON_VALUE(code_monitoring_usage, '$.CreateFormSubmitted') AS monitors_submitted,
    JSON_VALUE(code_monitoring_usage, '$.EmailActionsTriggered') AS monitor_emails_triggered,
    JSON_VALUE(code_monitoring_usage, '$.TriggerRuns') AS monitor_trigger_runs,
    JSON_VALUE(code_monitoring_usage, '$.TriggerRunsErrored') AS monitor_trigger_errors,
    JSON_VALUE(notebooks_usage, '$.NotebookPageViews') AS notebook_page_views,
    JSON_VALUE(notebooks_usage, '$.NotebooksListPageViews') AS notebooks_list_page_views,
    JSON_VALUE(notebooks_usage, '$.NotebooksCreatedCount') AS notebooks_created,
    JSON_VALUE(notebooks_usage, '$.NotebookAddedStarsCount') AS notebook_stars_added
  FROM described
),
last_pings AS (
  SELECT
    site_id,
    day,
    pings,
    first_ping_at,
    last_ping_at,
    version,
    CASE WHEN COALESCE(deploy_type, '') != 'app' THEN @version_part(version, 0) END AS version_major,
    CASE WHEN COALESCE(deploy_type, '') != 'app' THEN @version_part(version, 1) END AS version_minor,
    CASE WHEN COALESCE(deploy_type, '') != 'app' THEN @version_part(version, 2) END AS version_patch,
    deploy_type,
    os,
    installer_email,
    license_key,
    auth_providers,
    ext_services,
    SAFE_CAST(total_user_accounts AS INT64) AS user_accounts,
    SAFE_CAST(total_repos AS INT64) AS total_repos,
    has_update,
    builtin_signup_allowed,
    access_request_enabled,
    has_external_url,
    has_repos,
    ever_searched,
    ever_find_refs,
    active_today,
    has_cody_enabled,
    postgres_version,
    redis_cache_version,
    redis_store_version,
    code_host_versions,
    daily_users,
    SAFE_CAST(batch_changes AS INT64) AS batch_changes,
    SAFE_CAST(batch_changes_closed AS INT64) AS batch_changes_closed,
    -- A source without a batch change is left out of the list; no list at all says something only when there are none.
    CASE
      WHEN source_0 = 'local' THEN SAFE_CAST(batch_changes_0 AS INT64)
      WHEN source_1 = 'local' THEN SAFE_CAST(batch_changes_1 AS INT64)
      WHEN sources > 0 OR batch_changes = '0' THEN 0
    END AS batch_changes_local,
    CASE
      WHEN source_0 = 'executor' THEN SAFE_CAST(batch_changes_0 AS INT64)
      WHEN source_1 = 'executor' THEN SAFE_CAST(batch_changes_1 AS INT64)
      WHEN sources > 0 OR batch_changes = '0' THEN 0
    END AS batch_changes_executor,
    SAFE_CAST(batch_specs_created AS INT64) AS batch_specs_created_93_days,
    SAFE_CAST(changeset_specs_created AS INT64) AS changeset_specs_created_93_days,
    SAFE_CAST(changesets_published AS INT64) AS changesets_published,
    SAFE_CAST(changesets_unpublished AS INT64) AS changesets_unpublished,
    SAFE_CAST(changesets_merged AS INT64) AS changesets_merged,
    SAFE_CAST(changesets_imported AS INT64) AS changesets_imported,
    SAFE_CAST(changesets_imported_merged AS INT64) AS changesets_imported_merged,
    CASE
      WHEN source_0 = 'local' THEN SAFE_CAST(published_0 AS INT64)
      WHEN source_1 = 'local' THEN SAFE_CAST(published_1 AS INT64)
      WHEN sources > 0 OR batch_changes = '0' THEN 0
    END AS changesets_published_local,
    CASE
      WHEN source_0 = 'executor' THEN SAFE_CAST(published_0 AS INT64)
      WHEN source_1 = 'executor' THEN SAFE_CAST(published_1 AS INT64)
      WHEN sources > 0 OR batch_changes = '0' THEN 0
    END AS changesets_published_executor,
    SAFE_CAST(lines_added AS INT64) AS changesets_lines_added,
    SAFE_CAST(lines_deleted AS INT64) AS changesets_lines_deleted,
    SAFE_CAST(merged_lines_added AS INT64) AS changesets_merged_lines_added,
    SAFE_CAST(merged_lines_deleted AS INT64) AS changesets_merged_lines_deleted,
    SAFE_CAST(active_executors AS INT64) AS active_executors,
    SAFE_CAST(batch_change_contributors AS INT64) AS batch_change_contributors,
    SAFE_CAST(batch_change_users AS INT64) AS batch_change_users,
    batch_change_cohorts,
    SAFE_CAST(created_users AS INT64) AS created_users,
    SAFE_CAST(deleted_users AS INT64) AS deleted_users,
    SAFE_CAST(resurrected_users AS INT64) AS resurrected_users,
    SAFE_CAST(churned_users AS INT64) AS churned_users,
    SAFE_CAST(retained_users AS INT64) AS retained_users,
    code_insights_usage,
    SAFE_CAST(total_insights AS INT64) AS total_insights,
    search_usage,
    code_intel_usage,
    cody_usage,
    CASE WHEN DATE(SAFE_CAST(cody_day AS TIMESTAMP)) = day THEN SAFE_CAST(cody_users AS INT64) END AS cody_users,
    CASE WHEN DATE(SAFE_CAST(cody_day AS TIMESTAMP)) = day THEN SAFE_CAST(cody_events AS INT64) END AS cody_events,
    code_host_integration_usage,
    ide_extensions_usage,
    SAFE_CAST(saved_searches AS INT64) AS saved_searches,
    SAFE_CAST(saved_search_users AS INT64) AS saved_search_users,
    SAFE_CAST(saved_searches_of_organisations AS INT64) AS saved_searches_of_organisations,
    SAFE_CAST(saved_search_notifications_sent AS INT64) AS saved_search_notifications_sent,
    SAFE_CAST(saved_search_notifications_clicked AS INT64) AS saved_search_notifications_clicked,
    SAFE_CAST(saved_search_page_viewers AS INT64) AS saved_search_page_viewers,
    SAFE_CAST(monitors_enabled AS INT64) AS monitors_enabled,
    SAFE_CAST(monitors_enabled_users AS INT64) AS monitors_enabled_users,
    SAFE_CAST(monitors_repositories AS INT64) AS monitors_repositories,
    SAFE_CAST(monitor_page_views AS INT64) AS monitor_page_views_93_days,
    SAFE_CAST(monitors_submitted AS INT64) AS monitors_submitted_93_days,
    SAFE_CAST(monitor_emails_triggered AS INT64) AS monitor_emails_triggered_93_days,
    SAFE_CAST(monitor_trigger_runs AS INT64) AS monitor_trigger_runs_93_days,
    SAFE_CAST(monitor_trigger_errors AS INT64) AS monitor_trigger_errors_93_days,
    SAFE_CAST(notebook_page_views AS INT64) AS notebook_page_views_93_days,
    SAFE_CAST(notebooks_list_page_views AS INT64) AS notebooks_list_page_views_93_days,
    SAFE_CAST(notebooks_created AS INT64) AS notebooks_created_93_days,
    SAFE_CAST(notebook_stars_added AS INT64) AS notebook_stars_added_93_days,
    numbers_sent,
    numbers_unusable
  FROM sent
  WHERE TRUE
  -- The same ping stored twice: the row that came first.
  QUALIFY ROW_NUMBER() OVER (PARTITION BY site_id, day ORDER BY received_at) = 1
)
SELECT
  last_pings.site_id,
  last_pings.day,
  last_pings.pings,
  last_pings.first_ping_at,
  last_pings.last_ping_at,
  last_pings.version,
  last_pings.version_major,
  last_pings.version_minor,
  last_pings.version_patch,
  last_pings.deploy_type,
  last_pings.os,
  last_pings.installer_email,
  last_pings.license_key,
  last_pings.auth_providers,
  last_pings.ext_services,
  @count_in_range(last_pings.user_accounts) AS user_accounts,
  @count_in_range(last_pings.total_repos) AS total_repos,
  last_pings.has_update,
  last_pings.builtin_signup_allowed,
  last_pings.access_request_enabled,
  last_pings.has_external_url,
  last_pings.has_repos,
  last_pings.ever_searched,
  last_pings.ever_find_refs,
  last_pings.active_today,
  last_pings.has_cody_enabled,
  last_pings.postgres_version,
  last_pings.redis_cache_version,
  last_pings.redis_store_version,
  last_pings.code_host_versions,
  last_pings.daily_users,
  COALESCE(weekly_entries.week_users, CAST([] AS ARRAY<STRUCT<week DATE, users INT64>>)) AS week_users,
  COALESCE(monthly_entries.month_users, CAST([] AS ARRAY<STRUCT<month DATE, users INT64>>)) AS month_users,
  @count_in_range(last_pings.batch_changes) AS batch_changes,
  @count_in_range(last_pings.batch_changes_closed) AS batch_changes_closed,
  @count_in_range(last_pings.batch_changes_local) AS batch_changes_local,
  @count_in_range(last_pings.batch_changes_executor) AS batch_changes_executor,
  @count_in_range(last_pings.batch_specs_created_93_days) AS batch_specs_created_93_days,
  @count_in_range(last_pings.changeset_specs_created_93_days) AS changeset_specs_created_93_days,
  @count_in_range(last_pings.changesets_published) AS changesets_published,
  @count_in_range(last_pings.changesets_unpublished) AS changesets_unpublished,
  @count_in_range(last_pings.changesets_merged) AS changesets_merged,
  @count_in_range(last_pings.changesets_imported) AS changesets_imported,
  @count_in_range(last_pings.changesets_imported_merged) AS changesets_imported_merged,
  @count_in_range(last_pings.changesets_published_local) AS changesets_published_local,
  @count_in_range(last_pings.changesets_published_executor) AS changesets_published_executor,
  @count_in_range(last_pings.changesets_lines_added) AS changesets_lines_added,
  @count_in_range(last_pings.changesets_lines_deleted) AS changesets_lines_deleted,
  @count_in_range(last_pings.changesets_merged_lines_added) AS changesets_merged_lines_added,
  @count_in_range(last_pings.changesets_merged_lines_deleted) AS changesets_merged_lines_deleted,
  @count_in_range(last_pings.active_executors) AS active_executors,
  @count_in_range(last_pings.batch_change_contributors) AS batch_change_contributors,
  @count_in_range(last_pings.batch_change_users) AS batch_change_users,
  last_pings.batch_change_cohorts,
  @count_in_range(last_pings.created_users) AS created_users,
  @count_in_range(last_pings.deleted_users) AS deleted_users,
  @count_in_range(last_pings.resurrected_users) AS resurrected_users,
  @count_in_range(last_pings.churned_users) AS churned_users,
  @count_in_range(last_pings.retained_users) AS retained_users,
  last_pings.code_insights_usage,
  @count_in_range(last_pings.total_insights) AS total_insights,
  last_pings.search_usage,
  last_pings.code_intel_usage,
  last_pings.cody_usage,
  @count_in_range(last_pings.cody_users) AS cody_users,
  @count_in_range(last_pings.cody_events) AS cody_events,
  last_pings.code_host_integration_usage,
  last_pings.ide_extensions_usage,
  @count_in_range(last_pings.saved_searches) AS saved_searches,
  @count_in_range(last_pings.saved_search_users) AS saved_search_users,
  @count_in_range(last_pings.saved_searches_of_organisations) AS saved_searches_of_organisations,
  @count_in_range(last_pings.saved_search_notifications_sent) AS saved_search_notifications_sent,
  @count_in_range(last_pings.saved_search_notifications_clicked) AS saved_search_notifications_clicked,
  @count_in_range(last_pings.saved_search_page_viewers) AS saved_search_page_viewers,
  @count_in_range(last_pings.monitors_enabled) AS monitors_enabled,
  @count_in_range(last_pings.monitors_enabled_users) AS monitors_enabled_users,
  @count_in_range(last_pings.monitors_repositories) AS monitors_repositories,
  @count_in_range(last_pings.monitor_page_views_93_days) AS monitor_page_views_93_days,
  @count_in_range(last_pings.monitors_submitted_93_days) AS monitors_submitted_93_days,
  @count_in_range(last_pings.monitor_emails_triggered_93_days) AS monitor_emails_triggered_93_days,
  @count_in_range(last_pings.monitor_trigger_runs_93_days) AS monitor_trigger_runs_93_days,
  @count_in_range(last_pings.monitor_trigger_errors_93_days) AS monitor_trigger_errors_93_days,
  @count_in_range(last_pings.notebook_page_views_93_days) AS notebook_page_views_93_days,
  @count_in_range(last_pings.notebooks_list_page_views_93_days) AS notebooks_list_page_views_93_days,
  @count_in_range(last_pings.notebooks_created_93_days) AS notebooks_created_93_days,
  @count_in_range(last_pings.notebook_stars_added_93_days) AS notebook_stars_added_93_days,
  last_pings.numbers_sent,
  last_pings.numbers_unusable
FROM last_pings
LEFT JOIN weekly_entries ON last_pings.site_id = weekly_entries.site_id AND last_pings.day = weekly_entries.day
LEFT JOIN monthly_entries ON last_pings.site_id = monthly_entries.site_id AND last_pings.day = monthly_entries.day
