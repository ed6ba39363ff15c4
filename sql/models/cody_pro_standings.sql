MODEL (
  name analytics.cody_pro_standings,
  description 'How a Cody Pro subscriber stands in SSC and in Stripe, one row a subscriber and stretch of days',
  kind FULL,
  grain (subscriber, first_day),
  clustered_by subscriber,
  audits (unique_combination_of_columns(columns := (subscriber, first_day))),
  columns (
    subscriber STRING,
    first_day DATE,
    last_day DATE,
    in_ssc BOOL,
    in_stripe BOOL,
    new_in_ssc BOOL,
    new_in_stripe BOOL,
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
refunds AS (
  SELECT invoice, SUM(amount_refunded) AS cents
  FROM stripe.charges
  GROUP BY invoice
),
-- Stripe knows a person by the account in the subscription's metadata; without one by its own customer.
stripe_periods AS (
  SELECT
    COALESCE(JSON_VALUE(subscriptions.metadata, '$.sams_account_id'), invoices.customer) AS subscriber,
    TIMESTAMP_SECONDS(invoices.period_start) AS starts_at,
    TIMESTAMP_SECONDS(
      LEAST(invoices.period_end, COALESCE(subscriptions.ended_at, invoices.period_end))
    ) AS ends_at,
    invoices.amount_paid - COALESCE(refunds.cents, 0) AS cents
  FROM stripe.invoices AS invoices
  LEFT JOIN stripe.subscriptions AS subscriptions ON invoices.subscription = subscriptions.id
  LEFT JOIN refunds ON invoices.id = refunds.invoice
  WHERE invoices.status = 'paid' AND invoices.amount_paid > 0
),
paid_stretches AS (
  SELECT 'ssc' AS side, sams_account_id AS subscriber, starts_at, ends_at, amount_cents AS cents
  FROM analytics.cody_pro_cycles
  UNION ALL
  SELECT 'stripe' AS side, subscriber, starts_at, ends_at, cents
  FROM stripe_periods
),
paid_days AS (
  SELECT
    paid.side,
    paid.subscriber,
    DATE(paid.starts_at, 'America/Los_Angeles') AS first_day,
    CASE
      WHEN paid.ends_at >= data_ends.data_through THEN data_ends.last_day
      ELSE DATE_SUB(DATE(paid.ends_at, 'America/Los_Angeles'), INTERVAL 1 DAY)
    END AS last_day,
    paid.cents
  FROM paid_stretches AS paid
  CROSS JOIN data_ends
  WHERE paid.starts_at < data_ends.data_through
),
new_days AS (
  SELECT side, subscriber, MIN(first_day) AS day
  FROM paid_days
  GROUP BY side, subscriber
),
active_days AS (
  SELECT 'ssc' AS side, spells.sams_account_id AS subscriber, spells.first_day,
    LEAST(spells.last_day, data_ends.last_day) AS last_day
  FROM analytics.cody_pro_spells AS spells
  CROSS JOIN data_ends
  UNION ALL
  SELECT side, subscriber, first_day, last_day
  FROM paid_days
  WHERE side = 'stripe'
),
-- Each stretch adds where it begins and takes away after its last day; what comes and goes on one day cuts nothing.
moves AS (
  SELECT subscriber, first_day AS day, side, 1 AS active, 0 AS new, 0 AS cents
  FROM active_days
  WHERE first_day <= last_day
  UNION ALL
  SELECT subscriber, DATE_ADD(last_day, INTERVAL 1 DAY) AS day, side, -1 AS active, 0 AS new, 0 AS cents
  FROM active_days
  WHERE first_day <= last_day
  UNION ALL
  SELECT subscriber, first_day AS day, side, 0 AS active, 0 AS new, cents
  FROM paid_days
  WHERE first_day <= last_day
  UNION ALL
  SELECT subscriber, DATE_ADD(last_day, INTERVAL 1 DAY) AS day, side, 0 AS active, 0 AS new, -cents AS cents
  FROM paid_days
  WHERE first_day <= last_day
  UNION ALL
  SELECT subscriber, day, side, 0 AS active, 1 AS new, 0 AS cents
  FROM new_days
  UNION ALL
  SELECT subscriber, DATE_ADD(day, INTERVAL 1 DAY) AS day, side, 0 AS active, -1 AS new, 0 AS cents
  FROM new_days
),
move_days AS (
  SELECT
    subscriber,
    day,
    SUM(CASE WHEN side = 'ssc' THEN active ELSE 0 END) AS ssc_active,
    SUM(CASE WHEN side = 'stripe' THEN active ELSE 0 END) AS stripe_active,
    SUM(CASE WHEN side = 'ssc' THEN new ELSE 0 END) AS ssc_new,
    SUM(CASE WHEN side = 'stripe' THEN new ELSE 0 END) AS stripe_new,
    SUM(CASE WHEN side = 'ssc' THEN cents ELSE 0 END) AS ssc_cents,
    SUM(CASE WHEN side = 'stripe' THEN cents ELSE 0 END) AS stripe_cents
  FROM moves
  GROUP BY subscriber, day
),
stretches AS (
  SELECT
    subscriber,
    day AS first_day,
    DATE_SUB(LEAD(day) OVER in_order, INTERVAL 1 DAY) AS last_day,
    SUM(ssc_active) OVER so_far AS ssc_active,
    SUM(stripe_active) OVER so_far AS stripe_active,
    SUM(ssc_new) OVER so_far AS ssc_new,
    SUM(stripe_new) OVER so_far AS stripe_new,
    SUM(ssc_cents) OVER so_far AS ssc_cents,
    SUM(stripe_cents) OVER so_far AS stripe_cents
  FROM move_days
  WHERE ssc_active != 0 OR stripe_active != 0 OR ssc_new != 0 OR stripe_new != 0
    OR ssc_cents != 0 OR stripe_cents != 0
  WINDOW
    in_order AS (PARTITION BY subscriber ORDER BY day),
    so_far AS (PARTITION BY subscriber ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT
  subscriber,
  first_day,
  last_day,
  ssc_active > 0 AS in_ssc,
  stripe_active > 0 AS in_stripe,
  ssc_new > 0 AS new_in_ssc,
  stripe_new > 0 AS new_in_stripe,
  ssc_cents,
  stripe_cents
FROM stretches
WHERE last_day IS NOT NULL
