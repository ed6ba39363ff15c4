MODEL (
  name analytics.instance_days,
  description 'Instances with their accounts and users, one row an instance and UTC day',
  kind FULL,
  grain (site_id, day),
  partitioned_by day,
  clustered_by (account_key, site_id),
  audits (
    no_future_day,
    unique_combination_of_columns(columns := (site_id, day)),
    licence_and_map_agree,
    not_null(columns := (account_type, instance_type))
  ),
  columns (
    site_id STRING,
    day DATE,
    account_id STRING,
    account_name STRING,
    account_key STRING,
    installer_email STRING,
    account_type STRING,
    instance_type STRING,
    products ARRAY<STRING>,
    pings INT64,
    daily_users INT64,
    first_ping_at TIMESTAMP,
    last_ping_at TIMESTAMP,
    version STRING,
    version_major INT64,
    version_minor INT64,
    version_patch INT64,
    deploy_type STRING,
    license_key STRING,
    user_accounts INT64,
    total_repos INT64,
    cody_users INT64,
    cody_events INT64,
    batch_changes INT64,
    batch_changes_closed INT64,
    changesets_published INT64,
    changesets_merged INT64,
    batch_specs_created_93_days INT64,
    changeset_specs_created_93_days INT64,
    total_insights INT64,
    saved_searches INT64,
    saved_search_users INT64,
    saved_search_notifications_sent INT64,
    saved_search_notifications_clicked INT64,
    monitors_enabled INT64,
    monitors_enabled_users INT64,
    monitors_repositories INT64,
    monitor_page_views_93_days INT64,
    monitor_emails_triggered_93_days INT64,
    monitor_trigger_runs_93_days INT64,
    monitor_trigger_errors_93_days INT64,
    notebook_page_views_93_days INT64,
    notebooks_list_page_views_93_days INT64,
    notebooks_created_93_days INT64,
    notebook_stars_added_93_days INT64
  )
);

WITH site_days AS (
  SELECT site_id, day, deploy_type, license_key
  FROM analytics.ping_days
  WHERE site_id NOT IN (SELECT site_id FROM sourcegraph_analytics.internal_instances WHERE site_id IS NOT NULL)
),
-- The hand-kept map alone says whose an instance is; where its rows overlap, the one edited last.
mapped_days AS (
  SELECT site_days.site_id, site_days.day, map.account_id
  FROM site_days
  INNER JOIN sourcegraph_analytics.instance_accounts AS map
    ON site_days.site_id = map.site_id
    AND site_days.day >= COALESCE(map.valid_from, DATE '0001-01-01')
    AND site_days.day < COALESCE(map.valid_to, DATE '9999-12-31')
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY site_days.site_id, site_days.day
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
owned_days AS (
  SELECT
    site_days.site_id,
    site_days.day,
    mapped_days.account_id,
    account_names.name AS account_name,
    LOWER(account_names.name) AS account_key,
    CASE WHEN licences.is_paid THEN 'Customer' ELSE 'Free' END AS account_type,
    CASE
      WHEN LOWER(site_days.deploy_type) = 'app' THEN 'App'
      WHEN 'managed' IN UNNEST(licences.products) OR managed_sites.site_id IS NOT NULL THEN 'Managed'
      ELSE 'Self-hosted'
    END AS instance_type,
    COALESCE(licences.products, CAST([] AS ARRAY<STRING>)) AS products
  FROM site_days
  LEFT JOIN mapped_days ON site_days.site_id = mapped_days.site_id AND site_days.day = mapped_days.day
  LEFT JOIN account_names ON mapped_days.account_id = account_names.id
  LEFT JOIN analytics.licence_days AS licences
    ON mapped_days.account_id = licences.account_id AND site_days.day = licences.day
  LEFT JOIN managed_sites ON site_days.site_id = managed_sites.site_id
)
SELECT
  owned.site_id,
  owned.day,
  owned.account_id,
  owned.account_name,
  owned.account_key,
  pings.installer_email,
  owned.account_type,
  owned.instance_type,
  owned.products,
  pings.pings,
  pings.daily_users,
  pings.first_ping_at,
  pings.last_ping_at,
  pings.version,
  pings.version_major,
  pings.version_minor,
  pings.version_patch,
  pings.deploy_type,
  pings.license_key,
  pings.user_accounts,
  pings.total_repos,
  pings.cody_users,
  pings.cody_events,
  pings.batch_changes,
  pings.batch_changes_closed,
  pings.changesets_published,
  pings.changesets_merged,
  pings.batch_specs_created_93_days,
  pings.changeset_specs_created_93_days,
  pings.total_insights,
  pings.saved_searches,
  pings.saved_search_users,
  pings.saved_search_notifications_sent,
  pings.saved_search_notifications_clicked,
  pings.monitors_enabled,
  pings.monitors_enabled_users,
  pings.monitors_repositories,
  pings.monitor_page_views_93_days,
  pings.monitor_emails_triggered_93_days,
  pings.monitor_trigger_runs_93_days,
  pings.monitor_trigger_errors_93_days,
  pings.notebook_page_views_93_days,
  pings.notebooks_list_page_views_93_days,
  pings.notebooks_created_93_days,
  pings.notebook_stars_added_93_days
FROM owned_days AS owned
INNER JOIN analytics.ping_days AS pings ON owned.site_id = pings.site_id AND owned.day = pings.day
UNION ALL
-- Sourcegraph.com stands among the instances; its users come from events, not from pings.
SELECT
  'sourcegraph.com' AS site_id,
  day,
  CAST(NULL AS STRING) AS account_id,
  CAST(NULL AS STRING) AS account_name,
  CAST(NULL AS STRING) AS account_key,
  CAST(NULL AS STRING) AS installer_email,
  'Free' AS account_type,
  'Sourcegraph.com' AS instance_type,
  CAST([] AS ARRAY<STRING>) AS products,
  0 AS pings,
  COUNT(DISTINCT user_id) AS daily_users,
  CAST(NULL AS TIMESTAMP) AS first_ping_at,
  CAST(NULL AS TIMESTAMP) AS last_ping_at,
  CAST(NULL AS STRING) AS version,
  CAST(NULL AS INT64) AS version_major,
  CAST(NULL AS INT64) AS version_minor,
  CAST(NULL AS INT64) AS version_patch,
  CAST(NULL AS STRING) AS deploy_type,
  CAST(NULL AS STRING) AS license_key,
  CAST(NULL AS INT64) AS user_accounts,
  CAST(NULL AS INT64) AS total_repos,
  CAST(NULL AS INT64) AS cody_users,
  CAST(NULL AS INT64) AS cody_events,
  CAST(NULL AS INT64) AS batch_changes,
  CAST(NULL AS INT64) AS batch_changes_closed,
  CAST(NULL AS INT64) AS changesets_published,
  CAST(NULL AS INT64) AS changesets_merged,
  CAST(NULL AS INT64) AS batch_specs_created_93_days,
  CAST(NULL AS INT64) AS changeset_specs_created_93_days,
  CAST(NULL AS INT64) AS total_insights,
  CAST(NULL AS INT64) AS saved_searches,
  CAST(NULL AS INT64) AS saved_search_users,
  CAST(NULL AS INT64) AS saved_search_notifications_sent,
  CAST(NULL AS INT64) AS saved_search_notifications_clicked,
  CAST(NULL AS INT64) AS monitors_enabled,
  CAST(NULL AS INT64) AS monitors_enabled_users,
  CAST(NULL AS INT64) AS monitors_repositories,
  CAST(NULL AS INT64) AS monitor_page_views_93_days,
  CAST(NULL AS INT64) AS monitor_emails_triggered_93_days,
  CAST(NULL AS INT64) AS monitor_trigger_runs_93_days,
  CAST(NULL AS INT64) AS monitor_trigger_errors_93_days,
  CAST(NULL AS INT64) AS notebook_page_views_93_days,
  CAST(NULL AS INT64) AS notebooks_list_page_views_93_days,
  CAST(NULL AS INT64) AS notebooks_created_93_days,
  CAST(NULL AS INT64) AS notebook_stars_added_93_days
FROM analytics.dotcom_user_days
GROUP BY day
