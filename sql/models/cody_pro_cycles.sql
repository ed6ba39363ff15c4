MODEL (
  name analytics.cody_pro_cycles,
  description 'Paid billing cycles of Cody Pro subscriptions of one seat, one row a cycle',
  kind FULL,
  grain (subscription_id, cycle_no),
  partitioned_by day,
  clustered_by sams_account_id,
  audits (unique_combination_of_columns(columns := (subscription_id, cycle_no))),
  columns (
    subscription_id STRING,
    cycle_no INT64,
    sams_account_id STRING,
    day DATE,
    is_first BOOL,
    starts_at TIMESTAMP,
    ends_at TIMESTAMP,
    amount_cents INT64
  )
);

WITH data_ends AS (
  SELECT MIN(data_through) AS data_through
  FROM analytics.freshness
  WHERE source IN ('ssc.subscriptions', 'ssc.billing_cycles')
),
last_states AS (
  SELECT subscription_id, ended_at
  FROM analytics.cody_pro_states
  WHERE valid_to IS NULL
),
-- Whose it is and how many seats it has, the subscription says as it stood when the cycle started.
paid_cycles AS (
  SELECT
    cycles.subscription_id,
    cycles.cycle_no,
    states.sams_account_id,
    cycles.starts_at,
    LEAST(cycles.ends_at, COALESCE(last_states.ended_at, cycles.ends_at)) AS ends_at,
    cycles.amount_cents
  FROM ssc.billing_cycles AS cycles
  CROSS JOIN data_ends
  INNER JOIN analytics.cody_pro_states AS states
    ON cycles.subscription_id = states.subscription_id
    AND (states.change_no = 1 OR cycles.starts_at >= states.valid_from)
    AND (states.valid_to IS NULL OR cycles.starts_at < states.valid_to)
  LEFT JOIN last_states ON cycles.subscription_id = last_states.subscription_id
  WHERE cycles.state = 'paid' AND cycles.starts_at < data_ends.data_through
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY cycles.subscription_id, cycles.cycle_no
    ORDER BY cycles.starts_at, states.change_no DESC
  ) = 1
)
SELECT
  subscription_id,
  cycle_no,
  sams_account_id,
  DATE(starts_at, 'America/Los_Angeles') AS day,
  ROW_NUMBER() OVER (PARTITION BY sams_account_id ORDER BY starts_at, subscription_id, cycle_no) = 1 AS is_first,
  starts_at,
  ends_at,
  amount_cents
FROM paid_cycles
