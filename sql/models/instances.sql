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
    account_type STRING,
    instance_type STRING,
    products ARRAY<STRING>,
    first_day DATE,
    last_day DATE,
    first_ping_at TIMESTAMP,
    last_ping_at TIMESTAMP,
    daily_users INT64,
    monthly_users INT64,
    user_accounts INT64,
    version STRING,
    version_major INT64,
    version_minor INT64,
    version_patch INT64,
    releases_behind INT64,
    deploy_type STRING,
    os STRING,
    license_key STRING,
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
    MAX(last_ping_at) AS last_ping_at
  FROM analytics.instance_days
  GROUP BY site_id
),
last_months AS (
  SELECT site_id, monthly_users
  FROM analytics.instance_months
  WHERE monthly_users IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY site_id ORDER BY month DESC) = 1
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
  last_months.monthly_users,
  days.user_accounts,
  days.version,
  days.version_major,
  days.version_minor,
  days.version_patch,
  behind.releases_behind,
  days.deploy_type,
  pings.os,
  days.license_key,
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
LEFT JOIN last_months ON spans.site_id = last_months.site_id
LEFT JOIN mapped_sites ON spans.site_id = mapped_sites.site_id
LEFT JOIN account_names ON mapped_sites.account_id = account_names.id
LEFT JOIN analytics.licence_days AS licences
  ON mapped_sites.account_id = licences.account_id AND last_days.day = licences.day
LEFT JOIN managed_sites ON spans.site_id = managed_sites.site_id
LEFT JOIN behind ON spans.site_id = behind.site_id
LEFT JOIN host_versions ON spans.site_id = host_versions.site_id
