MODEL (
  name analytics.instances,
  description 'Instances as they are now, one row an instance',
  kind FULL,
  grain site_id,
  clustered_by (account_key, site_id),
  audits (unique_combination_of_columns(columns := (site_id)), not_null(columns := (account_type, instance_type))),
  columns (
    site_id STRING,
    account_id STRING,
    account_name STRING,
    account_key STRING,
    installer_email STRING,
    installer_emails ARRAY<STRING>,
    account_type STRING,
    instance_type STRING,
    products ARRAY<STRING>,
    first_day DATE,
    last_day DATE,
    first_ping_at TIMESTAMP,
    last_ping_at TIMESTAMP,
    daily_users INT64,
    monthly_users INT64,
    users_by_month ARRAY<INT64>,
    user_accounts INT64,
    version STRING,
    version_major INT64,
    version_minor INT64,
    version_patch INT64,
    releases_behind INT64,
    deploy_type STRING,
    os STRING,
    license_key STRING,
    license_keys ARRAY<STRING>,
    search_terms ARRAY<STRING>,
    code_hosts ARRAY<STRING>,
    auth_providers ARRAY<STRING>,
    total_repos INT64,
    repositories INT64,
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
    code_host_versions ARRAY<STRING>,
    batch_changes INT64,
    batch_changes_closed INT64,
    changesets_published INT64,
    changesets_merged INT64,
    active_executors INT64,
    total_insights INT64,
    saved_searches INT64,
    monitors_enabled INT64
  )
);

WITH last_days AS (
  SELECT MAX(day) AS day
  FROM analytics.instance_days
),
spans AS (
  SELECT
    site_id,
    MIN(day) AS first_day,
    MAX(day) AS last_day,
    COALESCE(MAX(CASE WHEN pings > 0 THEN day END), MAX(day)) AS described_on,
    MAX(CASE WHEN daily_users IS NOT NULL THEN day END) AS users_on,
    MIN(first_ping_at) AS first_ping_at,
    MAX(last_ping_at) AS last_ping_at,
    ARRAY_AGG(DISTINCT account_key IGNORE NULLS ORDER BY account_key) AS account_keys,
    ARRAY_AGG(DISTINCT installer_email IGNORE NULLS ORDER BY installer_email) AS installer_emails,
    ARRAY_AGG(DISTINCT license_key IGNORE NULLS ORDER BY license_key) AS license_keys
  FROM analytics.instance_days
  GROUP BY site_id
),
whole_through AS (
  SELECT
    MAX(CASE WHEN source = 'sourcegraph_analytics.update_checks' THEN data_through END) AS pings,
    MAX(CASE WHEN source = 'dotcom_events.events' THEN data_through END) AS events
  FROM analytics.freshness
),
dated_months AS (
  SELECT
    months.site_id,
    months.month,
    months.monthly_users,
    DATE_DIFF(
      DATE(COALESCE(
        CASE WHEN months.instance_type = 'Sourcegraph.com' THEN whole_through.events ELSE whole_through.pings END,
        TIMESTAMP(DATE_ADD(last_days.day, INTERVAL 1 DAY))
      )),
      months.month,
      MONTH
    ) AS months_ago
  FROM analytics.instance_months AS months
  CROSS JOIN last_days
  CROSS JOIN whole_through
  WHERE months.monthly_users IS NOT NULL
),
complete_months AS (
  SELECT
    site_id,
    MAX(CASE WHEN months_ago = 1 THEN monthly_users END) AS monthly_users,
    ARRAY_AGG(monthly_users ORDER BY month) AS users_by_month
  FROM dated_months
  WHERE months_ago BETWEEN 1 AND 12
  GROUP BY site_id
),
-- Whose the instance is today, which a silent instance's last day need not say.
mapped_sites AS (
  SELECT spans.site_id, map.account_id
  FROM spans
  CROSS JOIN last_days
  INNER JOIN sourcegraph_analytics.instance_accounts AS map
    ON spans.site_id = map.site_id
    AND last_days.day >= COALESCE(map.valid_from, DATE '0001-01-01')
    AND last_days.day < COALESCE(map.valid_to, DATE '9999-12-31')
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY spans.site_id
    ORDER BY map.updated_at DESC, map.valid_from DESC, map.account_id
  ) = 1
),
account_names AS (
  SELECT id, name
  FROM salesforce_data.accounts
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY COALESCE(is_deleted, FALSE), created_date DESC, name) = 1
),
-- What a person may remember of an instance, in lower case; an account that it left finds it too.
remembered AS (
  SELECT site_id, LOWER(site_id) AS term
  FROM spans
  UNION DISTINCT
  SELECT spans.site_id, account_key AS term
  FROM spans
  CROSS JOIN UNNEST(spans.account_keys) AS account_key
  UNION DISTINCT
  SELECT mapped_sites.site_id, LOWER(account_names.name) AS term
  FROM mapped_sites
  INNER JOIN account_names ON mapped_sites.account_id = account_names.id
  UNION DISTINCT
  SELECT spans.site_id, installer_email AS term
  FROM spans
  CROSS JOIN UNNEST(spans.installer_emails) AS installer_email
  UNION DISTINCT
  SELECT spans.site_id, LOWER(license_key) AS term
  FROM spans
  CROSS JOIN UNNEST(spans.license_keys) AS license_key
),
listed_terms AS (
  SELECT site_id, ARRAY_AGG(term IGNORE NULLS ORDER BY term) AS search_terms
  FROM remembered
  GROUP BY site_id
),
managed_sites AS (
  SELECT DISTINCT site_id
  FROM dotcom_events.events_usage
  WHERE site_id IS NOT NULL
),
minor_releases AS (
  SELECT version_major, version_minor, MIN(released_on) AS released_on
  FROM (
    SELECT
      @version_part(version, 0) AS version_major,
      @version_part(version, 1) AS version_minor,
      DATE(released_at) AS released_on
    FROM sourcegraph_analytics.releases
    WHERE NOT REGEXP_CONTAINS(version, r'[+-]')
  )
  WHERE version_minor IS NOT NULL AND released_on IS NOT NULL
  GROUP BY version_major, version_minor
),
behind AS (
  SELECT days.site_id, COUNT(releases.version_major) AS releases_behind
  FROM analytics.instance_days AS days
  INNER JOIN spans ON days.site_id = spans.site_id AND days.day = spans.described_on
  CROSS JOIN last_days
  LEFT JOIN minor_releases AS releases
    ON releases.released_on <= last_days.day
    AND (
      releases.version_major > days.version_major
      OR (releases.version_major = days.version_major AND releases.version_minor > days.version_minor)
    )
  WHERE days.version_minor IS NOT NULL
  GROUP BY days.site_id
),
sent_host_versions AS (
  SELECT
    spans.site_id,
    CONCAT(
      UPPER(JSON_VALUE(host, '$.external_service_kind')), ' ', COALESCE(JSON_VALUE(host, '$.version'), '?')
    ) AS version
  FROM spans
  INNER JOIN analytics.ping_days AS pings ON spans.site_id = pings.site_id AND spans.described_on = pings.day
  CROSS JOIN UNNEST(JSON_QUERY_ARRAY(pings.code_host_versions, '$')) AS host
),
host_versions AS (
  SELECT site_id, ARRAY_AGG(DISTINCT version IGNORE NULLS ORDER BY version) AS versions
  FROM sent_host_versions
  GROUP BY site_id
)
SELECT
  spans.site_id,
  mapped_sites.account_id,
  account_names.name AS account_name,
  LOWER(account_names.name) AS account_key,
  days.installer_email,
  COALESCE(spans.installer_emails, CAST([] AS ARRAY<STRING>)) AS installer_emails,
  CASE WHEN licences.is_paid THEN 'Customer' ELSE 'Free' END AS account_type,
  CASE
    WHEN days.instance_type IN ('App', 'Sourcegraph.com') THEN days.instance_type
    WHEN 'managed' IN UNNEST(licences.products) OR managed_sites.site_id IS NOT NULL THEN 'Managed'
    ELSE 'Self-hosted'
  END AS instance_type,
  COALESCE(licences.products, CAST([] AS ARRAY<STRING>)) AS products,
  spans.first_day,
  spans.last_day,
  spans.first_ping_at,
  spans.last_ping_at,
  users.daily_users,
  complete_months.monthly_users,
  COALESCE(complete_months.users_by_month, CAST([] AS ARRAY<INT64>)) AS users_by_month,
  days.user_accounts,
  days.version,
  days.version_major,
  days.version_minor,
  days.version_patch,
  behind.releases_behind,
  days.deploy_type,
  pings.os,
  days.license_key,
  COALESCE(spans.license_keys, CAST([] AS ARRAY<STRING>)) AS license_keys,
  listed_terms.search_terms,
  COALESCE(SPLIT(pings.ext_services, ','), CAST([] AS ARRAY<STRING>)) AS code_hosts,
  COALESCE(SPLIT(pings.auth_providers, ','), CAST([] AS ARRAY<STRING>)) AS auth_providers,
  days.total_repos,
  @whole_number(JSON_VALUE(pings.code_intel_usage, '$.num_repositories')) AS repositories,
  pings.has_update,
  pings.builtin_signup_allowed,
  pings.access_request_enabled,
  pings.has_external_url,
  pings.has_repos,
  pings.ever_searched,
  pings.ever_find_refs,
  pings.active_today,
  pings.has_cody_enabled,
  pings.postgres_version,
  pings.redis_cache_version,
  pings.redis_store_version,
  COALESCE(host_versions.versions, CAST([] AS ARRAY<STRING>)) AS code_host_versions,
  pings.batch_changes,
  pings.batch_changes_closed,
  pings.changesets_published,
  pings.changesets_merged,
  pings.active_executors,
  pings.total_insights,
  pings.saved_searches,
  pings.monitors_enabled
FROM spans
INNER JOIN analytics.instance_days AS days ON spans.site_id = days.site_id AND spans.described_on = days.day
CROSS JOIN last_days
LEFT JOIN analytics.ping_days AS pings ON spans.site_id = pings.site_id AND spans.described_on = pings.day
LEFT JOIN analytics.instance_days AS users ON spans.site_id = users.site_id AND spans.users_on = users.day
LEFT JOIN complete_months ON spans.site_id = complete_months.site_id
LEFT JOIN listed_terms ON spans.site_id = listed_terms.site_id
LEFT JOIN mapped_sites ON spans.site_id = mapped_sites.site_id
LEFT JOIN account_names ON mapped_sites.account_id = account_names.id
LEFT JOIN analytics.licence_days AS licences
  ON mapped_sites.account_id = licences.account_id AND last_days.day = licences.day
LEFT JOIN managed_sites ON spans.site_id = managed_sites.site_id
LEFT JOIN behind ON spans.site_id = behind.site_id
LEFT JOIN host_versions ON spans.site_id = host_versions.site_id
