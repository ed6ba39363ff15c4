/*
title: Connections
question: What is the instance connected to, and on what does it run?
definition: Code hosts with the versions that they tell, ways to sign in, and versions of databases, as the instance's last ping has them. Repositories are those that code navigation counts; the App tells all it has.
caption: Code hosts, sign-in and databases.
grain: one row an instance
period: instant
columns:
  code_hosts: {label: Code hosts, type: ARRAY<STRING>}
  auth_providers:
    label: Sign-in
    type: ARRAY<STRING>
    names:
      builtin: Passwords
      saml: SAML
      openidconnect: OpenID Connect
      github: GitHub
      gitlab: GitLab
      http-header: HTTP header
  repositories: {label: Repositories, type: INT64, format: integer}
  postgres_version: {label: Postgres, type: STRING}
  redis_cache_version: {label: Redis cache, type: STRING}
  redis_store_version: {label: Redis store, type: STRING}
  executors: {label: Executors, type: INT64, format: integer}
filters: {site: site_id}
chart: {kind: facts}
budget: 50 MB
*/
WITH chosen AS (
  SELECT
    site_id,
    code_hosts,
    code_host_versions,
    auth_providers,
    CASE WHEN instance_type = 'App' THEN total_repos ELSE repositories END AS repositories,
    postgres_version,
    redis_cache_version,
    redis_store_version,
    active_executors AS executors
  FROM analytics.instances
  WHERE @filters
),
sent_hosts AS (
  SELECT
    chosen.site_id,
    kind,
    CASE kind
      WHEN 'AWSCODECOMMIT' THEN 'AWS CodeCommit'
      WHEN 'AZUREDEVOPS' THEN 'Azure DevOps'
      WHEN 'BITBUCKETCLOUD' THEN 'Bitbucket Cloud'
      WHEN 'BITBUCKETSERVER' THEN 'Bitbucket Server'
      WHEN 'GITHUB' THEN 'GitHub'
      WHEN 'GITLAB' THEN 'GitLab'
      ELSE INITCAP(kind)
    END AS name
  FROM chosen
  CROSS JOIN UNNEST(chosen.code_hosts) AS kind
),
sent_versions AS (
  SELECT
    chosen.site_id,
    SPLIT(host_version, ' ')[SAFE_OFFSET(0)] AS kind,
    SPLIT(host_version, ' ')[SAFE_OFFSET(1)] AS version
  FROM chosen
  CROSS JOIN UNNEST(chosen.code_host_versions) AS host_version
),
listed_hosts AS (
  SELECT
    hosts.site_id,
    ARRAY_AGG(
      CONCAT(hosts.name, COALESCE(CONCAT(' ', NULLIF(versions.version, '?')), ''))
      ORDER BY hosts.name, versions.version
    ) AS code_hosts
  FROM sent_hosts AS hosts
  LEFT JOIN sent_versions AS versions ON hosts.site_id = versions.site_id AND hosts.kind = versions.kind
  GROUP BY hosts.site_id
)
SELECT
  COALESCE(listed_hosts.code_hosts, CAST([] AS ARRAY<STRING>)) AS code_hosts,
  chosen.auth_providers,
  chosen.repositories,
  chosen.postgres_version,
  chosen.redis_cache_version,
  chosen.redis_store_version,
  chosen.executors
FROM chosen
LEFT JOIN listed_hosts ON chosen.site_id = listed_hosts.site_id
ORDER BY chosen.site_id
