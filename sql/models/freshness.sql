MODEL (
  name analytics.freshness,
  description 'How new each raw table is',
  kind FULL,
  grain source,
  audits (unique_combination_of_columns(columns := (source))),
  columns (
    source STRING,
    grows BOOL,
    loaded_at TIMESTAMP,
    data_since TIMESTAMP,
    data_through TIMESTAMP,
    edited_at TIMESTAMP,
    edited_by STRING
  )
);

WITH ends AS (
  SELECT
    'sourcegraph_analytics.update_checks' AS source,
    MIN(received_at) AS oldest,
    MAX(received_at) AS newest
  FROM sourcegraph_analytics.update_checks
  UNION ALL
  SELECT 'dotcom_events.events' AS source, MIN(received_at) AS oldest, MAX(received_at) AS newest
  FROM dotcom_events.events
  UNION ALL
  -- It only says which instances are managed: its beginning bounds no figure.
  SELECT 'dotcom_events.events_usage' AS source, CAST(NULL AS TIMESTAMP) AS oldest, MAX(received_at) AS newest
  FROM dotcom_events.events_usage
),
first_cycles AS (
  SELECT 'ssc.billing_cycles' AS source, MIN(starts_at) AS oldest
  FROM ssc.billing_cycles
),
-- What people keep by hand says itself who changed it last, and when.
edits AS (
  SELECT 'sourcegraph_analytics.instance_accounts' AS source, updated_at AS edited_at, updated_by AS edited_by
  FROM sourcegraph_analytics.instance_accounts
  UNION ALL
  SELECT 'sourcegraph_analytics.telemetry_status' AS source, updated_at AS edited_at, updated_by AS edited_by
  FROM sourcegraph_analytics.telemetry_status
),
last_edits AS (
  SELECT source, edited_at, NULLIF(TRIM(edited_by), '') AS edited_by
  FROM edits
  WHERE edited_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY source ORDER BY edited_at DESC, edited_by) = 1
),
loads AS (
  SELECT source, MAX(loaded_at) AS loaded_at
  FROM sourcegraph_analytics.freshness
  GROUP BY source
)
SELECT
  loads.source,
  ends.source IS NOT NULL OR REGEXP_CONTAINS(loads.source, r'^(ssc|stripe|sams)\.') AS grows,
  loads.loaded_at,
  COALESCE(ends.oldest, first_cycles.oldest) AS data_since,
  -- Pings and events are whole up to the end of the newest row's day, unless they were loaded before that.
  LEAST(
    loads.loaded_at,
    COALESCE(
      TIMESTAMP_ADD(TIMESTAMP_TRUNC(ends.newest, DAY), INTERVAL 1 DAY),
      loads.loaded_at
    )
  ) AS data_through,
  last_edits.edited_at,
  last_edits.edited_by
FROM loads
LEFT JOIN ends ON loads.source = ends.source
LEFT JOIN first_cycles ON loads.source = first_cycles.source
LEFT JOIN last_edits ON loads.source = last_edits.source
