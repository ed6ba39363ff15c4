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
    data_through TIMESTAMP
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
  ) AS data_through
FROM loads
LEFT JOIN ends ON loads.source = ends.source
LEFT JOIN first_cycles ON loads.source = first_cycles.source
