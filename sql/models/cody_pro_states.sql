MODEL (
  name analytics.cody_pro_states,
  description 'What SSC said of Cody Pro subscriptions of one seat, one row a change, from when to when it was so',
  kind FULL,
  grain (subscription_id, change_no),
  clustered_by sams_account_id,
  audits (unique_combination_of_columns(columns := (subscription_id, change_no))),
  columns (
    subscription_id STRING,
    change_no INT64,
    sams_account_id STRING,
    status STRING,
    valid_from TIMESTAMP,
    valid_to TIMESTAMP,
    created_at TIMESTAMP,
    current_period_end TIMESTAMP,
    cancel_at_period_end BOOL,
    ended_at TIMESTAMP
  )
);

WITH data_ends AS (
  SELECT MIN(data_through) AS data_through
  FROM analytics.freshness
  WHERE source IN ('ssc.subscriptions', 'ssc.billing_cycles')
),
changes AS (
  SELECT
    changes.subscription_id,
    ROW_NUMBER() OVER in_order AS change_no,
    changes.sams_account_id,
    COALESCE(changes.seats, 1) AS seats,
    changes.status,
    changes.updated_at AS valid_from,
    LEAD(changes.updated_at) OVER in_order AS valid_to,
    changes.created_at,
    changes.current_period_end,
    COALESCE(changes.cancel_at_period_end, FALSE) AS cancel_at_period_end,
    changes.ended_at
  FROM ssc.subscriptions AS changes
  CROSS JOIN data_ends
  WHERE changes.subscription_id IS NOT NULL AND changes.updated_at < data_ends.data_through
  WINDOW in_order AS (
    PARTITION BY changes.subscription_id
    ORDER BY changes.updated_at, changes.ended_at, changes.current_period_end, changes.status
  )
)
SELECT
  subscription_id,
  change_no,
  sams_account_id,
  status,
  valid_from,
  valid_to,
  created_at,
  current_period_end,
  cancel_at_period_end,
  ended_at
FROM changes
WHERE seats <= 1 AND sams_account_id IS NOT NULL
