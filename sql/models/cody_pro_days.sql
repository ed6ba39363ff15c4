MODEL (
  name analytics.cody_pro_days,
  description 'Cody Pro subscribers and revenue, one row a calendar day of Pacific time',
  kind FULL,
  grain day,
  partitioned_by day,
  audits (
    no_future_day,
    unique_combination_of_columns(columns := (day)),
    cody_pro_whole_cents,
    cody_pro_active_adds_up
  ),
  columns (
    day DATE,
    new_subscribers INT64,
    retained_subscribers INT64,
    daily_subscribers INT64,
    canceled_subscribers INT64,
    active_at_start INT64,
    active_subscribers INT64,
    daily_revenue INT64,
    daily_revenue_added INT64,
    daily_revenue_retained INT64,
    mrr INT64,
    arr INT64
  )
);

WITH data_ends AS (
  SELECT
    MIN(data_through) AS data_through,
    -- A day that has not begun is no day yet.
    DATE(TIMESTAMP_SUB(MIN(data_through), INTERVAL 1 MICROSECOND), 'America/Los_Angeles') AS last_day
  FROM analytics.freshness
  WHERE source IN ('ssc.subscriptions', 'ssc.billing_cycles')
),
price AS (
  SELECT 900 AS cents
),
first_days AS (
  SELECT MIN(day) AS first_day
  FROM analytics.cody_pro_cycles
),
days AS (
  SELECT day
  FROM first_days
  CROSS JOIN data_ends
  CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(first_days.first_day, data_ends.last_day)) AS day
),
cycle_days AS (
  SELECT
    day,
    COUNT(DISTINCT CASE WHEN is_first THEN sams_account_id END) AS new_subscribers,
    COUNT(DISTINCT CASE WHEN NOT is_first THEN sams_account_id END) AS retained_subscribers
  FROM analytics.cody_pro_cycles
  GROUP BY day
),
first_cycles AS (
  SELECT sams_account_id, starts_at
  FROM analytics.cody_pro_cycles
  WHERE is_first
),
last_states AS (
  SELECT subscription_id, sams_account_id, created_at, ended_at
  FROM analytics.cody_pro_states
  WHERE valid_to IS NULL
),
-- The end of a person's last running subscription: no other one was running at that moment.
last_ends AS (
  SELECT ended.subscription_id, ended.sams_account_id, ended.ended_at
  FROM last_states AS ended
  CROSS JOIN data_ends
  INNER JOIN first_cycles
    ON ended.sams_account_id = first_cycles.sams_account_id AND first_cycles.starts_at < ended.ended_at
  INNER JOIN last_states AS running ON ended.sams_account_id = running.sams_account_id
  WHERE ended.ended_at < data_ends.data_through
  GROUP BY ended.subscription_id, ended.sams_account_id, ended.ended_at
  HAVING COUNTIF(
    running.created_at <= ended.ended_at AND (running.ended_at IS NULL OR running.ended_at > ended.ended_at)
  ) = 0
),
cancel_days AS (
  SELECT DATE(ended_at, 'America/Los_Angeles') AS day, COUNT(DISTINCT sams_account_id) AS canceled_subscribers
  FROM last_ends
  GROUP BY DATE(ended_at, 'America/Los_Angeles')
),
moves AS (
  SELECT first_day AS day, 1 AS move
  FROM analytics.cody_pro_spells
  UNION ALL
  SELECT DATE_ADD(last_day, INTERVAL 1 DAY) AS day, -1 AS move
  FROM analytics.cody_pro_spells
),
move_days AS (
  SELECT day, SUM(move) AS move
  FROM moves
  GROUP BY day
),
counts AS (
  SELECT
    days.day,
    COALESCE(cycle_days.new_subscribers, 0) AS new_subscribers,
    COALESCE(cycle_days.retained_subscribers, 0) AS retained_subscribers,
    COALESCE(cancel_days.canceled_subscribers, 0) AS canceled_subscribers,
    COALESCE(move_days.move, 0) AS move,
    SUM(COALESCE(move_days.move, 0)) OVER (
      ORDER BY days.day
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS active_subscribers
  FROM days
  LEFT JOIN cycle_days ON days.day = cycle_days.day
  LEFT JOIN cancel_days ON days.day = cancel_days.day
  LEFT JOIN move_days ON days.day = move_days.day
)
SELECT
  counts.day,
  counts.new_subscribers,
  counts.retained_subscribers,
  counts.new_subscribers + counts.retained_subscribers AS daily_subscribers,
  counts.canceled_subscribers,
  counts.active_subscribers - counts.move AS active_at_start,
  counts.active_subscribers,
  (counts.new_subscribers + counts.retained_subscribers) * price.cents AS daily_revenue,
  counts.new_subscribers * price.cents AS daily_revenue_added,
  counts.retained_subscribers * price.cents AS daily_revenue_retained,
  counts.active_subscribers * price.cents AS mrr,
  counts.active_subscribers * price.cents * 12 AS arr
FROM counts
CROSS JOIN price
