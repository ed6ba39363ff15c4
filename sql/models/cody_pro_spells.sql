MODEL (
  name analytics.cody_pro_spells,
  description 'Unbroken days at whose end a person is an active Cody Pro subscriber, one row a person and first day',
  kind FULL,
  grain (sams_account_id, first_day),
  clustered_by sams_account_id,
  audits (unique_combination_of_columns(columns := (sams_account_id, first_day))),
  columns (
    sams_account_id STRING,
    first_day DATE,
    last_day DATE
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
first_cycles AS (
  SELECT sams_account_id, starts_at
  FROM analytics.cody_pro_cycles
  WHERE is_first
),
active_stretches AS (
  SELECT
    states.sams_account_id,
    GREATEST(states.valid_from, first_cycles.starts_at) AS from_moment,
    -- An end counts from its own moment, however late it was written down.
    LEAST(
      COALESCE(states.valid_to, states.ended_at, data_ends.data_through),
      COALESCE(states.ended_at, states.valid_to, data_ends.data_through)
    ) AS to_moment,
    data_ends.data_through,
    data_ends.last_day
  FROM analytics.cody_pro_states AS states
  INNER JOIN first_cycles ON states.sams_account_id = first_cycles.sams_account_id
  CROSS JOIN data_ends
  WHERE states.status = 'active'
),
-- The end of a day is its last microsecond; that of a day that runs is where the data end.
active_days AS (
  SELECT
    sams_account_id,
    DATE(from_moment, 'America/Los_Angeles') AS first_day,
    CASE
      WHEN to_moment >= data_through THEN last_day
      ELSE DATE_SUB(DATE(to_moment, 'America/Los_Angeles'), INTERVAL 1 DAY)
    END AS last_day
  FROM active_stretches
  WHERE from_moment < to_moment
),
joined_days AS (
  SELECT
    sams_account_id,
    first_day,
    last_day,
    MAX(last_day) OVER (
      PARTITION BY sams_account_id
      ORDER BY first_day, last_day
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS active_until
  FROM active_days
  WHERE first_day <= last_day
),
numbered_days AS (
  SELECT
    sams_account_id,
    first_day,
    last_day,
    SUM(CASE WHEN first_day <= DATE_ADD(active_until, INTERVAL 1 DAY) THEN 0 ELSE 1 END) OVER (
      PARTITION BY sams_account_id
      ORDER BY first_day, last_day
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS spell
  FROM joined_days
)
SELECT
  sams_account_id,
  MIN(first_day) AS first_day,
  MAX(last_day) AS last_day
FROM numbered_days
GROUP BY sams_account_id, spell
