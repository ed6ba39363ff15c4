/*
title: Instance
question: What is the instance, and does it still ping?
definition: The instance as its last ping describes it. Behind counts minor releases newer than its version that are out by the newest day with data. Silent counts the days since its last ping, from two on. Telemetry status and its last edit are kept by hand, for the whole account.
caption: What it is, and whether it still pings.
grain: one row an instance
period: instant
columns:
  version: {label: Version, type: STRING, badge: behind}
  instance_type: {label: Hosting, type: STRING}
  deploy_type:
    label: Deployment
    type: STRING
    names:
      kubernetes: Kubernetes
      helm: Helm
      kustomize: Kustomize
      docker-compose: Docker Compose
      docker-container: Docker container
      pure-docker: Pure Docker
      server: Single container
      app: App
  site_id: {label: Site id, type: STRING, format: code}
  installer_email: {label: Installer, type: STRING, format: code}
  first_ping_on: {label: First ping, type: DATE, format: date}
  last_ping_at: {label: Last ping, type: TIMESTAMP, badge: silent}
  telemetry: {label: Telemetry, type: STRING}
  behind: {label: Behind, type: STRING, hidden: true}
  silent: {label: Silent, type: STRING, hidden: true}
filters: {site: site_id}
chart: {kind: facts}
budget: 50 MB
*/
WITH newest_days AS (
  SELECT MAX(last_day) AS day
  FROM analytics.instances
),
chosen AS (
  SELECT
    site_id,
    account_id,
    version,
    releases_behind,
    instance_type,
    deploy_type,
    installer_email,
    first_ping_at,
    last_ping_at
  FROM analytics.instances
  WHERE @filters
)
SELECT
  chosen.version,
  chosen.instance_type,
  chosen.deploy_type,
  chosen.site_id,
  chosen.installer_email,
  DATE(chosen.first_ping_at) AS first_ping_on,
  chosen.last_ping_at,
  CONCAT(
    UPPER(SUBSTR(accounts.telemetry_status, 1, 1)),
    SUBSTR(accounts.telemetry_status, 2),
    COALESCE(CONCAT(', edited ', TRIM(FORMAT_DATE('%e %b %Y', DATE(accounts.telemetry_status_updated_at)))), ''),
    COALESCE(CONCAT(' by ', accounts.telemetry_status_updated_by), '')
  ) AS telemetry,
  CASE WHEN chosen.releases_behind > 0 THEN CONCAT(CAST(chosen.releases_behind AS STRING), ' behind') END AS behind,
  CASE
    WHEN DATE_DIFF(newest_days.day, DATE(chosen.last_ping_at), DAY) > 1
    THEN CONCAT('silent for ', CAST(DATE_DIFF(newest_days.day, DATE(chosen.last_ping_at), DAY) AS STRING), ' days')
  END AS silent
FROM chosen
CROSS JOIN newest_days
LEFT JOIN analytics.accounts AS accounts ON chosen.account_id = accounts.account_id
ORDER BY chosen.site_id
