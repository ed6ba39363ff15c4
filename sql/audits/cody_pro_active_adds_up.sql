-- Active at the end of a day: active at the end of the day before, with those whose spell begins that day and without
-- those whose spell ended the day before.
AUDIT (
  name cody_pro_active_adds_up
);

WITH joined AS (
  SELECT first_day AS day, COUNT(*) AS persons
  FROM analytics.cody_pro_spells
  GROUP BY first_day
),
gone AS (
  SELECT DATE_ADD(last_day, INTERVAL 1 DAY) AS day, COUNT(*) AS persons
  FROM analytics.cody_pro_spells
  GROUP BY DATE_ADD(last_day, INTERVAL 1 DAY)
),
days AS (
  SELECT
    day,
    active_at_start,
    active_subscribers,
    LAG(active_subscribers) OVER (ORDER BY day) AS active_before,
    LAG(day) OVER (ORDER BY day) AS day_before
  FROM @this_model
)
SELECT days.day, days.active_subscribers, days.active_at_start, days.active_before
FROM days
LEFT JOIN joined ON days.day = joined.day
LEFT JOIN gone ON days.day = gone.day
WHERE days.active_at_start != COALESCE(days.active_before, 0)
  OR days.active_subscribers != days.active_at_start + COALESCE(joined.persons, 0) - COALESCE(gone.persons, 0)
  OR days.active_subscribers < 0
  OR DATE_DIFF(days.day, days.day_before, DAY) != 1
