MODEL (
  name analytics.cody_pro_reconciliation,
  description 'Subscribers whom SSC and Stripe see differently, one row a Pacific day and subscriber, with the reason',
  kind FULL,
  grain (day, subscriber),
  partitioned_by day,
  clustered_by subscriber,
  audits (no_future_day, unique_combination_of_columns(columns := (day, subscriber)), not_null(columns := (reason))),
  columns (
    day DATE,
    subscriber STRING,
    email STRING,
    reason STRING,
    in_ssc BOOL,
    in_stripe BOOL,
    new_in_ssc BOOL,
    new_in_stripe BOOL,
    ssc_status STRING,
    stripe_status STRING,
    ssc_cents INT64,
    stripe_cents INT64
  )
);

WITH data_ends AS (
  SELECT
    MIN(data_through) AS data_through,
    DATE(TIMESTAMP_SUB(MIN(data_through), INTERVAL 1 MICROSECOND), 'America/Los_Angeles') AS last_day
  FROM analytics.freshness
  WHERE source IN ('ssc.subscriptions', 'ssc.billing_cycles', 'stripe.subscriptions', 'stripe.invoices')
),
first_days AS (
  SELECT MIN(day) AS first_day
  FROM analytics.cody_pro_cycles
),
changed_stretches AS (
  SELECT
    subscriber,
    first_day,
    last_day,
    in_ssc,
    in_stripe,
    new_in_ssc,
    new_in_stripe,
    ssc_cents,
    stripe_cents,
    CASE
      WHEN in_ssc AND in_stripe THEN 'both'
      WHEN in_ssc THEN 'ssc'
      WHEN in_stripe THEN 'stripe'
      ELSE 'none'
    END AS side,
    CASE
      WHEN in_ssc = LAG(in_ssc) OVER earlier AND in_stripe = LAG(in_stripe) OVER earlier THEN 0
      ELSE 1
    END AS change
  FROM analytics.cody_pro_standings
  WINDOW earlier AS (PARTITION BY subscriber ORDER BY first_day)
),
numbered_stretches AS (
  SELECT
    subscriber,
    first_day,
    last_day,
    in_ssc,
    in_stripe,
    new_in_ssc,
    new_in_stripe,
    ssc_cents,
    stripe_cents,
    side,
    SUM(change) OVER (
      PARTITION BY subscriber
      ORDER BY first_day
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS run_no
  FROM changed_stretches
),
-- A run is all the days on end on which the same side, or both, has the person as a subscriber.
runs AS (
  SELECT
    subscriber,
    run_no,
    side,
    MIN(first_day) AS first_day,
    MAX(last_day) AS last_day,
    LAG(side) OVER (PARTITION BY subscriber ORDER BY run_no) AS side_before,
    LEAD(side) OVER (PARTITION BY subscriber ORDER BY run_no) AS side_after
  FROM numbered_stretches
  GROUP BY subscriber, run_no, side
),
ssc_lives AS (
  SELECT
    sams_account_id AS subscriber,
    DATE(created_at, 'America/Los_Angeles') AS first_day,
    COALESCE(DATE(ended_at, 'America/Los_Angeles'), DATE '9999-12-30') AS last_day
  FROM analytics.cody_pro_states
  WHERE valid_to IS NULL
),
stripe_lives AS (
  SELECT
    COALESCE(JSON_VALUE(metadata, '$.sams_account_id'), customer) AS subscriber,
    DATE(TIMESTAMP_SECONDS(created), 'America/Los_Angeles') AS first_day,
    COALESCE(DATE(TIMESTAMP_SECONDS(ended_at), 'America/Los_Angeles'), DATE '9999-12-30') AS last_day
  FROM stripe.subscriptions
),
-- Subscriptions that the other side knows too, were it only for a part of their life.
known_lives AS (
  SELECT 'ssc' AS side, ssc_lives.subscriber, ssc_lives.first_day, ssc_lives.last_day
  FROM ssc_lives
  INNER JOIN stripe_lives
    ON ssc_lives.subscriber = stripe_lives.subscriber
    AND ssc_lives.first_day <= stripe_lives.last_day
    AND ssc_lives.last_day >= stripe_lives.first_day
  UNION ALL
  SELECT 'stripe' AS side, stripe_lives.subscriber, stripe_lives.first_day, stripe_lives.last_day
  FROM stripe_lives
  INNER JOIN ssc_lives
    ON stripe_lives.subscriber = ssc_lives.subscriber
    AND stripe_lives.first_day <= ssc_lives.last_day
    AND stripe_lives.last_day >= ssc_lives.first_day
),
known_runs AS (
  SELECT DISTINCT runs.subscriber, runs.run_no
  FROM runs
  INNER JOIN known_lives
    ON runs.subscriber = known_lives.subscriber
    AND runs.side = known_lives.side
    AND runs.first_day <= known_lives.last_day
    AND runs.last_day >= known_lives.first_day
),
differing_days AS (
  SELECT
    day,
    stretches.subscriber,
    stretches.side,
    stretches.in_ssc,
    stretches.in_stripe,
    stretches.new_in_ssc,
    stretches.new_in_stripe,
    stretches.ssc_cents,
    stretches.stripe_cents,
    known_runs.run_no IS NOT NULL AS is_known,
    -- One day beside days on which both agree: the other side has dated the beginning or the end otherwise.
    runs.first_day = runs.last_day AND runs.last_day < data_ends.last_day
      AND (COALESCE(runs.side_before, '') = 'both' OR COALESCE(runs.side_after, '') = 'both') AS is_beside,
    LEAST(TIMESTAMP(DATE_ADD(day, INTERVAL 1 DAY), 'America/Los_Angeles'), data_ends.data_through) AS day_end
  FROM numbered_stretches AS stretches
  INNER JOIN runs ON stretches.subscriber = runs.subscriber AND stretches.run_no = runs.run_no
  LEFT JOIN known_runs ON runs.subscriber = known_runs.subscriber AND runs.run_no = known_runs.run_no
  CROSS JOIN data_ends
  CROSS JOIN first_days
  CROSS JOIN UNNEST(
    GENERATE_DATE_ARRAY(GREATEST(stretches.first_day, first_days.first_day), stretches.last_day)
  ) AS day
  WHERE stretches.in_ssc != stretches.in_stripe
    OR stretches.new_in_ssc != stretches.new_in_stripe
    OR (stretches.in_ssc AND stretches.in_stripe AND stretches.ssc_cents != stretches.stripe_cents)
),
ssc_statuses AS (
  SELECT
    days.day,
    days.subscriber,
    CASE WHEN states.ended_at < days.day_end THEN 'canceled' ELSE states.status END AS status
  FROM differing_days AS days
  INNER JOIN analytics.cody_pro_states AS states
    ON days.subscriber = states.sams_account_id
    AND states.valid_from < days.day_end
    AND (states.valid_to IS NULL OR states.valid_to >= days.day_end)
),
-- Of several subscriptions the one that is nearest to being active says how the person stands.
ssc_standing AS (
  SELECT
    day,
    subscriber,
    ARRAY['active', 'past_due', 'trialing', 'canceled'][SAFE_ORDINAL(
      MIN(CASE status WHEN 'active' THEN 1 WHEN 'past_due' THEN 2 WHEN 'trialing' THEN 3 ELSE 4 END)
    )] AS status
  FROM ssc_statuses
  GROUP BY day, subscriber
),
stripe_standing AS (
  SELECT
    days.day,
    days.subscriber,
    CASE WHEN MAX(lives.last_day) > days.day THEN 'not paid' ELSE 'canceled' END AS status
  FROM differing_days AS days
  INNER JOIN stripe_lives AS lives ON days.subscriber = lives.subscriber AND lives.first_day <= days.day
  WHERE NOT days.in_stripe
  GROUP BY days.day, days.subscriber
),
emails AS (
  SELECT id, MIN(email) AS email
  FROM sams.accounts
  GROUP BY id
)
SELECT
  days.day,
  days.subscriber,
  emails.email,
  CASE
    WHEN days.side = 'both' AND days.ssc_cents != days.stripe_cents THEN 'other amount'
    WHEN days.side = 'ssc' AND NOT days.is_known THEN 'missing in Stripe'
    WHEN days.side = 'stripe' AND NOT days.is_known THEN 'missing in SSC'
    WHEN days.side IN ('ssc', 'stripe') AND (NOT days.is_beside OR ssc_standing.status = 'past_due') THEN 'other status'
    ELSE 'other date'
  END AS reason,
  days.in_ssc,
  days.in_stripe,
  days.new_in_ssc,
  days.new_in_stripe,
  ssc_standing.status AS ssc_status,
  CASE WHEN days.in_stripe THEN 'active' ELSE stripe_standing.status END AS stripe_status,
  CASE WHEN days.in_ssc THEN days.ssc_cents END AS ssc_cents,
  CASE WHEN days.in_stripe THEN days.stripe_cents END AS stripe_cents
FROM differing_days AS days
LEFT JOIN ssc_standing ON days.day = ssc_standing.day AND days.subscriber = ssc_standing.subscriber
LEFT JOIN stripe_standing ON days.day = stripe_standing.day AND days.subscriber = stripe_standing.subscriber
LEFT JOIN emails ON days.subscriber = emails.id
