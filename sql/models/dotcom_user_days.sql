MODEL (
  name analytics.dotcom_user_days,
  description 'Signed-in users of sourcegraph.com, one row a user and UTC day with an event',
  kind INCREMENTAL_BY_TIME_RANGE (time_column (day, '%Y-%m-%d'), lookback 2),
  grain (user_id, day),
  clustered_by user_id,
  audits (no_future_day, unique_combination_of_columns(columns := (user_id, day))),
  columns (
    user_id INT64,
    day DATE,
    events INT64
  )
);

SELECT
  user_id,
  DATE(SAFE_CAST(timestamp AS TIMESTAMP)) AS day,
  COUNT(DISTINCT insert_id) + COUNTIF(insert_id IS NULL) AS events
FROM dotcom_events.events
WHERE user_id > 0
  AND received_at >= TIMESTAMP_SUB(TIMESTAMP(@start_date), INTERVAL 1 DAY)
  AND received_at < TIMESTAMP_ADD(TIMESTAMP(@end_date), INTERVAL 32 DAY)
  AND DATE(SAFE_CAST(timestamp AS TIMESTAMP)) BETWEEN @start_date AND @end_date
  AND SAFE_CAST(timestamp AS TIMESTAMP) <= TIMESTAMP_ADD(received_at, INTERVAL 1 DAY)
GROUP BY user_id, DATE(SAFE_CAST(timestamp AS TIMESTAMP))
