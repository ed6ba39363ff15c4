MODEL (
  name analytics.cody_pro_reconciliation_days,
  description 'Cody Pro subscribers by SSC and by Stripe, one row a Pacific day that both tell of',
  kind FULL,
  grain day,
  partitioned_by day,
  -- Of the audit: without it the first build asks them before they are there.
  depends_on (analytics.cody_pro_days, analytics.cody_pro_reconciliation),
  audits (
    no_future_day,
    unique_combination_of_columns(columns := (day)),
    cody_pro_differences_add_up
  ),
  columns (
    day DATE,
    active_ssc INT64,
    active_stripe INT64,
    active_both INT64,
    active_either INT64,
    new_ssc INT64,
    new_stripe INT64,
    missing_in_stripe INT64,
    missing_in_ssc INT64,
    other_status INT64,
    other_date INT64,
    other_amount INT64
  )
);

WITH data_ends AS (
  SELECT DATE(TIMESTAMP_SUB(MIN(data_through), INTERVAL 1 MICROSECOND), 'America/Los_Angeles') AS last_day
  FROM analytics.freshness
  WHERE source IN ('ssc.subscriptions', 'ssc.billing_cycles', 'stripe.subscriptions', 'stripe.invoices')
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
-- What Stripe tells of the time before SSC's first cycle is there on the first day.
standings AS (
  SELECT
    GREATEST(standings.first_day, first_days.first_day) AS first_day,
    standings.last_day,
    standings.in_ssc,
    standings.in_stripe,
    standings.new_in_ssc,
    standings.new_in_stripe
  FROM analytics.cody_pro_standings AS standings
  CROSS JOIN first_days
  WHERE standings.last_day >= first_days.first_day
),
moves AS (
  SELECT first_day AS day, 1 AS move, in_ssc, in_stripe, new_in_ssc, new_in_stripe
  FROM standings
  UNION ALL
  SELECT DATE_ADD(last_day, INTERVAL 1 DAY) AS day, -1 AS move, in_ssc, in_stripe, new_in_ssc, new_in_stripe
  FROM standings
),
move_days AS (
  SELECT
    day,
    SUM(CASE WHEN in_ssc THEN move ELSE 0 END) AS active_ssc,
    SUM(CASE WHEN in_stripe THEN move ELSE 0 END) AS active_stripe,
    SUM(CASE WHEN in_ssc AND in_stripe THEN move ELSE 0 END) AS active_both,
    SUM(CASE WHEN in_ssc OR in_stripe THEN move ELSE 0 END) AS active_either,
    SUM(CASE WHEN new_in_ssc THEN move ELSE 0 END) AS new_ssc,
    SUM(CASE WHEN new_in_stripe THEN move ELSE 0 END) AS new_stripe
  FROM moves
  GROUP BY day
),
reason_days AS (
  SELECT
    day,
    COUNTIF(reason = 'missing in Stripe') AS missing_in_stripe,
    COUNTIF(reason = 'missing in SSC') AS missing_in_ssc,
    COUNTIF(reason = 'other status') AS other_status,
    COUNTIF(reason = 'other date') AS other_date,
    COUNTIF(reason = 'other amount') AS other_amount
  FROM analytics.cody_pro_reconciliation
  GROUP BY day
)
SELECT
  days.day,
  SUM(COALESCE(move_days.active_ssc, 0)) OVER so_far AS active_ssc,
  SUM(COALESCE(move_days.active_stripe, 0)) OVER so_far AS active_stripe,
  SUM(COALESCE(move_days.active_both, 0)) OVER so_far AS active_both,
  SUM(COALESCE(move_days.active_either, 0)) OVER so_far AS active_either,
  SUM(COALESCE(move_days.new_ssc, 0)) OVER so_far AS new_ssc,
  SUM(COALESCE(move_days.new_stripe, 0)) OVER so_far AS new_stripe,
  COALESCE(reason_days.missing_in_stripe, 0) AS missing_in_stripe,
  COALESCE(reason_days.missing_in_ssc, 0) AS missing_in_ssc,
  COALESCE(reason_days.other_status, 0) AS other_status,
  COALESCE(reason_days.other_date, 0) AS other_date,
  COALESCE(reason_days.other_amount, 0) AS other_amount
FROM days
LEFT JOIN move_days ON days.day = move_days.day
LEFT JOIN reason_days ON days.day = reason_days.day
WINDOW so_far AS (ORDER BY days.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
