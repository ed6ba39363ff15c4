MODEL (
  name analytics.cody_pro_subscribers,
  description 'Cody Pro subscribers as they are now, one row a person who has paid and whose subscription runs',
  kind FULL,
  grain sams_account_id,
  clustered_by sams_account_id,
  audits (unique_combination_of_columns(columns := (sams_account_id)), not_null(columns := (status, first_day))),
  columns (
    sams_account_id STRING,
    email STRING,
    status STRING,
    first_day DATE,
    paid_cycles INT64,
    leaving STRING,
    leaves_on DATE,
    unpaid_since DATE
  )
);

WITH running AS (
  SELECT
    sams_account_id,
    status,
    valid_from,
    current_period_end,
    cancel_at_period_end
  FROM analytics.cody_pro_states
  WHERE valid_to IS NULL AND ended_at IS NULL AND status IN ('active', 'past_due')
),
paid AS (
  SELECT sams_account_id, MIN(day) AS first_day, COUNT(*) AS paid_cycles
  FROM analytics.cody_pro_cycles
  GROUP BY sams_account_id
),
-- Who has several subscriptions leaves only with the last of them.
persons AS (
  SELECT
    sams_account_id,
    LOGICAL_OR(status = 'active') AS is_active,
    LOGICAL_AND(cancel_at_period_end) AS is_cancelled,
    MAX(current_period_end) AS period_end,
    MIN(valid_from) AS unchanged_since
  FROM running
  GROUP BY sams_account_id
),
emails AS (
  SELECT id, MIN(email) AS email
  FROM sams.accounts
  GROUP BY id
)
SELECT
  persons.sams_account_id,
  emails.email,
  CASE WHEN persons.is_active THEN 'active' ELSE 'past_due' END AS status,
  paid.first_day,
  paid.paid_cycles,
  CASE
    WHEN persons.is_cancelled THEN 'cancelled'
    WHEN NOT persons.is_active THEN 'payment failed'
  END AS leaving,
  CASE WHEN persons.is_cancelled THEN DATE(persons.period_end, 'America/Los_Angeles') END AS leaves_on,
  CASE WHEN NOT persons.is_active THEN DATE(persons.unchanged_since, 'America/Los_Angeles') END AS unpaid_since
FROM persons
INNER JOIN paid ON persons.sams_account_id = paid.sams_account_id
LEFT JOIN emails ON persons.sams_account_id = emails.id
