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
    data_through TIMESTAMP
  )
);

WITH newest_rows AS (
  SELECT 'sourcegraph_analytics.update_checks' AS source, MAX(received_at) AS received_at
  FROM sourcegraph_analytics.update_checks
  UNION ALL
  SELECT 'dotcom_events.events' AS source, MAX(received_at) AS received_at
  FROM dotcom_events.events
  UNION ALL
  SELECT 'dotcom_events.events_usage' AS source, MAX(received_at) AS received_at
  FROM dotcom_events.events_usage
),
loads AS (
  SELECT source, MAX(loaded_at) AS loaded_at
  FROM sourcegraph_analytics.freshness
  GROUP BY source
)
SELECT
  loads.source,
  newest_rows.source IS NOT NULL OR REGEXP_CONTAINS(loads.source, r'^(ssc|stripe|sams)\.') AS grows,
  loads.loaded_at,
  -- Pings and events are whole up to the end of the newest row's day, unless they were loaded before that.
  LEAST(
    loads.loaded_at,
    COALESCE(
      TIMESTAMP_ADD(TIMESTAMP_TRUNC(newest_rows.received_at, DAY), INTERVAL 1 DAY),
      loads.loaded_at
    )
  ) AS data_through
FROM loads
LEFT JOIN newest_rows ON loads.source = newest_rows.source
